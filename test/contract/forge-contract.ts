/**
 * The contract of the forge ports: what `app` may rely on, whichever forge it is. Every adapter passes the same suite on a
 * forge whose answers get lost, and whose git is looked into afterwards.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PullRequest } from '../../src/core/forge-objects.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import { grantLaneLock } from '../../src/ports/lane-lock.js';
import type { CheckReport } from '../../src/ports/checks.js';
import type { CommitRequest, FileChange } from '../../src/ports/contents.js';
import type { MergeOutcome, MergeRequest } from '../../src/ports/pull-requests.js';
import { seed, type Fault, type ForgeHarness, type ForgeWorld } from './forge-harness.js';

const lock = grantLaneLock('lane', 1, async () => true);
const lostLock = grantLaneLock('lane', 1, async () => false);
const missing = '0123456789012345678901234567890123456789';
const { defaultBranch } = seed;

/** After these the act has happened although no good answer came. */
const doneUnsaid: readonly Fault[] = [{ kind: 'answer-lost' }, { kind: 'done-then-500' }];
/** After these nothing has happened. */
const notDone: readonly Fault[] = [
  { kind: 'unavailable' },
  { kind: 'rate-limited', retryAfter: 7 },
  { kind: 'reset' },
  { kind: 'no-answer' },
];

export function forgeContract(harness: ForgeHarness): void {
  describe(`the forge ports on ${harness.name}`, () => {
    let world: ForgeWorld;
    beforeEach(async () => {
      world = await harness.start();
    });
    afterEach(() => world.close());

    const here = () => world;
    repositories(here);
    reading(here, harness);
    opening(here);
    merging(here);
    comments(here);
    checks(here, harness);
    contents(here);
    people(here);
    webhooks(here);
  });
}

type Here = () => ForgeWorld;

function repositories(here: Here): void {
  describe('repositories', () => {
    it('lists what the bot was given and nothing else', async () => {
      expect(await here().forge.repositories.list()).toEqual([here().repository]);
    });

    it('describes one', async () => {
      const facts = await here().forge.repositories.facts(here().repository);
      expect(facts).toMatchObject({ repository: here().repository, defaultBranch });
      expect(facts?.webUrl).toMatch(/^http.*acme\/config$/);
      expect(here().forge.commitUrl(facts!, missing)).toMatch(new RegExp(`^${facts?.webUrl}/.*commit/${missing}$`));
    });

    it('says null for one that is hidden and one that is not there', async () => {
      const { forge, repository } = here();
      expect(await forge.repositories.facts({ ...repository, path: seed.hidden })).toBeNull();
      expect(await forge.repositories.facts({ ...repository, path: 'acme/nothing' })).toBeNull();
    });

    it('gives credentials with which git may read, and a clone URL without any', async () => {
      const { forge, repository } = here();
      const facts = await forge.repositories.facts(repository);
      const { username, password } = await forge.repositories.credentials(repository);
      const url = `${facts?.cloneUrl}/info/refs?service=git-upload-pack`;
      expect(facts?.cloneUrl).not.toContain('@');
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      expect((await fetch(url)).status).toBe(401);
      expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
    });
  });
}

