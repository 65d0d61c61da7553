import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, commitFiles, octokitOf, openPull, passCi, refusalOf, startGithub } from './github-fixture.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startGithub();
});
afterEach(() => simulator.close());

const alice = () => octokitOf(simulator, 'alice');
const bob = () => octokitOf(simulator, 'bob');

test('mergeability is unknown at first and known on the second read', async () => {
  const { number } = await openPull(alice());
  const first = await alice().pulls.get({ ...acme, pull_number: number });
  expect(first.data).toMatchObject({
    mergeable: null,
    mergeable_state: 'unknown',
    changed_files: 1,
    commits: 1,
    additions: 1,
    deletions: 1,
  });
  const second = await alice().pulls.get({ ...acme, pull_number: number });
  expect(second.data).toMatchObject({ mergeable: true, mergeable_state: 'blocked' });
});

test('a second pull request for the same head and base is refused, as is one without commits', async () => {
  await openPull(alice(), 'twice');
  const again = await refusalOf(alice().pulls.create({ ...acme, title: 'again', head: 'twice', base: 'main' }));
  expect(again).toMatchObject({
    status: 422,
    message: 'Validation Failed',
    errors: [{ message: 'A pull request already exists for acme:twice.' }],
  });
  const main = (await alice().git.getRef({ ...acme, ref: 'heads/main' })).data.object.sha;
  await alice().git.createRef({ ...acme, ref: 'refs/heads/empty', sha: main });
  const empty = await refusalOf(alice().pulls.create({ ...acme, title: 'empty', head: 'empty', base: 'main' }));
  expect(empty).toMatchObject({ status: 422, errors: [{ message: 'No commits between main and empty' }] });
});

test('a merge waits for the required checks, the expected head and permission', async () => {
  const { number, sha } = await openPull(alice());
  expect(await refusalOf(alice().pulls.merge({ ...acme, pull_number: number, sha }))).toMatchObject({
    status: 405,
    message: 'Required status check "ci/build" is expected.',
  });
  await passCi(alice(), sha);
  expect(await refusalOf(alice().pulls.merge({ ...acme, pull_number: number, sha: '0'.repeat(40) }))).toMatchObject({
    status: 409,
  });
  expect(
    await refusalOf(octokitOf(simulator, 'dave').pulls.merge({ ...acme, pull_number: number, sha })),
  ).toMatchObject({ status: 403 });
  expect(
    await refusalOf(octokitOf(simulator, 'stranger').pulls.merge({ ...acme, pull_number: number, sha })),
  ).toMatchObject({ status: 404 });
  const merged = await alice().pulls.merge({ ...acme, pull_number: number, sha, merge_method: 'squash' });
  expect(merged.data.merged).toBe(true);
  expect(await refusalOf(alice().pulls.merge({ ...acme, pull_number: number }))).toMatchObject({ status: 405 });
  const after = await alice().pulls.get({ ...acme, pull_number: number });
  expect(after.data).toMatchObject({
    state: 'closed',
    merged: true,
    merge_commit_sha: merged.data.sha,
    merged_by: { login: 'alice' },
  });
});

test.each([
  ['merge', 2, 'Merge pull request #1 from acme/change\n\nPull change'],
  ['squash', 1, 'Pull change (#1)'],
  ['rebase', 1, 'Change apps/api/a.yaml'],
] as const)('%s makes a commit with %i parents and its message', async (method, parents, message) => {
  const { number, sha } = await openPull(alice());
  await passCi(alice(), sha);
  const { data } = await bob().pulls.merge({ ...acme, pull_number: number, merge_method: method });
  const commit = (await alice().git.getCommit({ ...acme, commit_sha: data.sha })).data;
  expect(commit.parents).toHaveLength(parents);
  expect(commit.message).toBe(message);
  expect((await alice().git.getRef({ ...acme, ref: 'heads/main' })).data.object.sha).toBe(data.sha);
  const file = await alice().repos.getContent({ ...acme, path: 'apps/api/a.yaml', mediaType: { format: 'raw' } });
  expect(file.data).toBe('image: 1.1.0\n');
});

test('two that change the same line: the second becomes dirty after the first is merged, and is not merged', async () => {
  const one = await openPull(alice(), 'one', { 'README.md': 'one\nTWO\nthree\n' });
  const other = await openPull(alice(), 'other', { 'README.md': 'one\nzwei\nthree\n' });
  await alice().pulls.get({ ...acme, pull_number: other.number });
  expect((await alice().pulls.get({ ...acme, pull_number: other.number })).data.mergeable).toBe(true);
  for (const { sha } of [one, other]) await passCi(alice(), sha);
  await alice().pulls.merge({ ...acme, pull_number: one.number });
  expect((await alice().pulls.get({ ...acme, pull_number: other.number })).data.mergeable).toBeNull();
  expect((await alice().pulls.get({ ...acme, pull_number: other.number })).data).toMatchObject({
    mergeable: false,
    mergeable_state: 'dirty',
  });
  for (const merge_method of ['merge', 'squash', 'rebase'] as const) {
    expect(await refusalOf(alice().pulls.merge({ ...acme, pull_number: other.number, merge_method }))).toMatchObject({
      status: 405,
      message: 'Pull Request is not mergeable',
    });
  }
});

