/** How comments are read, written and answered on every forge. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import { doneUnsaid, lock, lostLock, notDone, problemOf, type Here } from './here.js';

export function comments(here: Here): void {
  describe('comments', () => {
    const place = async () => {
      await here().push('alice', 'work', { 'work.txt': 'work\n' });
      return { repository: here().repository, number: await here().openPullRequest('alice', { head: 'work' }) };
    };

    it('lists all of them, oldest first, with who wrote them', async () => {
      const at = await place();
      const words = Array.from({ length: 120 }, (_, index) => `comment ${index}`);
      for (const body of words) await here().comment('bob', at.number, body);
      const listed = await here().forge.comments.list(at.repository, at.number);
      expect(listed.map((one) => one.body)).toEqual(words);
      expect(listed[0]).toMatchObject({ author: { login: 'bob', kind: 'human' }, revision: 'original' });
      expect(new Set(listed.map((one) => one.id)).size).toBe(120);
      expect(listed[0]?.url).toMatch(/^http/);
    });

    it('makes and edits one of the bot', async () => {
      const { comments: port } = here().forge;
      const at = await place();
      const body =
        '## Plan\n\n| a | b |\n|---|---|\n<details><summary>x</summary>é 🚢</details>\n\n<!-- lockkeeper -->';
      const made = await port.create(lock, at, body);
      expect(made).toMatchObject({ body, author: await here().forge.people.self(), revision: 'original' });
      here().pass(5000);
      await port.edit(lock, at, { id: made.id, body: 'Other words', matters: 'words' });
      const listed = await port.list(at.repository, at.number);
      expect(listed).toMatchObject([{ id: made.id, body: 'Other words', revision: 'edited' }]);
    });

    it('tells a comment that its author has edited', async () => {
      const at = await place();
      const id = await here().comment('bob', at.number, '/promote prod');
      here().pass(5000);
      await here().editComment('bob', id, '/promote test');
      expect(await here().forge.comments.list(at.repository, at.number)).toMatchObject([
        { id, body: '/promote test', revision: 'edited' },
      ]);
    });

    it('takes as much as it says', async () => {
      const at = await place();
      const { comments: port } = here().forge;
      const made = await port.create(lock, at, 'x'.repeat(port.limit));
      expect(made.body).toHaveLength(port.limit);
    });

    it('reacts once', async () => {
      const at = await place();
      const id = await here().comment('bob', at.number, '/plan');
      await here().forge.comments.react(lock, at, { id, reaction: 'eyes' });
      await here().forge.comments.react(lock, at, { id, reaction: 'eyes' });
      await here().forge.comments.react(lock, at, { id, reaction: 'rocket' });
      expect(here().reactions(id)).toEqual([`eyes by ${here().botLogin}`, `rocket by ${here().botLogin}`]);
    });

    it.each(doneUnsaid)(
      'leaves it to the caller to find the comment after $kind, having sent it once',
      async (fault) => {
        const at = await place();
        here().fault('create-comment', fault);
        expect(await problemOf(here().forge.comments.create(lock, at, 'Once'))).toBeInstanceOf(Unavailable);
        expect(here().requests('create-comment')).toBe(1);
        expect(await here().forge.comments.list(at.repository, at.number)).toMatchObject([{ body: 'Once' }]);
      },
    );

    it.each(notDone)('is unavailable after $kind, having sent it once', async (fault) => {
      const at = await place();
      here().fault('create-comment', fault);
      expect(await problemOf(here().forge.comments.create(lock, at, 'Once'))).toBeInstanceOf(Unavailable);
      expect(here().requests('create-comment')).toBe(1);
      expect(await here().forge.comments.list(at.repository, at.number)).toEqual([]);
    });

    it('is unavailable to edit once it is gone: whoever looks again makes a new one', async () => {
      const at = await place();
      const gone = { id: '987654', body: 'Plan', matters: 'facts' } as const;
      expect(await problemOf(here().forge.comments.edit(lock, at, gone))).toBeInstanceOf(Unavailable);
      expect(await here().forge.comments.list(at.repository, at.number)).toEqual([]);
    });

    it('writes nothing once the lane is lost', async () => {
      const at = await place();
      const id = await here().comment('bob', at.number, '/plan');
      const { comments: port } = here().forge;
      expect(await problemOf(port.create(lostLock, at, 'No'))).toBeInstanceOf(Unavailable);
      expect(await problemOf(port.edit(lostLock, at, { id, body: 'No', matters: 'facts' }))).toBeInstanceOf(
        Unavailable,
      );
      expect(await problemOf(port.react(lostLock, at, { id, reaction: 'eyes' }))).toBeInstanceOf(Unavailable);
      expect(await port.list(at.repository, at.number)).toMatchObject([{ body: '/plan' }]);
      expect(here().reactions(id)).toEqual([]);
    });
  });
}
