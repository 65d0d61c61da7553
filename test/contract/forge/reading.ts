/** What every forge tells of pull requests. */
import { describe, expect, it } from 'vitest';
import type { PullRequest } from '../../../src/core/forge-objects.js';
import { Unavailable } from '../../../src/core/problem.js';
import { seed, type ForgeHarness } from '../forge-harness.js';
import { defaultBranch, expectSoon, notDone, problemOf, readSettled, type Here } from './here.js';

export function reading(here: Here, harness: ForgeHarness): void {
  describe('reading pull requests', () => {
    it('tells everything that a decision needs', async () => {
      const { forge, repository } = here();
      const head = await here().push('alice', 'work', { 'README.md': '# New\n' });
      const number = await here().openPullRequest('alice', { head: 'work', title: 'A title', body: 'Words\n\nmore' });
      const read = await forge.pullRequests.read(repository, number);
      expect(read).toMatchObject({
        repository,
        number,
        title: 'A title',
        body: 'Words\n\nmore',
        state: 'open',
        readiness: 'ready',
        author: { login: 'alice', kind: 'human' },
        base: defaultBranch,
        head: { branch: 'work', sha: head, origin: 'same-repository' },
        mergeCommit: null,
        labels: [],
      });
      expect(read?.url).toContain(String(number));
      expect(read?.createdAt).toBeLessThanOrEqual(read?.updatedAt ?? 0);
    });

    it('says null for a number and a repository that are not there', async () => {
      const { forge, repository } = here();
      expect(await forge.pullRequests.read(repository, 77)).toBeNull();
      expect(await forge.pullRequests.read({ ...repository, path: seed.hidden }, 1)).toBeNull();
    });

    it('comes to know whether it can be merged', async () => {
      const clean = await changeReadme('clean');
      await here().push('bob', 'rival', { 'README.md': 'rival\n' });
      const rival = await here().openPullRequest('bob', { head: 'rival' });
      expect(await settledMergeability(clean)).toBe('mergeable');
      await here().mergePullRequest('bob', rival);
      expect(await settledMergeability(clean)).toBe('conflict');
    });

    it('names the commit on the target branch once merged, and tells merged from closed', async () => {
      const { forge, repository } = here();
      const [merged, closed] = [await changeReadme('one'), await openWith('two', { 'two.txt': '2\n' })];
      await here().mergePullRequest('carol', merged);
      await here().closePullRequest('alice', closed);
      const read = await forge.pullRequests.read(repository, merged);
      expect(read).toMatchObject({ state: 'merged', mergeCommit: await here().head(defaultBranch) });
      expect(await forge.pullRequests.read(repository, closed)).toMatchObject({ state: 'closed', mergeCommit: null });
    });

    it('lists the open ones, and those touched since an instant', async () => {
      const { forge, repository } = here();
      const old = await openWith('old', { 'old.txt': '\n' });
      here().pass(60_000);
      const closed = await openWith('closed', { 'closed.txt': '\n' });
      const since = (await forge.pullRequests.read(repository, closed))?.createdAt ?? 0;
      await here().closePullRequest('alice', closed);
      const open = await openWith('open', { 'open.txt': '\n' });
      expect(await forge.pullRequests.listOpen({ ...repository, path: 'acme/secret' })).toBeNull();
      expect(numbersOf((await forge.pullRequests.listOpen(repository)) ?? [])).toEqual([old, open]);
      expect(numbersOf(await forge.pullRequests.listUpdatedSince(repository, since))).toEqual([closed, open]);
      await here().comment('bob', old, 'Still here?');
      expect(numbersOf(await forge.pullRequests.listUpdatedSince(repository, since))).toEqual([old, closed, open]);
    });

    it('shows with one request what was touched last, and when a branch moved where that tells', async () => {
      const { forge, repository } = here();
      const seen = async () => {
        const glance = await forge.pullRequests.glance(repository);
        return glance === null ? null : { ...glance, pullRequests: glance.pullRequests.map(({ number }) => number) };
      };
      const first = await openWith('first', { 'first.txt': '\n' });
      const second = await openWith('second', { 'second.txt': '\n' });
      const before = await seen();
      expect(before).toMatchObject({ pullRequests: [second, first], extent: 'all' });
      expect(await seen()).toEqual(before);
      await here().comment('bob', first, 'Why?');
      expect(await seen()).toEqual({ ...before, pullRequests: [first, second] });
      await here().closePullRequest('alice', second);
      expect(await seen()).toEqual({ ...before, pullRequests: [second, first] });
      await here().push('alice', 'elsewhere', { 'elsewhere.txt': '\n' });
      // GitLab's listing shows nothing of a push: there git is asked.
      const pushed = (await seen())?.pushedAt ?? null;
      if (forge.kind === 'github') expect(pushed).toBeGreaterThan(before?.pushedAt ?? 0);
      else expect([before?.pushedAt, pushed]).toEqual([null, null]);
      expect(await forge.pullRequests.glance({ ...repository, path: 'acme/secret' })).toBeNull();
    });

    it('lists what was merged into a branch last, newest first, whatever was touched since', async () => {
      const { forge, repository } = here();
      const [first, second, third] = [
        await openWith('one', { 'one.txt': '\n' }),
        await openWith('two', { 'two.txt': '\n' }),
        await openWith('three', { 'three.txt': '\n' }),
      ];
      await here().closePullRequest('alice', await openWith('four', { 'four.txt': '\n' }));
      await here().push('alice', 'other', { 'other.txt': '\n' });
      await here().push('alice', 'five', { 'five.txt': '\n' });
      const elsewhere = await here().openPullRequest('alice', { head: 'five', base: 'other' });
      for (const number of [second, first, elsewhere, third]) await here().mergePullRequest('carol', number);
      await here().comment('bob', second, 'Thank you!');
      const last = (most: number, base: string = defaultBranch) =>
        forge.pullRequests.lastMerged(repository, { base, most });
      expect((await last(50)).map(({ number }) => number)).toEqual([third, first, second]);
      expect((await last(2)).map(({ number }) => number)).toEqual([third, first]);
      expect((await last(50, 'other')).map(({ number }) => number)).toEqual([elsewhere]);
      expect(await last(50, 'nothing')).toEqual([]);
      const [newest] = await last(1);
      expect(newest).toMatchObject({ state: 'merged', mergeCommit: await here().head(defaultBranch) });
      expect(newest?.mergedAt).toBeLessThanOrEqual(newest?.updatedAt ?? 0);
    });

    it('binds every approval to the commit that the person saw', async () => {
      const { forge, repository } = here();
      const first = await here().push('alice', 'work', { 'a.txt': '1\n' });
      const number = await here().openPullRequest('alice', { head: 'work' });
      await here().review('bob', number, 'approved');
      const second = await here().push('alice', 'work', { 'a.txt': '2\n' });
      await here().review('carol', number, 'approved');
      const reviews = await forge.pullRequests.reviews(repository, number);
      expect(reviews.map(({ person, state, commit }) => [person.login, state, commit])).toEqual([
        ['bob', 'approved', first],
        ['carol', 'approved', second],
      ]);
    });

    it('tells whose commits they are, and that nobody signed them', async () => {
      const { forge, repository } = here();
      const first = await here().push('alice', 'work', { 'a.txt': '1\n' });
      const second = await here().push('bob', 'work', { 'a.txt': '2\n' });
      const number = await here().openPullRequest('alice', { head: 'work' });
      const commits = await forge.pullRequests.commits(repository, number, { signatures: 'asked' });
      expect(commits.toSorted((a) => (a.sha === first ? -1 : 1))).toEqual([
        { sha: first, author: 'alice', committer: 'alice', signature: 'unverified' },
        { sha: second, author: 'bob', committer: 'bob', signature: 'unverified' },
      ]);
    });

    it('tells other reviews where the forge has them', async () => {
      const number = await changeReadme('work');
      await here().review('bob', number, 'changes-requested');
      await here().review('bob', number, 'commented');
      const reviews = await here().forge.pullRequests.reviews(here().repository, number);
      const states = reviews.map((one) => one.state);
      if (harness.differences.reviews === 'reviews') expect(states).toEqual(['changes-requested', 'commented']);
      else expect(states).not.toContain('approved');
    });

    it('is unavailable, with the time to come again, when the forge is', async () => {
      const { forge, repository } = here();
      const number = await changeReadme('work');
      const before = Date.now();
      for (const fault of notDone) {
        here().fault('read-pull-request', fault);
        const problem = await problemOf(forge.pullRequests.read(repository, number));
        expect(problem).toBeInstanceOf(Unavailable);
        if (fault.kind === 'rate-limited') expectSoon(problem, before + fault.retryAfter * 1000);
      }
      expect(await forge.pullRequests.read(repository, number)).toMatchObject({ number });
    });
  });

  const changeReadme = (branch: string): Promise<number> => openWith(branch, { 'README.md': `${branch}\n` });

  async function openWith(branch: string, files: Readonly<Record<string, string>>): Promise<number> {
    await here().push('alice', branch, files);
    return here().openPullRequest('alice', { head: branch });
  }

  async function settledMergeability(number: number): Promise<string | undefined> {
    return (await readSettled(here(), number)).mergeability;
  }
}

function numbersOf(pullRequests: readonly PullRequest[]): readonly number[] {
  return pullRequests.map((one) => one.number).sort((one, other) => one - other);
}
