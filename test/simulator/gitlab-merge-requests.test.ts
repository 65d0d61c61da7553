import { afterEach, describe, expect, it } from 'vitest';
import type { GitlabSetting, GitlabUnderTest } from './gitlab-harness.js';
import { api, openMergeRequest, project, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
afterEach(() => gitlab.close());

async function start(setting?: GitlabSetting): Promise<void> {
  gitlab = await startGitlab(setting);
}

async function passPipeline(sha: string): Promise<void> {
  await gitlab.client('bot').Commits.editStatus(project, sha, 'success', { name: 'ci/build' });
}

/** Reads twice: the first read starts the check for conflicts. */
async function settledStatus(iid: number): Promise<string> {
  const { MergeRequests } = gitlab.client('alice');
  await MergeRequests.show(project, iid);
  return (await MergeRequests.show(project, iid)).detailed_merge_status;
}

async function commitOnMain(content: string): Promise<void> {
  const made = await gitlab.forge.commits.commit({
    repository: project,
    actor: 'carol',
    branch: 'main',
    message: 'Change on main',
    actions: [{ kind: 'put', path: 'apps/api/envs/dev/values.yaml', content: Buffer.from(content) }],
  });
  expect(made.ok).toBe(true);
}

const openMain: GitlabSetting = { protections: [{ pattern: 'main', push: 'write', merge: 'write' }] };

describe('opening and editing', () => {
  it('opens a merge request, finds it in lists, and edits it', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const { MergeRequests } = gitlab.client('bob');
    const shown = await MergeRequests.show(project, iid);
    expect(shown).toMatchObject({
      iid: 1,
      state: 'opened',
      sha,
      source_branch: 'bump/api',
      target_branch: 'main',
      description: 'Because **1.1.0** is out.\n',
      changes_count: '1',
      author: { username: 'alice' },
      web_url: `${gitlab.url}/acme/config/-/merge_requests/1`,
      references: { full: 'acme/config!1' },
    });
    const edited = await gitlab.client('bot').MergeRequests.edit(project, iid, {
      title: 'Draft: Bump api',
      labels: 'lockkeeper,promotion',
    });
    expect(edited).toMatchObject({ title: 'Draft: Bump api', draft: true, labels: ['lockkeeper', 'promotion'] });
    const found = await MergeRequests.all({ projectId: project, state: 'opened', sourceBranch: 'bump/api' });
    expect(found.map((one) => one.iid)).toEqual([1]);
    expect(await MergeRequests.all({ projectId: project, state: 'merged' })).toEqual([]);
    expect(await MergeRequests.all({ projectId: project, targetBranch: 'other' })).toEqual([]);
    const later = await MergeRequests.all({ projectId: project, updatedAfter: '2030-01-01T00:00:00Z' });
    expect(later).toEqual([]);
  });

  it('refuses a second one for the same branches with a list of words', async () => {
    await start();
    await openMergeRequest(gitlab);
    const again = { source_branch: 'bump/api', target_branch: 'main', title: 'Again' };
    expect(await gitlab.call('bob', `POST ${api}/merge_requests`, again)).toMatchObject({
      status: 409,
      body: { message: ['Another open merge request already exists for this source branch: !1'] },
    });
  });

  it('refuses what is missing, and people who may not', async () => {
    await start();
    const path = `POST ${api}/merge_requests`;
    const wanted = { source_branch: 'nowhere', target_branch: 'main', title: 'x' };
    expect(await gitlab.call('alice', path, { source_branch: 'a', target_branch: 'main' })).toMatchObject({
      status: 400,
      body: { error: 'title is missing' },
    });
    expect(await gitlab.call('alice', path, wanted)).toMatchObject({
      status: 422,
      body: { message: ['Source branch "nowhere" does not exist'] },
    });
    expect(await gitlab.call('dave', path, wanted)).toMatchObject({ status: 403, body: { message: '403 Forbidden' } });
    expect(await gitlab.call('eve', path, wanted)).toMatchObject({
      status: 404,
      body: { message: '404 Project Not Found' },
    });
    expect(await gitlab.call('', path, wanted)).toMatchObject({ status: 401, body: { message: '401 Unauthorized' } });
  });

  it('closes and reopens, and a deleted source branch closes', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    const { MergeRequests, Branches } = gitlab.client('alice');
    expect(await MergeRequests.edit(project, iid, { stateEvent: 'close' })).toMatchObject({
      state: 'closed',
      closed_by: { username: 'alice' },
      detailed_merge_status: 'not_open',
    });
    expect(await MergeRequests.edit(project, iid, { stateEvent: 'reopen' })).toMatchObject({ state: 'opened' });
    await Branches.remove(project, 'bump/api');
    expect(await MergeRequests.show(project, iid)).toMatchObject({ state: 'closed' });
  });
});