function reading(here: Here, harness: ForgeHarness): void {
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
      expect(numbersOf(await forge.pullRequests.listOpen(repository))).toEqual([old, open]);
      expect(numbersOf(await forge.pullRequests.listUpdatedSince(repository, since))).toEqual([closed, open]);
      await here().comment('bob', old, 'Still here?');
      expect(numbersOf(await forge.pullRequests.listUpdatedSince(repository, since))).toEqual([old, closed, open]);
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

function opening(here: Here): void {
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

function merging(here: Here): void {
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
      const outcome = await here().forge.pullRequests.bringUpToDate(lock, await read(request.number));
      const head = (await here().head('work')) ?? '';
      if (outcome.kind === 'not-allowed') return expect(head).toBe(request.expectedHead);
      expect(outcome).toEqual({ kind: 'asked' });
      expect((await here().commitAt(head)).parents).toEqual([request.expectedHead, await here().head(defaultBranch)]);
      expect([await here().text(head, 'work.txt'), await here().text(head, 'rival.txt')]).toEqual([
        'work\n',
        'theirs\n',
      ]);
      // Asked again, there is nothing left to do.
      expect(await here().forge.pullRequests.bringUpToDate(lock, await read(request.number))).toEqual({
        kind: 'asked',
      });
      expect(await here().head('work')).toBe(head);
    });

    it('leaves a head alone that moved, that conflicts, or when the lane is lost', async () => {
      const { pullRequests } = here().forge;
      const request = await mergeable({ 'README.md': 'ours\n' });
      const before = await read(request.number);
      await moveBase({ 'README.md': 'theirs\n' });
      const lost = pullRequests.bringUpToDate(lostLock, before).catch((problem: unknown) => problem);
      const outcomes = [await lost, await pullRequests.bringUpToDate(lock, before)];
      const head = await here().push('alice', 'work', { 'more.txt': 'more\n' });
      outcomes.push(await pullRequests.bringUpToDate(lock, before));
      expect(await here().head('work')).toBe(head);
      for (const [index, outcome] of outcomes.entries())
        expect(outcome).toSatisfy(
          (each: { readonly kind?: string }) =>
            each.kind === 'not-allowed' ||
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

function comments(here: Here): void {
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
      await port.edit(lock, at, { id: made.id, body: 'Other words' });
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
      const gone = { id: '987654', body: 'Plan' };
      expect(await problemOf(here().forge.comments.edit(lock, at, gone))).toBeInstanceOf(Unavailable);
      expect(await here().forge.comments.list(at.repository, at.number)).toEqual([]);
    });

    it('writes nothing once the lane is lost', async () => {
      const at = await place();
      const id = await here().comment('bob', at.number, '/plan');
      const { comments: port } = here().forge;
      expect(await problemOf(port.create(lostLock, at, 'No'))).toBeInstanceOf(Unavailable);
      expect(await problemOf(port.edit(lostLock, at, { id, body: 'No' }))).toBeInstanceOf(Unavailable);
      expect(await problemOf(port.react(lostLock, at, { id, reaction: 'eyes' }))).toBeInstanceOf(Unavailable);
      expect(await port.list(at.repository, at.number)).toMatchObject([{ body: '/plan' }]);
      expect(here().reactions(id)).toEqual([]);
    });
  });
}

