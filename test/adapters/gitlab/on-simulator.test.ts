/** What is GitLab's own, on a simulated GitLab: the contract of the forge ports covers the rest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitlab } from '../../../src/adapters/gitlab/create-gitlab.js';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import type { CheckReport } from '../../../src/ports/checks.js';
import type { Forge } from '../../../src/ports/forge.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import type { RepositorySettings } from '../../../src/simulator/forge/state.js';
import { startSimulator, type Simulator } from '../../../src/simulator/start-simulator.js';
import { quietLog } from './quiet-log.js';

const lock = grantLaneLock('gitlab:acme/config', 1, async () => true);
const repository = { forge: 'gitlab', path: 'acme/config' } as const;
const TOKEN = 'glpat-lockkeeper';

let simulator: Simulator;
let forge: Forge;
beforeEach(async () => {
  simulator = await startSimulator({
    forge: 'gitlab',
    deliver: 'stepped',
    seed: {
      users: [{ login: 'alice' }, { login: 'lockkeeper', tokens: [TOKEN] }],
      organisations: [{ login: 'acme' }],
      repositories: [
        {
          name: repository.path,
          private: true,
          files: { 'a.txt': 'a\n' },
          collaborators: { alice: 'write', lockkeeper: 'maintain' },
        },
      ],
    },
  });
  forge = (await createGitlab(settings())).forge;
});
afterEach(() => simulator.close());

const settings = () => ({
  url: simulator.url,
  token: TOKEN,
  webhookSecret: 'secret',
  signingToken: null,
  clock: { now: () => Date.now() },
  log: quietLog,
});

async function mergeRequest(
  branch = 'work',
  path = 'a.txt',
): Promise<{ readonly number: number; readonly sha: string }> {
  const parent = (await simulator.forge.git(repository.path).branchHead('main')) ?? '';
  const outcome = await forge.contents.commit(lock, {
    repository,
    branch,
    expected: null,
    parent,
    message: 'Change a',
    changes: [{ kind: 'write', path, content: Buffer.from('b\n'), mode: '100644', blob: null }],
  });
  const opened = await forge.pullRequests.open(lock, {
    repository,
    head: branch,
    base: 'main',
    title: 'Change a',
    body: '/merge\n\n/why?',
    labels: [],
  });
  return { number: opened.number, sha: outcome.kind === 'committed' ? outcome.commit : '' };
}

const configure = (changes: Partial<RepositorySettings>) => {
  simulator.forge.repositories.setSettings(repository.path, changes);
};

describe('what GitLab would obey', () => {
  it('never reaches it at the start of a line, and reads as it was written', async () => {
    const { number } = await mergeRequest();
    const comment = await forge.comments.create(lock, { repository, number }, 'Say:\n/merge\n');
    const kept = simulator.forge.comments.of(repository.path, number).find((one) => String(one.id) === comment.id);
    expect(kept?.body).toBe('Say:\n\\/merge\n');
    expect(comment.body).toBe('Say:\n/merge\n');
    const stored = simulator.forge.pullRequests.of(repository.path).find((one) => one.number === number);
    expect(stored?.body).toBe('\\/merge\n\n\\/why?');
    expect((await forge.pullRequests.read(repository, number))?.body).toBe('/merge\n\n/why?');
    await forge.comments.edit(lock, { repository, number }, { id: comment.id, body: '/approve', matters: 'facts' });
    expect(await forge.comments.list(repository, number)).toMatchObject([{ body: '/approve' }]);
  });
});

describe('commit statuses', () => {
  const report = (sha: string, changes: Partial<CheckReport> = {}): CheckReport => ({
    sha,
    name: 'lockkeeper/plan',
    state: 'pending',
    title: 'Waiting',
    summary: '',
    url: null,
    externalId: '',
    ...changes,
  });

  it('that wait can be given other words once, and bring a result after that', async () => {
    const { sha } = await mergeRequest();
    const told = async (changes: Partial<CheckReport>) => {
      await forge.checks.report(lock, repository, report(sha, changes));
      return (await forge.checks.list(repository, sha)).map(({ state, description }) => [state, description]);
    };
    expect(await told({})).toEqual([['pending', 'Waiting']]);
    expect(await told({ title: 'Waiting for bob' })).toEqual([['pending', 'Waiting for bob']]);
    expect(await told({ title: 'Waiting for carol' })).toEqual([['pending', 'Waiting for bob']]);
    expect(await told({ title: 'Done', state: 'success' })).toEqual([['success', 'Done']]);
    expect(await told({ title: 'Again' })).toEqual([['pending', 'Again']]);
  });

  it('that somebody else has just set are let stand', async () => {
    const { sha } = await mergeRequest();
    const refused = { status: 400, body: { message: 'Cannot transition status via :enqueue from :pending' } };
    simulator.faults.plan({ method: 'POST', path: '/api/v4/*/statuses/*', effect: { kind: 'status', ...refused } });
    await expect(forge.checks.report(lock, repository, report(sha))).rejects.toThrow(Forbidden);
    simulator.faults.plan({
      method: 'POST',
      path: '/api/v4/*/statuses/*',
      effect: { kind: 'act-then-500', status: 400 },
    });
    await forge.checks.report(lock, repository, report(sha));
    expect(await forge.checks.list(repository, sha)).toMatchObject([{ state: 'pending' }]);
  });

  it('join the pipeline that decides about the merge request, and are updated there', async () => {
    const { sha } = await mergeRequest();
    simulator.forge.pipelines.reportJob({
      repository: repository.path,
      sha,
      name: 'ci',
      status: 'success',
      actor: 'alice',
    });
    const before = simulator.forge.pipelines.of(repository.path).map((one) => one.id);
    await forge.checks.report(lock, repository, report(sha));
    await forge.checks.report(lock, repository, report(sha, { state: 'success', title: 'Done' }));
    expect(simulator.forge.pipelines.of(repository.path).map((one) => one.id)).toEqual(before);
    expect(await forge.checks.list(repository, sha)).toMatchObject([{ state: 'success' }, { name: 'ci' }]);
  });

  it('without a pipeline make one for the branch of the merge request', async () => {
    const { sha } = await mergeRequest();
    simulator.forge.state.pipelines.clear();
    await forge.checks.report(lock, repository, report(sha));
    expect(simulator.forge.pipelines.of(repository.path)).toMatchObject([{ ref: 'work', sha }]);
  });

  it('are cut at 140 characters, never within one', async () => {
    const { sha } = await mergeRequest();
    await forge.checks.report(lock, repository, report(sha, { title: '🚢'.repeat(80) }));
    const [check] = await forge.checks.list(repository, sha);
    expect(check?.description).toBe(`${'🚢'.repeat(69)}…`);
  });
});

describe('merging in a way that the project does not', () => {
  it.each([
    ['rebase', ['merge', 'squash']],
    ['squash', ['merge']],
    ['merge', ['rebase']],
  ] as const)('%s where there is %j: not allowed, with the way out', async (method, mergeMethods) => {
    const { number, sha } = await mergeRequest();
    configure({ mergeMethods });
    const before = await simulator.forge.git(repository.path).branchHead('main');
    const request = { repository, number, expectedHead: sha, method, title: 't', message: '' };
    expect(await forge.pullRequests.merge(lock, request)).toMatchObject({
      kind: 'not-allowed',
      reason: expect.stringContaining('queue.method'),
    });
    expect(await simulator.forge.git(repository.path).branchHead('main')).toBe(before);
  });

  it('a fast-forward puts the head itself on the target branch', async () => {
    const { number, sha } = await mergeRequest();
    configure({ mergeMethods: ['rebase'] });
    await forge.pullRequests.read(repository, number);
    const request = { repository, number, expectedHead: sha, method: 'rebase', title: 't', message: '' } as const;
    expect(await forge.pullRequests.merge(lock, request)).toEqual({ kind: 'merged', commit: sha });
  });
});

it('a semi-linear history takes a squashed commit with a merge commit on top, and calls what is behind so', async () => {
  const [one, other] = [await mergeRequest(), await mergeRequest('other', 'b.txt')];
  configure({ semiLinear: true });
  const request = { repository, expectedHead: one.sha, method: 'squash', title: 't', message: '' } as const;
  await forge.pullRequests.read(repository, one.number);
  const merged = await forge.pullRequests.merge(lock, { ...request, number: one.number });
  expect(merged).toEqual({ kind: 'merged', commit: await simulator.forge.git(repository.path).branchHead('main') });
  await forge.pullRequests.read(repository, other.number);
  const behind = { ...request, number: other.number, expectedHead: other.sha };
  expect(await forge.pullRequests.merge(lock, behind)).toEqual({ kind: 'behind' });
});

describe('files', () => {
  it('a commit that would change nothing is refused in words, a symbolic link too', async () => {
    const parent = (await simulator.forge.git(repository.path).branchHead('main')) ?? '';
    const change = { kind: 'write', path: 'a.txt', content: Buffer.from('a\n'), mode: '100644', blob: null } as const;
    const request = { repository, branch: 'new', expected: null, parent, message: 'm', changes: [change] };
    await expect(forge.contents.commit(lock, request)).rejects.toThrow(/change nothing/);
    const link = { ...request, changes: [{ ...change, path: 'link', mode: '120000' as const }] };
    await expect(forge.contents.commit(lock, link)).rejects.toThrow(Forbidden);
  });

  it('content and mode of one file change together', async () => {
    const git = simulator.forge.git(repository.path);
    const parent = (await git.branchHead('main')) ?? '';
    const content = Buffer.from('#!/bin/sh\n');
    await forge.contents.commit(lock, {
      repository,
      branch: 'new',
      expected: null,
      parent,
      message: 'm',
      changes: [{ kind: 'write', path: 'a.txt', content, mode: '100755', blob: null }],
    });
    expect((await git.entryAt('new', 'a.txt'))?.mode).toBe('100755');
    expect((await git.readFile('new', 'a.txt'))?.toString()).toBe('#!/bin/sh\n');
  });
});

describe('starting', () => {
  it('ends at once with a token that GitLab does not know', async () => {
    const wrong = createGitlab({ ...settings(), token: 'glpat-wrong' });
    await expect(wrong).rejects.toThrow(Forbidden);
    await expect(wrong).rejects.not.toThrow(/glpat-wrong/);
  });

  it('goes on while GitLab is away, and works when it is back', async () => {
    simulator.faults.plan({ path: '/api/v4/user', effect: { kind: 'status', status: 503 }, times: 2 });
    const late = (await createGitlab(settings())).forge;
    await expect(late.people.self()).rejects.toThrow(Unavailable);
    expect(await late.people.self()).toEqual({ login: 'lockkeeper', kind: 'bot' });
  });

  it('serves only the projects that it was told to', async () => {
    const narrow = (await createGitlab({ ...settings(), repositories: ['acme/other'] })).forge;
    expect(await narrow.repositories.list()).toEqual([{ forge: 'gitlab', path: 'acme/other' }]);
    expect(await narrow.repositories.facts(repository)).toBeNull();
  });
});