describe('mergeability', () => {
  it('is worked out late', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    const { MergeRequests } = gitlab.client('alice');
    const [listed] = await MergeRequests.all({ projectId: project });
    expect(listed).toMatchObject({ merge_status: 'unchecked', detailed_merge_status: 'unchecked' });
    expect(await MergeRequests.show(project, iid)).toMatchObject({ detailed_merge_status: 'checking' });
    expect(await MergeRequests.show(project, iid)).toMatchObject({
      merge_status: 'can_be_merged',
      detailed_merge_status: 'mergeable',
      has_conflicts: false,
    });
  });

  it('names conflicts, drafts and pipelines', async () => {
    await start({ ...openMain, settings: { pipelinesMustSucceed: true } });
    const { iid, sha } = await openMergeRequest(gitlab);
    expect(await settledStatus(iid)).toBe('ci_must_pass');
    const { Commits, MergeRequests } = gitlab.client('bot');
    await Commits.editStatus(project, sha, 'running', { name: 'ci/build' });
    expect(await settledStatus(iid)).toBe('ci_still_running');
    await passPipeline(sha);
    expect(await settledStatus(iid)).toBe('mergeable');
    await MergeRequests.edit(project, iid, { title: 'Draft: x' });
    expect(await settledStatus(iid)).toBe('draft_status');
    await MergeRequests.edit(project, iid, { title: 'x' });
    await commitOnMain('image:\n  tag: 2.0.0\n');
    expect(await settledStatus(iid)).toBe('conflict');
    expect(await MergeRequests.show(project, iid)).toMatchObject({ has_conflicts: true });
  });
});