function checks(here: Here, harness: ForgeHarness): void {
  describe('checks', () => {
    it('lists the latest of each name', async () => {
      const sha = await work();
      await here().reportCheck(sha, 'ci/test', 'pending');
      await here().reportCheck(sha, 'ci/build', 'failure');
      await here().reportCheck(sha, 'ci/build', 'success');
      expect(await states(sha)).toEqual({ 'ci/build': 'success', 'ci/test': 'pending' });
      expect(await states(await here().push('alice', 'work', { 'other.txt': '\n' }))).toEqual({});
    });

    it('reports beside the others, and again only if something differs', async () => {
      const sha = await work();
      await here().reportCheck(sha, 'ci/build', 'success');
      await send(report(sha, 'pending'));
      expect(await states(sha)).toEqual({ 'ci/build': 'success', 'lockkeeper/plan': 'pending' });
      const once = here().requests('report-check');
      await send(report(sha, 'pending'));
      expect(here().requests('report-check')).toBe(once);
      await send(report(sha, 'failure'));
      await send(report(sha, 'failure'));
      expect(here().requests('report-check')).toBe(once + 1);
      expect(await states(sha)).toMatchObject({ 'lockkeeper/plan': 'failure' });
      await send({ ...report(sha, 'failure'), title: 'Another reason' });
      expect(here().requests('report-check')).toBe(once + 2);
      const listed = await here().forge.checks.list(here().repository, sha);
      expect(listed.find((one) => one.name === 'lockkeeper/plan')?.description).toBe('Another reason');
    });

    it('goes from done back to pending and to done', async () => {
      const sha = await work();
      for (const state of ['success', 'pending', 'failure', 'success', 'pending'] as const) {
        await send(report(sha, state));
        expect(await states(sha)).toEqual({ 'lockkeeper/plan': state });
      }
    });

    it('keeps checks of different names apart', async () => {
      const sha = await work();
      await send(report(sha, 'success'));
      await send({ ...report(sha, 'failure'), name: 'lockkeeper/policy' });
      expect(await states(sha)).toEqual({ 'lockkeeper/plan': 'success', 'lockkeeper/policy': 'failure' });
    });

    it('shortens what is too long, and knows it again', async () => {
      const sha = await work();
      const long = { ...report(sha, 'success'), title: 't'.repeat(300), summary: 's'.repeat(100_000) };
      await send(long);
      const once = here().requests('report-check');
      await send(long);
      expect(here().requests('report-check')).toBe(once);
    });

    it('never lets a neutral report block', async () => {
      const sha = await work();
      await send(report(sha, 'neutral'));
      const state = (await states(sha))['lockkeeper/plan'];
      expect(state).toBe(harness.differences.checks === 'check-runs' ? 'neutral' : 'success');
    });

    it.each(notDone)('is unavailable after $kind, having sent it once', async (fault) => {
      const sha = await work();
      here().fault('report-check', fault);
      expect(await problemOf(send(report(sha, 'success')))).toBeInstanceOf(Unavailable);
      expect(here().requests('report-check')).toBe(1);
      expect(await states(sha)).toEqual({});
    });

    it('reports nothing once the lane is lost', async () => {
      const sha = await work();
      const { checks: port } = here().forge;
      expect(await problemOf(port.report(lostLock, here().repository, report(sha, 'success')))).toBeInstanceOf(
        Unavailable,
      );
      expect(here().requests('report-check')).toBe(0);
    });

    it('says what the forge demands before a merge', async () => {
      const { checks: port } = here().forge;
      expect(await port.required(here().repository, defaultBranch)).toEqual({ names: [], extent: 'named-only' });
      here().protect(defaultBranch, { requiredChecks: ['ci/build', 'lockkeeper/plan'] });
      const required = await port.required(here().repository, defaultBranch);
      if (harness.differences.requiredChecks === 'named')
        expect(required).toEqual({ names: ['ci/build', 'lockkeeper/plan'], extent: 'named-only' });
      else expect(required).toEqual({ names: [], extent: 'every-reported' });
    });
  });

  const work = () => here().push('alice', 'work', { 'work.txt': 'work\n' });
  const send = (wanted: CheckReport) => here().forge.checks.report(lock, here().repository, wanted);
  const report = (sha: string, state: CheckReport['state']): CheckReport => ({
    sha,
    name: 'lockkeeper/plan',
    state,
    title: `It is ${state}`,
    summary: '### Plan\n\nNothing changes.',
    url: 'https://lockkeeper.example/plan/1',
    externalId: 'sha256:abc',
  });

  async function states(sha: string): Promise<Record<string, string>> {
    const listed = await here().forge.checks.list(here().repository, sha);
    expect(new Set(listed.map((one) => one.name)).size).toBe(listed.length);
    return Object.fromEntries(listed.map((one) => [one.name, one.state]));
  }
}

