import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, octokitOf, octokitOfApp, openPull, refusalOf, startGithubInRealTime } from './github-fixture.js';

let simulator: Simulator;
let sha: string;
let number: number;
beforeEach(async () => {
  simulator = await startGithubInRealTime();
  ({ sha, number } = await openPull(octokitOf(simulator, 'alice')));
});
afterEach(() => simulator.close());

const alice = () => octokitOf(simulator, 'alice');
const app = () => octokitOfApp(simulator);
const installed = () => octokitOfApp(simulator, { installationId: 70 });

test('an App signs in by its key, finds its installation and acts as its bot', async () => {
  expect((await app().apps.getAuthenticated()).data).toMatchObject({ slug: 'keeper', id: 7 });
  expect((await app().apps.listInstallations()).data.map((one) => one.id)).toEqual([70]);
  expect((await app().apps.getRepoInstallation(acme)).data.id).toBe(70);
  expect(
    (await installed().apps.listReposAccessibleToInstallation()).data.repositories.map((one) => one.full_name),
  ).toEqual(['acme/config']);
  const comment = await installed().issues.createComment({ ...acme, issue_number: number, body: 'hello' });
  expect(comment.data).toMatchObject({
    user: { login: 'keeper[bot]', type: 'Bot' },
    performed_via_github_app: { slug: 'keeper' },
  });
  expect(await refusalOf(installed().users.getAuthenticated())).toMatchObject({ status: 403 });
});