describe('merging', () => {
  it('makes a merge commit with GitLab’s words and deletes the branch when asked', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const merged = await gitlab
      .client('bob')
      .MergeRequests.accept(project, iid, { sha, shouldRemoveSourceBranch: true });
    expect(merged).toMatchObject({
      state: 'merged',
      merged_by: { username: 'bob' },
      detailed_merge_status: 'not_open',
    });
    const git = gitlab.forge.git(project);
    expect(await git.branchHead('main')).toBe(merged.merge_commit_sha);
    const commit = await git.readCommit('main');
    expect(commit?.parents).toHaveLength(2);
    expect(commit?.message).toBe(
      "Merge branch 'bump/api' into 'main'\n\nBump api to 1.1.0\n\nSee merge request acme/config!1",
    );
    expect(String(await git.readFile('main', 'apps/api/envs/dev/values.yaml'))).toContain('1.1.0');
    expect(await git.branchHead('bump/api')).toBeUndefined();
    expect(await gitlab.call('bob', `PUT ${api}/merge_requests/${iid}/merge`)).toMatchObject({
      status: 405,
      body: { message: '405 Method Not Allowed' },
    });
  });

  it('squashes with the message given', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    const squashCommitMessage = 'Bump api\n\nLockkeeper: yes';
    const merged = await gitlab.client('bob').MergeRequests.accept(project, iid, { squash: true, squashCommitMessage });
    expect(merged.merge_commit_sha).toBeNull();
    const commit = await gitlab.forge.git(project).readCommit(String(merged.squash_commit_sha));
    expect(commit).toMatchObject({ message: squashCommitMessage });
    expect(commit?.parents).toHaveLength(1);
  });

  it('merges by fast-forward without making commits, and never what is behind', async () => {
    await start({ ...openMain, settings: { mergeMethods: ['rebase'] } });
    const first = await openMergeRequest(gitlab);
    const second = await openMergeRequest(gitlab, { branch: 'other', file: 'README.md', content: 'Changed\n' });
    await gitlab.client('bob').MergeRequests.accept(project, first.iid);
    expect(await gitlab.forge.git(project).branchHead('main')).toBe(first.sha);
    expect(await settledStatus(second.iid)).toBe('need_rebase');
    expect(await gitlab.call('bob', `PUT ${api}/merge_requests/${second.iid}/merge`)).toMatchObject({ status: 405 });
  });

  it('makes a merge commit with a semi-linear history, on top of the squashed one too, and takes nothing that is behind', async () => {
    await start({ ...openMain, settings: { semiLinear: true } });
    const first = await openMergeRequest(gitlab);
    const second = await openMergeRequest(gitlab, { branch: 'other', file: 'README.md', content: 'Changed\n' });
    const git = gitlab.forge.git(project);
    const [base, { MergeRequests, Projects }] = [await git.branchHead('main'), gitlab.client('bob')];
    expect(await Projects.show(project)).toMatchObject({ merge_method: 'rebase_merge', squash_option: 'default_off' });
    const squashed = await MergeRequests.accept(project, first.iid, {
      squash: true,
      squashCommitMessage: 'Squashed',
      mergeCommitMessage: 'Merged',
    });
    const { merge_commit_sha: merge, squash_commit_sha: squash } = squashed;
    expect(await git.readCommit(String(merge))).toMatchObject({ message: 'Merged', parents: [base, squash] });
    expect(await git.readCommit(String(squash))).toMatchObject({ message: 'Squashed', parents: [base] });
    expect(await settledStatus(second.iid)).toBe('need_rebase');
    expect(await gitlab.call('bob', `PUT ${api}/merge_requests/${second.iid}/merge`)).toMatchObject({ status: 405 });
    await MergeRequests.rebase(project, second.iid);
    await settledStatus(second.iid);
    const { sha } = await MergeRequests.show(project, second.iid);
    const merged = await MergeRequests.accept(project, second.iid);
    expect(await git.readCommit(String(merged.merge_commit_sha))).toMatchObject({ parents: [merge, sha] });
    expect(await git.branchHead('main')).toBe(merged.merge_commit_sha);
  });

  it('refuses another head than the expected one, naming the head', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const wrong = { sha: '0'.repeat(40) };
    expect(await gitlab.call('bob', `PUT ${api}/merge_requests/${iid}/merge`, wrong)).toMatchObject({
      status: 409,
      body: { message: `SHA does not match HEAD of source branch: ${sha}` },
    });
    expect(await gitlab.client('bob').MergeRequests.show(project, iid)).toMatchObject({ state: 'opened' });
  });

  it('refuses people who may not merge with 401, and a pipeline that has not succeeded with 405', async () => {
    await start({ settings: { pipelinesMustSucceed: true } });
    const { iid, sha } = await openMergeRequest(gitlab);
    const path = `PUT ${api}/merge_requests/${iid}/merge`;
    expect(await gitlab.call('dave', path)).toMatchObject({ status: 401 });
    expect(await gitlab.call('bob', path)).toMatchObject({ status: 405 });
    await gitlab.client('bot').Commits.editStatus(project, sha, 'failed', { name: 'ci/build' });
    expect(await gitlab.call('bob', path)).toMatchObject({ status: 405 });
    await passPipeline(sha);
    expect(await gitlab.call('bob', path)).toMatchObject({ status: 200, body: { state: 'merged' } });
  });

  it('refuses conflicts with 422 and people below the level the branch asks for', async () => {
    await start({ protections: [{ pattern: 'main', push: 'maintain', merge: 'maintain' }] });
    const { iid } = await openMergeRequest(gitlab);
    await commitOnMain('image:\n  tag: 2.0.0\n');
    const path = `PUT ${api}/merge_requests/${iid}/merge`;
    expect(await gitlab.call('bob', path)).toMatchObject({ status: 401 });
    expect(await gitlab.call('carol', path)).toMatchObject({
      status: 422,
      body: { message: 'Branch cannot be merged' },
    });
  });
});

