import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, commitFiles, octokitOf, refusalOf, startGithub } from './github-fixture.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startGithub();
});
afterEach(() => simulator.close());

const alice = () => octokitOf(simulator, 'alice');
const headOf = async (branch: string) =>
  (await alice().git.getRef({ ...acme, ref: `heads/${branch}` })).data.object.sha;

test('refs: exact, matching, existing, moved forward only unless forced, deleted', async () => {
  const main = await headOf('main');
  const sha = await commitFiles(alice(), { branch: 'bump/api', files: { 'x.txt': 'x\n' } });
  expect((await alice().git.listMatchingRefs({ ...acme, ref: 'heads/bump' })).data.map((one) => one.ref)).toEqual([
    'refs/heads/bump/api',
  ]);
  expect(await refusalOf(alice().git.getRef({ ...acme, ref: 'heads/bump' }))).toMatchObject({ status: 404 });
  expect(await refusalOf(alice().git.createRef({ ...acme, ref: 'refs/heads/bump/api', sha }))).toMatchObject({
    status: 422,
    message: 'Reference already exists',
  });
  expect(
    await refusalOf(alice().git.createRef({ ...acme, ref: 'refs/heads/none', sha: '1'.repeat(40) })),
  ).toMatchObject({ status: 422, message: 'Object does not exist' });
  expect(await refusalOf(alice().git.updateRef({ ...acme, ref: 'heads/bump/api', sha: main }))).toMatchObject({
    status: 422,
    message: 'Update is not a fast forward',
  });
  expect(
    (await alice().git.updateRef({ ...acme, ref: 'heads/bump/api', sha: main, force: true })).data.object.sha,
  ).toBe(main);
  await alice().git.deleteRef({ ...acme, ref: 'heads/bump/api' });
  expect(await refusalOf(alice().git.deleteRef({ ...acme, ref: 'heads/bump/api' }))).toMatchObject({
    status: 422,
    message: 'Reference does not exist',
  });
});

test("the protected branch is nobody's to move or delete", async () => {
  const sha = await commitFiles(alice(), { branch: 'ahead', files: { 'x.txt': 'x\n' } });
  expect(await refusalOf(alice().git.updateRef({ ...acme, ref: 'heads/main', sha }))).toMatchObject({
    status: 422,
    message: 'Cannot update this protected ref.',
  });
  expect(await refusalOf(alice().git.deleteRef({ ...acme, ref: 'heads/main' }))).toMatchObject({ status: 422 });
});

test('readers write nothing; strangers see nothing', async () => {
  const dave = octokitOf(simulator, 'dave');
  const stranger = octokitOf(simulator, 'stranger');
  const main = await headOf('main');
  expect(await refusalOf(dave.git.createRef({ ...acme, ref: 'refs/heads/x', sha: main }))).toMatchObject({
    status: 403,
  });
  expect(await refusalOf(dave.git.createBlob({ ...acme, content: 'x' }))).toMatchObject({ status: 403 });
  expect(await refusalOf(stranger.repos.get(acme))).toMatchObject({ status: 404, message: 'Not Found' });
});