test("a token that is forged, or has expired, is nobody's", async () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ iss: '7', iat: 0, exp: 4e9 })).toString('base64url')}.AAAA`;
  const forged = await fetch(`${simulator.apiUrl}/app`, { headers: { authorization: `Bearer ${jwt}` } });
  expect(forged.status).toBe(401);
  simulator.forge.people.addToken({ value: 'old', login: 'alice', kind: 'personal', expiresAt: new Date(0) });
  const expired = await fetch(`${simulator.apiUrl}/user`, { headers: { authorization: 'token old' } });
  expect(expired.status).toBe(401);
});

test('commits by an App without author are verified', async () => {
  const tree = (await alice().git.getCommit({ ...acme, commit_sha: sha })).data.tree.sha;
  const commit = await installed().git.createCommit({ ...acme, message: 'Promote', tree, parents: [sha] });
  expect(commit.data).toMatchObject({ verification: { verified: true }, author: { name: 'keeper' } });
});

test('only Apps write check runs, and only their own', async () => {
  const report = { ...acme, head_sha: sha, name: 'lockkeeper/plan', status: 'in_progress' } as const;
  expect(await refusalOf(alice().checks.create(report))).toMatchObject({
    status: 403,
    message: 'You must authenticate via a GitHub App.',
  });
  const run = await installed().checks.create(report);
  expect(run.data).toMatchObject({ status: 'in_progress', conclusion: null });
  const output = { title: 'Planned', summary: 'Two changes', text: 'x' };
  const done = await installed().checks.update({ ...acme, check_run_id: run.data.id, conclusion: 'success', output });
  expect(done.data).toMatchObject({ status: 'completed', conclusion: 'success', output: { title: 'Planned' } });
  const listed = await alice().checks.listForRef({ ...acme, ref: 'change' });
  expect(listed.data).toMatchObject({
    total_count: 1,
    check_runs: [{ name: 'lockkeeper/plan', pull_requests: [{ number }] }],
  });
  const again = await installed().checks.update({ ...acme, check_run_id: run.data.id, status: 'queued' });
  expect(again.data).toMatchObject({ status: 'queued', conclusion: null, completed_at: null });
});

test("the newest run of a name counts, and an App's run makes a required check pass", async () => {
  const merge = () => alice().pulls.merge({ ...acme, pull_number: number, sha });
  await installed().checks.create({ ...acme, head_sha: sha, name: 'ci/build', conclusion: 'success' });
  await installed().checks.create({ ...acme, head_sha: sha, name: 'ci/build', conclusion: 'failure' });
  expect(await refusalOf(merge())).toMatchObject({
    status: 405,
    message: 'Required status check "ci/build" is failing.',
  });
  expect((await alice().checks.listForRef({ ...acme, ref: sha })).data.total_count).toBe(1);
  expect((await alice().checks.listForRef({ ...acme, ref: sha, filter: 'all' })).data.total_count).toBe(2);
  await installed().checks.create({ ...acme, head_sha: sha, name: 'ci/build', conclusion: 'neutral' });
  expect((await merge()).data.merged).toBe(true);
});

test('statuses: newest of a context, combined, description capped at 140, for a commit that exists', async () => {
  const status = (state: 'pending' | 'success' | 'failure', context = 'ci/a') =>
    alice().repos.createCommitStatus({ ...acme, sha, state, context });
  expect((await alice().repos.getCombinedStatusForRef({ ...acme, ref: sha })).data.state).toBe('pending');
  await status('failure');
  await status('success');
  expect((await alice().repos.getCombinedStatusForRef({ ...acme, ref: sha })).data).toMatchObject({
    state: 'success',
    total_count: 1,
  });
  await status('failure', 'ci/b');
  expect((await alice().repos.getCombinedStatusForRef({ ...acme, ref: 'change' })).data.state).toBe('failure');
  expect((await alice().repos.listCommitStatusesForRef({ ...acme, ref: sha })).data.map((one) => one.state)).toEqual([
    'failure',
    'success',
    'failure',
  ]);
  const long = { ...acme, sha, state: 'success', description: 'x'.repeat(141) } as const;
  expect(await refusalOf(alice().repos.createCommitStatus(long))).toMatchObject({ status: 422 });
  expect(
    await refusalOf(alice().repos.createCommitStatus({ ...acme, sha: '1'.repeat(40), state: 'success' })),
  ).toMatchObject({ status: 422 });
  expect(
    await refusalOf(octokitOf(simulator, 'dave').repos.createCommitStatus({ ...acme, sha, state: 'success' })),
  ).toMatchObject({ status: 403 });
});

test('who may do what, and teams', async () => {
  const levelOf = async (username: string) =>
    (await alice().repos.getCollaboratorPermissionLevel({ ...acme, username })).data;
  expect(await levelOf('bob')).toMatchObject({ permission: 'write', role_name: 'write' });
  expect((await levelOf('olga')).permission).toBe('admin');
  expect((await levelOf('stranger')).permission).toBe('none');
  expect(await refusalOf(levelOf('nobody'))).toMatchObject({ status: 404 });
  const team = { org: 'acme', team_slug: 'sre' };
  expect((await installed().teams.listMembersInOrg(team)).data.map((one) => one.login)).toEqual(['alice']);
  expect((await installed().teams.getMembershipForUserInOrg({ ...team, username: 'alice' })).data.state).toBe('active');
  expect(await refusalOf(installed().teams.getMembershipForUserInOrg({ ...team, username: 'bob' }))).toMatchObject({
    status: 404,
  });
  expect(await refusalOf(octokitOf(simulator, 'stranger').teams.listMembersInOrg(team))).toMatchObject({ status: 404 });
  simulator.forge.people.setCollaborator('acme/config', 'bob', 'triage');
  expect(await levelOf('bob')).toMatchObject({ permission: 'read', role_name: 'triage' });
});

test('what the API says of itself and of accounts', async () => {
  expect((await alice().rateLimit.get()).data.rate.limit).toBe(5000);
  expect((await alice().meta.get()).status).toBe(200);
  expect((await alice().users.getAuthenticated()).data.login).toBe('alice');
  expect((await alice().users.getByUsername({ username: 'keeper[bot]' })).data.type).toBe('Bot');
  expect((await alice().repos.listForAuthenticatedUser()).data.map((one) => one.full_name)).toEqual(['acme/config']);
});