function contents(here: Here): void {
  describe('contents', () => {
    const bytes = Uint8Array.from([0, 255, 254, 10, 13, 128]);

    it('makes a branch with one commit of many changes', async () => {
      const parent = (await here().head(defaultBranch)) ?? '';
      const outcome = await commit({
        branch: 'lockkeeper/promotion/api',
        expected: null,
        parent,
        changes: [
          write('apps/api/envs/test/kustomization.yaml', 'newTag: 1.0.0 # é\r\n'),
          write('bin/run.sh', '#!/bin/sh\n', '100755'),
          { kind: 'write', path: 'image.bin', content: bytes, mode: '100644', blob: null },
          write('new/deep/file.txt', ''),
          { kind: 'delete', path: 'README.md' },
        ],
      });
      const made = await here().head('lockkeeper/promotion/api');
      expect(outcome).toEqual({ kind: 'committed', commit: made });
      expect(await here().commitAt('lockkeeper/promotion/api')).toMatchObject({ parents: [parent] });
      expect((await here().commitAt(made ?? '')).message.trimEnd()).toBe('Promote api\n\nLockkeeper-Source: dev');
      expect(await here().text(made ?? '', 'apps/api/envs/test/kustomization.yaml')).toBe('newTag: 1.0.0 # é\r\n');
      expect(await here().bytes(made ?? '', 'image.bin')).toEqual(Buffer.from(bytes));
      expect(await here().text(made ?? '', 'new/deep/file.txt')).toBe('');
      expect(await here().mode(made ?? '', 'bin/run.sh')).toBe('100755');
      expect(await here().text(made ?? '', 'README.md')).toBeNull();
      expect(await here().text(made ?? '', 'apps/api/envs/dev/kustomization.yaml')).toBe(
        seed.files['apps/api/envs/dev/kustomization.yaml'],
      );
    });

    it('keeps the mode of a file that it changes, as it is told', async () => {
      const first = await on('work', [write('run.sh', 'one\n', '100755')]);
      const second = await commit({
        branch: 'work',
        expected: first,
        parent: first,
        changes: [write('run.sh', 'two\n', '100755')],
      });
      expect(second).toMatchObject({ kind: 'committed' });
      expect(await here().mode('work', 'run.sh')).toBe('100755');
      expect(await here().text('work', 'run.sh')).toBe('two\n');
    });

    it('goes forward from where the branch is expected', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const outcome = await commit({
        branch: 'work',
        expected: first,
        parent: first,
        changes: [write('a.txt', '2\n')],
      });
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect((await here().commitAt('work')).parents).toEqual([first]);
    });

    it('touches nothing when the branch stands elsewhere, and says where', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const actual = await here().push('alice', 'work', { 'a.txt': 'by a person\n' });
      const parent = (await here().head(defaultBranch)) ?? '';
      const changes = [write('a.txt', '2\n')];
      const moved = { kind: 'branch-moved', actual };
      expect(await commit({ branch: 'work', expected: first, parent: first, changes })).toEqual(moved);
      expect(await commit({ branch: 'work', expected: first, parent, changes })).toEqual(moved);
      expect(await commit({ branch: 'work', expected: null, parent, changes })).toEqual(moved);
      expect(await commit({ branch: 'gone', expected: first, parent: first, changes })).toEqual({
        kind: 'branch-moved',
        actual: null,
      });
      expect(await here().head('work')).toBe(actual);
      expect(await here().head('gone')).toBeNull();
    });

    it('remakes a branch of its own from a newer base', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      await here().push('carol', 'aside', { 'b.txt': 'b\n' });
      await here().mergePullRequest('carol', await here().openPullRequest('carol', { head: 'aside' }));
      const parent = (await here().head(defaultBranch)) ?? '';
      const outcome = await commit({ branch: 'work', expected: first, parent, changes: [write('a.txt', '2\n')] });
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect((await here().commitAt('work')).parents).toEqual([parent]);
      expect(await here().text('work', 'b.txt')).toBe('b\n');
    });

    it('takes a blob that the repository holds already', async () => {
      const content = Buffer.from(seed.files['README.md']);
      const blob = blobOf(content);
      await on('work', [{ kind: 'write', path: 'copy.md', content, mode: '100644', blob }]);
      expect(await here().text('work', 'copy.md')).toBe(seed.files['README.md']);
    });

    it.each(doneUnsaid)('finds its own commit after $kind', async (fault) => {
      const parent = (await here().head(defaultBranch)) ?? '';
      here().fault('move-branch', fault);
      const request = { branch: 'work', expected: null, parent, changes: [write('a.txt', '1\n')] };
      const outcome = await commit(request);
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect(here().requests('move-branch')).toBe(1);
      here().pass(5000);
      expect(await commit(request)).toEqual(outcome);
      expect((await here().commitAt('work')).parents).toEqual([parent]);
    });

    it.each(notDone)('is unavailable after $kind and leaves the branch alone', async (fault) => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const before = here().requests('move-branch');
      here().fault('move-branch', fault);
      const again = commit({ branch: 'work', expected: first, parent: first, changes: [write('a.txt', '2\n')] });
      expect(await problemOf(again)).toBeInstanceOf(Unavailable);
      expect(here().requests('move-branch') - before).toBe(1);
      expect(await here().head('work')).toBe(first);
    });

    it('is forbidden to move a protected branch', async () => {
      here().protect(defaultBranch, {});
      const parent = (await here().head(defaultBranch)) ?? '';
      const straight = commit({ branch: defaultBranch, expected: parent, parent, changes: [write('a.txt', '1\n')] });
      expect(await problemOf(straight)).toBeInstanceOf(Forbidden);
      expect(await here().head(defaultBranch)).toBe(parent);
    });

    it('commits and deletes nothing once the lane is lost', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const { contents: port } = here().forge;
      const request = {
        ...requestOf({ branch: 'work', expected: first, parent: first, changes: [write('a.txt', '2\n')] }),
      };
      expect(await problemOf(port.commit(lostLock, request))).toBeInstanceOf(Unavailable);
      const deletion = port.deleteBranch(lostLock, here().repository, { name: 'work', expected: first });
      expect(await problemOf(deletion)).toBeInstanceOf(Unavailable);
      expect(await here().head('work')).toBe(first);
    });

    it('deletes a branch only where it is expected, and gladly twice', async () => {
      const name = 'lockkeeper/promotion/api';
      const first = await on(name, [write('a.txt', '1\n')]);
      const second = await here().push('alice', name, { 'a.txt': 'by a person\n' });
      const { contents: port } = here().forge;
      await port.deleteBranch(lock, here().repository, { name, expected: first });
      expect(await here().head(name)).toBe(second);
      await port.deleteBranch(lock, here().repository, { name, expected: second });
      await port.deleteBranch(lock, here().repository, { name, expected: second });
      expect(await here().head(name)).toBeNull();
    });
  });

  type Wanted = Pick<CommitRequest, 'branch' | 'expected' | 'parent' | 'changes'>;
  const requestOf = (wanted: Wanted): CommitRequest => ({
    repository: here().repository,
    message: 'Promote api\n\nLockkeeper-Source: dev',
    ...wanted,
  });
  const commit = (wanted: Wanted) => here().forge.contents.commit(lock, requestOf(wanted));

  async function on(branch: string, changes: readonly FileChange[]): Promise<string> {
    const parent = (await here().head(defaultBranch)) ?? '';
    const outcome = await commit({ branch, expected: null, parent, changes });
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    return outcome.commit;
  }
}