describe('approvals and versions', () => {
  it('says who approved, never for which commit, and keeps approvals over a push', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const { MergeRequestApprovals, MergeRequests, Commits } = gitlab.client('bob');
    const approved = await MergeRequestApprovals.approve(project, iid);
    expect(approved).toMatchObject({ approvals_required: 0, approvals_left: 0, approved: true });
    await Commits.create(project, 'bump/api', 'More', [{ action: 'create', filePath: 'new.txt', content: 'x' }]);
    const configuration = await gitlab.call('alice', `GET ${api}/merge_requests/${iid}/approvals`);
    expect(configuration.body).toMatchObject({ approved_by: [{ user: { username: 'bob' } }] });
    expect(JSON.stringify(configuration.body)).not.toContain(sha);
    const versions = await MergeRequests.allDiffVersions(project, iid);
    expect(versions.map((one) => one.head_commit_sha)).toEqual([
      await gitlab.forge.git(project).branchHead('bump/api'),
      sha,
    ]);
    const first = await MergeRequests.showDiffVersion(project, iid, versions[1]?.id ?? 0);
    expect(first.diffs.map((one) => one.new_path)).toEqual(['apps/api/envs/dev/values.yaml']);
  });

  it('removes approvals on a push where the project says so', async () => {
    await start({ settings: { resetApprovalsOnPush: true } });
    const { iid } = await openMergeRequest(gitlab);
    const { MergeRequestApprovals, Commits } = gitlab.client('bob');
    await MergeRequestApprovals.approve(project, iid);
    await Commits.create(project, 'bump/api', 'More', [{ action: 'create', filePath: 'new.txt', content: 'x' }]);
    const { body } = await gitlab.call('bob', `GET ${api}/merge_requests/${iid}/approvals`);
    expect(body).toMatchObject({ approved: false, approvals_left: 0, approved_by: [] });
  });

  it('refuses approving twice, for another head, and by people below developer', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    const path = `${api}/merge_requests/${iid}`;
    expect(await gitlab.call('bob', `POST ${path}/unapprove`)).toMatchObject({ status: 404 });
    expect(await gitlab.call('bob', `POST ${path}/approve`, { sha: '0'.repeat(40) })).toMatchObject({ status: 409 });
    expect(await gitlab.call('bob', `POST ${path}/approve`)).toMatchObject({ status: 201 });
    expect(await gitlab.call('bob', `POST ${path}/approve`)).toMatchObject({ status: 401 });
    expect(await gitlab.call('dave', `POST ${path}/approve`)).toMatchObject({ status: 403 });
    expect(await gitlab.call('alice', `POST ${path}/approve`)).toMatchObject({ status: 201 });
    expect(await gitlab.call('bob', `POST ${path}/unapprove`)).toMatchObject({
      status: 201,
      body: { approved_by: [{ user: { username: 'alice' } }] },
    });
  });
});

it('shows diffs and commits of a merge request, also after it was merged', async () => {
  await start();
  const { iid, sha } = await openMergeRequest(gitlab);
  const { MergeRequests, Commits } = gitlab.client('alice');
  await MergeRequests.accept(project, iid);
  const [diff] = await MergeRequests.allDiffs(project, iid);
  expect(diff).toMatchObject({ old_path: 'apps/api/envs/dev/values.yaml', new_file: false, b_mode: '100644' });
  expect(diff?.diff).toMatch(/^@@ .*\n image:\n-  tag: 1\.0\.0\n\+  tag: 1\.1\.0\n$/);
  expect((await MergeRequests.allCommits(project, iid)).map((one) => one.id)).toEqual([sha]);
  expect((await Commits.allMergeRequests(project, sha)).map((one) => one.iid)).toEqual([iid]);
});