test('trees: from a base, removed by null, modes kept, files and folders replacing each other', async () => {
  const main = await headOf('main');
  const base = (await alice().git.getCommit({ ...acme, commit_sha: main })).data.tree.sha;
  const script = (
    await alice().git.createBlob({ ...acme, content: Buffer.from([0, 1, 255]).toString('base64'), encoding: 'base64' })
  ).data.sha;
  const tree = await alice().git.createTree({
    ...acme,
    base_tree: base,
    tree: [
      { path: 'run.sh', mode: '100755', type: 'blob', sha: script },
      { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      { path: 'apps/api', mode: '100644', type: 'blob', content: 'now a file' },
    ],
  });
  const listed = await alice().git.getTree({ ...acme, tree_sha: tree.data.sha, recursive: 'true' });
  expect(listed.data.tree.map((one) => `${one.mode} ${one.path}`)).toEqual([
    '040000 apps',
    '100644 apps/api',
    '100755 run.sh',
  ]);
  const blob = await alice().git.getBlob({ ...acme, file_sha: script });
  expect(Buffer.from(blob.data.content, 'base64')).toEqual(Buffer.from([0, 1, 255]));
  const back = await alice().git.createTree({
    ...acme,
    base_tree: tree.data.sha,
    tree: [
      {
        path: 'apps',
        mode: '040000',
        type: 'tree',
        sha: (
          await alice()
            .git.getTree({ ...acme, tree_sha: `${main}:apps` })
            .catch(() => listed)
        ).data.sha,
      },
    ],
  });
  expect(back.status).toBe(201);
  expect(
    await refusalOf(
      alice().git.createTree({ ...acme, tree: [{ path: '../x', mode: '100644', type: 'blob', content: '' }] }),
    ),
  ).toMatchObject({ status: 422 });
});

test('commits: message and people kept, parents checked', async () => {
  const sha = await commitFiles(alice(), { branch: 'b', files: { 'x.txt': 'x\n' } });
  const { data } = await alice().git.getCommit({ ...acme, commit_sha: sha });
  expect(data).toMatchObject({
    author: { name: 'alice', email: 'alice@acme.test' },
    verification: { verified: false },
  });
  const again = await alice().git.createCommit({
    ...acme,
    message: 'Line\n\nTrailer: x',
    tree: data.tree.sha,
    parents: [sha],
    author: { name: 'Zoë', email: 'z@x.test', date: '2020-02-03T04:05:06Z' },
  });
  expect(again.data).toMatchObject({
    message: 'Line\n\nTrailer: x',
    author: { name: 'Zoë', date: '2020-02-03T04:05:06Z' },
  });
  expect(
    await refusalOf(
      alice().git.createCommit({ ...acme, message: 'm', tree: data.tree.sha, parents: ['1'.repeat(40)] }),
    ),
  ).toMatchObject({ status: 422 });
});

test('contents, commits, comparisons and branches', async () => {
  const sha = await commitFiles(alice(), {
    branch: 'work',
    files: { 'apps/api/a.yaml': 'image: 1.1.0\n', 'naïve file.txt': 'é\n' },
  });
  const folder = await alice().repos.getContent({ ...acme, path: 'apps', ref: 'work' });
  expect(folder.data).toMatchObject([{ name: 'api', type: 'dir' }]);
  const file = (await alice().repos.getContent({ ...acme, path: 'naïve file.txt', ref: 'work' })).data;
  expect('content' in file && Buffer.from(file.content, 'base64').toString()).toBe('é\n');
  expect(await refusalOf(alice().repos.getContent({ ...acme, path: 'none' }))).toMatchObject({ status: 404 });
  expect((await alice().repos.listCommits({ ...acme, sha: 'work', path: 'README.md' })).data).toHaveLength(1);
  expect((await alice().repos.getCommit({ ...acme, ref: 'heads/work' })).data).toMatchObject({
    sha,
    stats: { additions: 2, deletions: 1 },
  });
  expect(await refusalOf(alice().repos.getCommit({ ...acme, ref: 'nothing' }))).toMatchObject({ status: 422 });
  const compared = (await alice().repos.compareCommitsWithBasehead({ ...acme, basehead: `main...${sha}` })).data;
  expect(compared).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 });
  const branch = (await alice().repos.getBranch({ ...acme, branch: 'main' })).data;
  expect(branch).toMatchObject({ protected: true, protection: { required_status_checks: { contexts: ['ci/build'] } } });
  expect(await refusalOf(alice().repos.getBranchProtection({ ...acme, branch: 'main' }))).toMatchObject({
    status: 403,
  });
  const olga = octokitOf(simulator, 'olga');
  expect(
    (await olga.repos.getBranchProtection({ ...acme, branch: 'main' })).data.required_status_checks?.contexts,
  ).toEqual(['ci/build']);
  expect((await alice().repos.listBranches(acme)).data.map((one) => one.name)).toEqual(['main', 'work']);
  expect((await alice().repos.getBranchRules({ ...acme, branch: 'main' })).data).toEqual([]);
});

test('answers that have not changed are 304 for whoever sends the ETag', async () => {
  const first = await alice().repos.get(acme);
  const etag = first.headers.etag ?? '';
  expect(etag).not.toBe('');
  expect(await refusalOf(alice().repos.get({ ...acme, headers: { 'if-none-match': etag } }))).toMatchObject({
    status: 304,
  });
});
