/** How pull requests are merged and brought up to date on every forge. */
import { describe, expect, it } from 'vitest';
import type { PullRequest } from '../../../src/core/forge-objects.js';
import { Unavailable } from '../../../src/core/problem.js';
import type { MergeOutcome, MergeRequest, UpdateOutcome } from '../../../src/ports/pull-requests.js';
import {
  defaultBranch,
  doneUnsaid,
  expectSoon,
  lock,
  lostLock,
  notDone,
  problemOf,
  readSettled,
  type Here,
} from './here.js';

export function merging(here: Here): void {
  describe('merging', () => {
    it('merges the expected head and says which commit that made', async () => {
      const request = await mergeable();
      const outcome = await here().forge.pullRequests.merge(lock, request);
      expect(outcome).toEqual({ kind: 'merged', commit: await here().head(defaultBranch) });
      expect(await here().text(defaultBranch, 'work.txt')).toBe('work\n');
    });

    it('squashes to one commit with the given words', async () => {
      const base = await here().head(defaultBranch);
      const request = await mergeable();
      await here().forge.pullRequests.merge(lock, { ...request, method: 'squash' });
      const made = await firstParentOf('work.txt', base);
      expect(made.message).toContain('Promote api');
      expect(made.message).toContain('Lockkeeper-Plan: sha256:abc');
    });

    it('does nothing when the head is another, and says which', async () => {
      const request = await mergeable();
      const base = await here().head(defaultBranch);
      const head = await here().push('alice', 'work', { 'work.txt': 'more\n' });
      expect(await merge(request)).toEqual({ kind: 'head-moved', head });
      expect(await here().head(defaultBranch)).toBe(base);
    });

    it('names a conflict', async () => {
      const request = await mergeable({ 'README.md': 'ours\n' });
      await here().push('bob', 'rival', { 'README.md': 'theirs\n' });
      await here().mergePullRequest('bob', await here().openPullRequest('bob', { head: 'rival' }));
      expect(await merge(request)).toEqual({ kind: 'conflict' });
    });

    it('says what keeps it from merging, until that is gone', async () => {
      here().protect(defaultBranch, { requiredChecks: ['ci/build'] });
      const request = await mergeable();
      await here().reportCheck(request.expectedHead, 'ci/build', 'failure');
      const refused = await merge(request);
      expect(refused).toMatchObject({ kind: 'not-allowed', reason: expect.stringMatching(/\w/) });
      await here().reportCheck(request.expectedHead, 'ci/build', 'success');
      expect(await merge(request)).toMatchObject({ kind: 'merged' });
    });

    it('does not merge what is closed', async () => {
      const request = await mergeable();
      await here().closePullRequest('alice', request.number);
      expect(await merge(request)).toMatchObject({ kind: 'not-allowed' });
    });

    it('finds the merge of somebody else', async () => {
      const request = await mergeable();
      await here().mergePullRequest('bob', request.number);
      expect(await merge(request)).toEqual({ kind: 'merged', commit: await here().head(defaultBranch) });
    });

    it.each(doneUnsaid)('finds its own merge after $kind, having sent it once', async (fault) => {
      const request = await mergeable();
      here().fault('merge', fault);
      expect(await here().forge.pullRequests.merge(lock, request)).toEqual({
        kind: 'merged',
        commit: await here().head(defaultBranch),
      });
      expect(here().requests('merge')).toBe(1);
    });

    it.each(notDone)('is unavailable after $kind, having sent it once', async (fault) => {
      const request = await mergeable();
      const [base, before] = [await here().head(defaultBranch), Date.now()];
      here().fault('merge', fault);
      const problem = await problemOf(here().forge.pullRequests.merge(lock, request));
      expect(problem).toBeInstanceOf(Unavailable);
      if (fault.kind === 'rate-limited') expectSoon(problem, before + fault.retryAfter * 1000);
      expect(here().requests('merge')).toBe(1);
      expect(await here().head(defaultBranch)).toBe(base);
    });

    it('brings a head up to date on top of what people pushed, or says why it does not', async () => {
      const request = await mergeable();
      await moveBase({ 'rival.txt': 'theirs\n' });
      const outcome = await here().forge.pullRequests.bringUpToDate(lock, await read(request.number), 'never');
      const head = (await here().head('work')) ?? '';
      if (outcome.kind === 'only-rebase') return expect(head).toBe(request.expectedHead);
      expect(outcome).toEqual({ kind: 'asked' });
      expect((await here().commitAt(head)).parents).toEqual([request.expectedHead, await here().head(defaultBranch)]);
      expect([await here().text(head, 'work.txt'), await here().text(head, 'rival.txt')]).toEqual([
        'work\n',
        'theirs\n',
      ]);
      // Asked again, there is nothing left to do.
      expect(await here().forge.pullRequests.bringUpToDate(lock, await read(request.number), 'never')).toEqual({
        kind: 'asked',
      });
      expect(await here().head('work')).toBe(head);
    });

    it('brings it up to date even where only a rebase does, if that is wanted: changes and approvals stay', async () => {
      const request = await mergeable();
      await here().review('bob', request.number, 'approved');
      await moveBase({ 'rival.txt': 'theirs\n' });
      expect(await bring(request.number)).toEqual({ kind: 'asked' });
      // Whoever asks again meanwhile does not have it done twice.
      const again = await bring(request.number);
      expect(['asked', 'head-moved']).toContain(again.kind);
      const { head } = await read(request.number);
      expect(head.sha).not.toBe(request.expectedHead);
      expect((await here().commitAt(head.sha)).parents).toContain(await here().head(defaultBranch));
      expect(await here().text(head.sha, 'work.txt')).toBe('work\n');
      expect(await here().text(head.sha, 'rival.txt')).toBe('theirs\n');
      const reviews = await here().forge.pullRequests.reviews(here().repository, request.number);
      expect(reviews.map(({ person, state, commit }) => [person.login, state, commit])).toEqual([
        ['bob', 'approved', request.expectedHead],
      ]);
    });

    it('says so when it can’t be rebased, and when the bot may not, and asks no more', async () => {
      const request = await mergeable({ 'README.md': 'ours\n' });
      await moveBase({ 'README.md': 'theirs\n' });
      const outcomes = [await bring(request.number), await bring(request.number), await bring(request.number)];
      expect(['conflict', 'not-allowed']).toContain(outcomes.at(-1)?.kind);
      expect(await here().head('work')).toBe(request.expectedHead);
      const before = await read(request.number);
      const lost = here().forge.pullRequests.bringUpToDate(lostLock, before, 'if-needed');
      expect(await lost.catch((problem: unknown) => problem)).toSatisfy(
        (each: { readonly kind?: string }) =>
          each instanceof Unavailable || each.kind === 'not-allowed' || each.kind === 'conflict',
      );
    });

    it('leaves a head alone that moved, that conflicts, or when the lane is lost', async () => {
      const { pullRequests } = here().forge;
      const request = await mergeable({ 'README.md': 'ours\n' });
      const before = await read(request.number);
      await moveBase({ 'README.md': 'theirs\n' });
      const lost = pullRequests.bringUpToDate(lostLock, before, 'never').catch((problem: unknown) => problem);
      const outcomes = [await lost, await pullRequests.bringUpToDate(lock, before, 'never')];
      const head = await here().push('alice', 'work', { 'more.txt': 'more\n' });
      outcomes.push(await pullRequests.bringUpToDate(lock, before, 'never'));
      expect(await here().head('work')).toBe(head);
      for (const [index, outcome] of outcomes.entries())
        expect(outcome).toSatisfy(
          (each: { readonly kind?: string }) =>
            each.kind === 'not-allowed' ||
            // GitLab's API only rebases, which was not allowed.
            each.kind === 'only-rebase' ||
            each.kind === ['', 'conflict', 'head-moved'][index] ||
            each instanceof Unavailable,
        );
    });

    it('merges nothing once the lane is lost', async () => {
      const request = await mergeable();
      expect(await problemOf(here().forge.pullRequests.merge(lostLock, request))).toBeInstanceOf(Unavailable);
      expect(here().requests('merge')).toBe(0);
    });
  });

  async function read(number: number): Promise<PullRequest> {
    const found = await here().forge.pullRequests.read(here().repository, number);
    if (found === null) throw new Error(`there is no pull request ${number}`);
    return found;
  }

  async function bring(number: number): Promise<UpdateOutcome> {
    return here().forge.pullRequests.bringUpToDate(lock, await read(number), 'if-needed');
  }

  async function moveBase(files: Readonly<Record<string, string>>): Promise<void> {
    await here().push('bob', 'rival', files);
    await here().mergePullRequest('bob', await here().openPullRequest('bob', { head: 'rival' }));
  }

  async function mergeable(files: Readonly<Record<string, string>> = { 'work.txt': 'work\n' }): Promise<MergeRequest> {
    const expectedHead = await here().push('alice', 'work', files);
    const number = await here().openPullRequest('alice', { head: 'work' });
    await readSettled(here(), number);
    return {
      repository: here().repository,
      number,
      expectedHead,
      method: 'merge',
      title: 'Promote api 1.1.0 to test',
      message: 'Lockkeeper-Plan: sha256:abc',
    };
  }

  /** The forge may need another look before it knows. */
  async function merge(request: MergeRequest): Promise<MergeOutcome> {
    for (let tries = 0; tries < 5; tries += 1) {
      const outcome = await here().forge.pullRequests.merge(lock, request);
      if (outcome.kind !== 'not-yet') return outcome;
    }
    throw new Error('the forge does not make up its mind');
  }

  /** Of the commits from the target branch's head back to `base`, the one that brought the file onto a single parent. */
  async function firstParentOf(path: string, base: string | null): Promise<{ readonly message: string }> {
    let at = (await here().head(defaultBranch)) ?? '';
    for (let steps = 0; steps < 3; steps += 1) {
      const commit = await here().commitAt(at);
      const squashed = commit.parents.find((parent) => parent !== base) ?? null;
      if (commit.parents.length === 1 && commit.parents[0] === base && (await here().text(at, path)) !== null)
        return commit;
      if (squashed === null) break;
      at = squashed;
    }
    throw new Error('no squashed commit on the target branch');
  }
}
