/** What the webhooks of every forge become. */
import { describe, expect, it } from 'vitest';
import { lock, type Here } from './here.js';

export function webhooks(here: Here): void {
  describe('webhooks', () => {
    it('become the nudges they are', async () => {
      const { repository } = here();
      const sha = await here().push('alice', 'work', { 'work.txt': 'work\n' });
      expect(await events()).toContainEqual({ kind: 'push', repository, branch: 'work', after: sha });
      const number = await here().openPullRequest('alice', { head: 'work' });
      expect(await events()).toContainEqual({ kind: 'pull-request', repository, number });
      await here().comment('bob', number, '/plan');
      expect(await events()).toContainEqual({ kind: 'discussion', repository, number });
      await here().review('bob', number, 'approved');
      expect((await events()).some((one) => 'number' in one && one.number === number)).toBe(true);
      await here().reportCheck(sha, 'ci/build', 'success');
      expect(await events()).toContainEqual({ kind: 'checks', repository, sha });
    });

    it('have ids of their own', async () => {
      await here().push('alice', 'work', { 'work.txt': 'work\n' });
      const number = await here().openPullRequest('alice', { head: 'work' });
      await here().comment('bob', number, 'one');
      await here().comment('bob', number, 'two');
      const readings = await readAll();
      const ids = readings.flatMap((one) => (one.kind === 'delivery' ? [one.delivery.id] : []));
      expect(ids.length).toBeGreaterThan(2);
      expect(new Set(ids).size).toBe(ids.length);
      expect(readings.every((one) => one.kind === 'delivery' || one.kind === 'ignored')).toBe(true);
    });

    it('about the checks of the bot, and about its comments where its account is only its own, nudge nobody', async () => {
      const { forge, repository } = here();
      const sha = await here().push('alice', 'work', { 'work.txt': 'work\n' });
      const number = await here().openPullRequest('alice', { head: 'work' });
      await events();
      await forge.comments.create(lock, { repository, number }, 'Plan');
      if ((await forge.people.self()).kind === 'bot') expect(await events()).toEqual([]);
      else expect(await events()).toContainEqual({ kind: 'discussion', repository, number });
      if (forge.kind === 'github') {
        const report = { sha, name: 'lockkeeper/plan', title: 't', summary: 's', url: null, externalId: 'x' } as const;
        await forge.checks.report(lock, repository, { ...report, state: 'success' });
        expect(await events()).toEqual([]);
      }
    });

    it('are not believed without the right signature', async () => {
      await here().push('alice', 'work', { 'work.txt': 'work\n' });
      const [sent] = await here().webhooks();
      if (sent === undefined) throw new Error('nothing was sent');
      const { reader } = here();
      expect((await reader.read(sent.headers, sent.body)).kind).toBe('delivery');
      const bare = Object.fromEntries(Object.entries(sent.headers).filter(([name]) => !/signature|token/.test(name)));
      expect(await reader.read(bare, sent.body)).toEqual({ kind: 'unsigned' });
      const signed = Object.entries(sent.headers).map(([name, value]) =>
        /signature|token/.test(name)
          ? [name, `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`]
          : [name, value],
      );
      expect(await reader.read(Object.fromEntries(signed), sent.body)).toEqual({ kind: 'bad-signature' });
    });
  });

  const readAll = async () =>
    Promise.all((await here().webhooks()).map((one) => here().reader.read(one.headers, one.body)));
  const events = async () => (await readAll()).flatMap((one) => (one.kind === 'delivery' ? [one.delivery.event] : []));
}
