/** How pull requests are opened, edited and closed on every forge. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import { defaultBranch, doneUnsaid, lock, lostLock, notDone, problemOf, type Here } from './here.js';

export function opening(here: Here): void {
  describe('opening and changing pull requests', () => {
    const wanted = (labels: readonly string[] = []) => ({
      repository: here().repository,
      head: 'promotion',
      base: defaultBranch,
      title: 'Promote api',
      body: 'From dev\n\n<!-- marker -->',
      labels,
    });
    const prepare = () => here().push('alice', 'promotion', { 'a.txt': 'a\n' });

    it('opens one as the bot, with labels', async () => {
      await prepare();
      const { forge, repository } = here();
      const opened = await forge.pullRequests.open(lock, wanted(['promotion', 'prod']));
      expect(opened).toMatchObject({
        state: 'open',
        title: 'Promote api',
        body: 'From dev\n\n<!-- marker -->',
        author: { login: here().botLogin },
        head: { branch: 'promotion', origin: 'same-repository' },
        base: defaultBranch,
      });
      const read = await forge.pullRequests.read(repository, opened.number);
      expect([...(read?.labels ?? [])].sort()).toEqual(['prod', 'promotion']);
    });

    it('returns the one that is open already as it is', async () => {
      await prepare();
      const { pullRequests } = here().forge;
      const first = await pullRequests.open(lock, wanted());
      const second = await pullRequests.open(lock, { ...wanted(), title: 'Another title' });
      expect(second).toMatchObject({ number: first.number, title: 'Promote api' });
      expect(await pullRequests.listOpen(here().repository)).toHaveLength(1);
    });

    it('finds the one it made when the answer is lost', async () => {
      for (const fault of doneUnsaid) {
        const head = `promotion-${fault.kind}`;
        await here().push('alice', head, { [`${head}.txt`]: 'a\n' });
        const before = here().requests('open-pull-request');
        here().fault('open-pull-request', fault);
        const opened = await here().forge.pullRequests.open(lock, { ...wanted(['promotion']), head });
        expect(opened.head.branch).toBe(head);
        expect((await here().forge.pullRequests.read(here().repository, opened.number))?.labels).toEqual(['promotion']);
        expect(here().requests('open-pull-request') - before).toBe(1);
      }
      expect(await here().forge.pullRequests.listOpen(here().repository)).toHaveLength(doneUnsaid.length);
    });

    it('is unavailable when nothing was made, and sends it once', async () => {
      await prepare();
      for (const [index, fault] of notDone.entries()) {
        here().fault('open-pull-request', fault);
        expect(await problemOf(here().forge.pullRequests.open(lock, wanted()))).toBeInstanceOf(Unavailable);
        expect(here().requests('open-pull-request')).toBe(index + 1);
      }
      expect(await here().forge.pullRequests.listOpen(here().repository)).toEqual([]);
    });

    it('edits title and body apart, and closes', async () => {
      await prepare();
      const { pullRequests } = here().forge;
      const opened = await pullRequests.open(lock, wanted());
      await pullRequests.edit(lock, opened, { title: 'Promote web' });
      await pullRequests.edit(lock, opened, { body: 'Other words' });
      const edited = { number: opened.number, title: 'Promote web', body: 'Other words', state: 'open' };
      expect(await pullRequests.read(here().repository, opened.number)).toMatchObject(edited);
      await pullRequests.close(lock, opened);
      await pullRequests.close(lock, opened);
      expect(await pullRequests.read(here().repository, opened.number)).toMatchObject({ ...edited, state: 'closed' });
    });

    it('writes nothing once the lane is lost', async () => {
      await prepare();
      const { pullRequests } = here().forge;
      expect(await problemOf(pullRequests.open(lostLock, wanted()))).toBeInstanceOf(Unavailable);
      expect(here().requests('open-pull-request')).toBe(0);
      const opened = await pullRequests.open(lock, wanted());
      expect(await problemOf(pullRequests.edit(lostLock, opened, { title: 'No' }))).toBeInstanceOf(Unavailable);
      expect(await problemOf(pullRequests.close(lostLock, opened))).toBeInstanceOf(Unavailable);
      expect(await pullRequests.read(here().repository, opened.number)).toMatchObject({
        title: 'Promote api',
        state: 'open',
      });
    });
  });
}