function people(here: Here): void {
  describe('people', () => {
    it('knows itself as the author of what it writes', async () => {
      expect((await here().forge.people.self()).login).toBe(here().botLogin);
    });

    it('says what everybody may do, nothing for strangers', async () => {
      const { forge, repository } = here();
      for (const [login, permission] of Object.entries(seed.people))
        expect([login, await forge.people.permission(repository, login)]).toEqual([login, permission]);
      expect(await forge.people.permission(repository, 'nobody-of-that-name')).toBe('none');
    });

    it('sees a change at once', async () => {
      const { forge, repository } = here();
      expect(await forge.people.permission(repository, 'dan')).toBe('read');
      here().setPermission('dan', 'write');
      expect(await forge.people.permission(repository, 'dan')).toBe('write');
      here().setPermission('dan', 'none');
      expect(await forge.people.permission(repository, 'dan')).toBe('none');
    });

    it('lists the members of a team, and says null for what is none', async () => {
      const { forge, repository } = here();
      const members = await forge.people.team(repository, seed.team.path);
      expect([...(members ?? [])].sort()).toEqual(seed.team.members);
      expect(await forge.people.team(repository, 'acme/unheard-of')).toBeNull();
    });
  });
}

function webhooks(here: Here): void {
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

/** Mergeability is computed late: read until it is known. */
async function readSettled(world: ForgeWorld, number: number): Promise<PullRequest> {
  for (let reads = 0; reads < 5; reads += 1) {
    const read = await world.forge.pullRequests.read(world.repository, number);
    if (read !== null && read.mergeability !== 'unknown') return read;
  }
  throw new Error('the forge never said whether it can be merged');
}

function numbersOf(pullRequests: readonly PullRequest[]): readonly number[] {
  return pullRequests.map((one) => one.number).sort((one, other) => one - other);
}

async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

function expectSoon(problem: unknown, at: number): void {
  const retryAt = problem instanceof Unavailable ? problem.retryAt : null;
  expect(retryAt).toBeGreaterThanOrEqual(at);
  expect(retryAt).toBeLessThan(at + 5000);
}

function write(path: string, text: string, mode: '100644' | '100755' = '100644'): FileChange {
  return { kind: 'write', path, content: Buffer.from(text), mode, blob: null };
}

/** Git's id of a file's content. */
function blobOf(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