test('reviews carry the commit; authors do not approve their own; dismissal keeps the review', async () => {
  const { number, sha } = await openPull(alice());
  const own = await refusalOf(alice().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE' }));
  expect(own).toMatchObject({ status: 422, errors: ['Can not approve your own pull request'] });
  const review = await bob().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE' });
  expect(review.data).toMatchObject({ state: 'APPROVED', commit_id: sha, user: { login: 'bob' } });
  const foreign = await refusalOf(
    bob().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE', commit_id: '1'.repeat(40) }),
  );
  expect(foreign.status).toBe(422);
  await bob().pulls.dismissReview({ ...acme, pull_number: number, review_id: review.data.id, message: 'old' });
  expect((await bob().pulls.listReviews({ ...acme, pull_number: number })).data.map((one) => one.state)).toEqual([
    'DISMISSED',
  ]);
});

test('required approvals count people with write permission, and stale ones are dismissed', async () => {
  simulator.forge.protections.set('acme/config', { pattern: 'main', requiredApprovals: 1, dismissStaleReviews: true });
  const { number, sha } = await openPull(alice());
  const merge = () => alice().pulls.merge({ ...acme, pull_number: number });
  await octokitOf(simulator, 'dave').pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE' });
  expect(await refusalOf(merge())).toMatchObject({
    status: 405,
    message: 'At least 1 approving review is required by reviewers with write access.',
  });
  await bob().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE' });
  const next = await commitFiles(alice(), { branch: 'aside', from: sha, files: { 'README.md': 'more\n' } });
  await alice().git.updateRef({ ...acme, ref: 'heads/change', sha: next });
  expect(await refusalOf(merge())).toMatchObject({ status: 405 });
  await bob().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE' });
  expect((await merge()).data.merged).toBe(true);
});

test('deleting the head branch closes it; a branch that comes to contain the head merges it', async () => {
  const closed = await openPull(alice(), 'gone');
  await alice().git.deleteRef({ ...acme, ref: 'heads/gone' });
  expect((await alice().pulls.get({ ...acme, pull_number: closed.number })).data).toMatchObject({
    state: 'closed',
    merged: false,
  });
  expect(await refusalOf(alice().pulls.update({ ...acme, pull_number: closed.number, state: 'open' }))).toMatchObject({
    status: 422,
  });
  simulator.forge.protections.remove('acme/config', 'main');
  const pushed = await openPull(alice(), 'pushed');
  await alice().git.updateRef({ ...acme, ref: 'heads/main', sha: pushed.sha });
  expect((await alice().pulls.get({ ...acme, pull_number: pushed.number })).data).toMatchObject({
    state: 'closed',
    merged: true,
    merge_commit_sha: pushed.sha,
  });
});

test('closing, reopening, editing and retargeting', async () => {
  const { number } = await openPull(alice());
  const update = (change: object) => bob().pulls.update({ ...acme, pull_number: number, ...change });
  expect((await update({ state: 'closed' })).data.state).toBe('closed');
  expect((await update({ state: 'open', title: 'New title', body: 'New body' })).data).toMatchObject({
    state: 'open',
    title: 'New title',
    body: 'New body',
  });
  const main = (await alice().git.getRef({ ...acme, ref: 'heads/main' })).data.object.sha;
  await alice().git.createRef({ ...acme, ref: 'refs/heads/next', sha: main });
  expect((await update({ base: 'next' })).data.base.ref).toBe('next');
  expect(
    await refusalOf(octokitOf(simulator, 'dave').pulls.update({ ...acme, pull_number: number, title: 'x' })),
  ).toMatchObject({ status: 403 });
});

test('lists by head, base, state, with pages', async () => {
  for (const branch of ['a', 'b', 'c']) await openPull(alice(), branch, { [`${branch}.txt`]: branch });
  const byHead = await alice().pulls.list({ ...acme, head: 'acme:b', state: 'all' });
  expect(byHead.data.map((one) => one.head.ref)).toEqual(['b']);
  const page = await alice().pulls.list({ ...acme, per_page: 2 });
  expect(page.data.map((one) => one.number)).toEqual([3, 2]);
  expect(page.headers.link).toContain('page=2>; rel="next"');
  const all = await alice().paginate(alice().pulls.list, { ...acme, per_page: 1, direction: 'asc', sort: 'created' });
  expect(all.map((one) => one.number)).toEqual([1, 2, 3]);
});

test('files and commits of a pull request, and what a commit belongs to', async () => {
  const { number, sha } = await openPull(alice(), 'files', {
    'apps/api/a.yaml': null,
    'apps/api/b.yaml': 'image: 1.0.0\n',
    'new.txt': 'x\n',
  });
  const files = (await alice().pulls.listFiles({ ...acme, pull_number: number })).data;
  expect(files.map((one) => [one.filename, one.status, one.previous_filename])).toEqual([
    ['apps/api/b.yaml', 'renamed', 'apps/api/a.yaml'],
    ['new.txt', 'added', undefined],
  ]);
  expect((await alice().pulls.listCommits({ ...acme, pull_number: number })).data.map((one) => one.sha)).toEqual([sha]);
  expect(
    (await alice().repos.listPullRequestsAssociatedWithCommit({ ...acme, commit_sha: sha })).data.map(
      (one) => one.number,
    ),
  ).toEqual([number]);
});

test('update-branch merges the base in', async () => {
  const { number, sha } = await openPull(alice(), 'behind');
  const first = await openPull(alice(), 'first', { 'README.md': 'changed\n' });
  await passCi(alice(), first.sha);
  await alice().pulls.merge({ ...acme, pull_number: first.number });
  expect(
    await refusalOf(alice().pulls.updateBranch({ ...acme, pull_number: number, expected_head_sha: '0'.repeat(40) })),
  ).toMatchObject({ status: 422 });
  await alice().pulls.updateBranch({ ...acme, pull_number: number, expected_head_sha: sha });
  const after = (await alice().pulls.get({ ...acme, pull_number: number })).data;
  expect(after.head.sha).not.toBe(sha);
  expect(after.changed_files).toBe(1);
});
