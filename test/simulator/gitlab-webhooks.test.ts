import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { GitlabSetting, GitlabUnderTest, ReceivedHook } from './gitlab-harness.js';
import { api, openMergeRequest, project, secretToken, signingToken, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
afterEach(() => gitlab.close());

async function start(setting?: GitlabSetting): Promise<void> {
  gitlab = await startGitlab(setting);
}

/** Sends what is waiting and gives the hooks that arrived by it. */
async function arrived(): Promise<readonly ReceivedHook[]> {
  const before = gitlab.hooks.length;
  await gitlab.deliveries.deliverAll();
  return gitlab.hooks.slice(before);
}

async function onlyHook(name: string): Promise<ReceivedHook> {
  const [hook, ...others] = (await arrived()).filter((one) => one.headers['x-gitlab-event'] === name);
  expect(others).toEqual([]);
  if (hook === undefined) throw new Error(`no ${name} arrived`);
  return hook;
}

describe('what is sent with a webhook', () => {
  it('carries the secret token, the event and ids that attempts keep', async () => {
    await start();
    await openMergeRequest(gitlab);
    const [push, opened] = await arrived();
    expect(push?.headers).toMatchObject({
      'x-gitlab-event': 'Push Hook',
      'x-gitlab-token': secretToken,
      'x-gitlab-instance': gitlab.url,
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitLab\//),
    });
    expect(push?.headers['webhook-signature']).toBeUndefined();
    expect(opened?.headers['x-gitlab-event-uuid']).not.toBe(push?.headers['x-gitlab-event-uuid']);
    await gitlab.deliveries.redeliver(1);
    const again = gitlab.hooks.at(-1);
    expect(again?.headers['idempotency-key']).toBe(push?.headers['idempotency-key']);
    expect(again?.text).toBe(push?.text);
  });

  it('is signed as Standard Webhooks asks when a signing token is set', async () => {
    await start({ signed: true });
    await openMergeRequest(gitlab);
    const [push] = await arrived();
    if (push === undefined) throw new Error('no hook arrived');
    const { headers, text } = push;
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    const digest = createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64');
    expect(signingToken).toMatch(/^whsec_/);
    expect(headers['webhook-signature']).toBe(`v1,${digest}`);
    expect(headers['webhook-id']).toBe(headers['idempotency-key']);
    expect(String(headers['webhook-timestamp'])).toMatch(/^\d{10}$/);
    expect(headers['x-gitlab-token']).toBeUndefined();
  });
});

describe('push', () => {
  it('lists commits with their files', async () => {
    await start();
    const { sha } = await openMergeRequest(gitlab);
    const { body } = await onlyHook('Push Hook');
    expect(body).toMatchObject({
      object_kind: 'push',
      event_name: 'push',
      ref: 'refs/heads/bump/api',
      before: '0'.repeat(40),
      after: sha,
      checkout_sha: sha,
      ref_protected: false,
      user_username: 'alice',
      total_commits_count: 1,
      commits: [
        { id: sha, added: [], modified: ['apps/api/envs/dev/values.yaml'], removed: [], author: { name: 'Alice' } },
      ],
      project: { path_with_namespace: project, git_http_url: `${gitlab.url}/acme/config.git`, default_branch: 'main' },
    });
  });

  it('has no checkout when the branch is gone', async () => {
    await start();
    await openMergeRequest(gitlab);
    await arrived();
    await gitlab.client('alice').Branches.remove(project, 'bump/api');
    const { body } = await onlyHook('Push Hook');
    expect(body).toMatchObject({ after: '0'.repeat(40), checkout_sha: null, commits: [], total_commits_count: 0 });
  });
});

describe('merge requests', () => {
  it('tell their story: open, update with oldrev, approved, unapproved, merge', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const opened = await onlyHook('Merge Request Hook');
    expect(opened.body).toMatchObject({
      object_kind: 'merge_request',
      event_type: 'merge_request',
      user: { username: 'alice', email: '[REDACTED]' },
      project: { path_with_namespace: project },
      object_attributes: {
        iid,
        action: 'open',
        state: 'opened',
        source_branch: 'bump/api',
        target_branch: 'main',
        last_commit: { id: sha, title: 'Bump api to 1.1.0' },
        detailed_merge_status: 'unchecked',
        url: `${gitlab.url}/acme/config/-/merge_requests/1`,
      },
      labels: [],
    });
    const { Commits, MergeRequestApprovals, MergeRequests } = gitlab.client('bob');
    await Commits.create(project, 'bump/api', 'More', [{ action: 'create', filePath: 'new.txt', content: 'x' }]);
    const updated = await onlyHook('Merge Request Hook');
    expect(updated.body).toMatchObject({ object_attributes: { action: 'update', oldrev: sha } });
    await MergeRequestApprovals.approve(project, iid);
    expect((await onlyHook('Merge Request Hook')).body).toMatchObject({
      user: { username: 'bob' },
      object_attributes: { action: 'approved' },
    });
    await MergeRequestApprovals.unapprove(project, iid);
    expect((await onlyHook('Merge Request Hook')).body).toMatchObject({ object_attributes: { action: 'unapproved' } });
    await MergeRequests.accept(project, iid);
    expect((await onlyHook('Merge Request Hook')).body).toMatchObject({
      object_attributes: { action: 'merge', state: 'merged' },
    });
  });

  it('say what was edited', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    await arrived();
    await gitlab.client('bob').MergeRequests.edit(project, iid, { title: 'Other' });
    const { body } = await onlyHook('Merge Request Hook');
    expect(body).toMatchObject({
      object_attributes: { action: 'update' },
      changes: { title: { previous: 'Bump api to 1.1.0', current: 'Other' } },
    });
    expect((body['object_attributes'] as Record<string, unknown>)['oldrev']).toBeUndefined();
  });

  it('are shown as they are when sent, not as they were', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    await gitlab.client('bob').MergeRequests.accept(project, iid);
    const hooks = (await arrived()).filter((one) => one.headers['x-gitlab-event'] === 'Merge Request Hook');
    expect(hooks.map((one) => one.body['object_attributes'])).toMatchObject([
      { action: 'open', state: 'merged' },
      { action: 'merge', state: 'merged' },
    ]);
  });
});

describe('notes and emoji', () => {
  it('are sent for people’s notes, not for GitLab’s own', async () => {
    await start();
    const { iid } = await openMergeRequest(gitlab);
    await arrived();
    const { MergeRequestNotes, MergeRequestNoteAwardEmojis, MergeRequestApprovals } = gitlab.client('bob');
    await MergeRequestApprovals.approve(project, iid);
    expect((await arrived()).map((one) => one.headers['x-gitlab-event'])).toEqual(['Merge Request Hook']);
    const note = await MergeRequestNotes.create(project, iid, '/promote prod');
    expect((await onlyHook('Note Hook')).body).toMatchObject({
      object_kind: 'note',
      event_type: 'note',
      user: { username: 'bob' },
      project_id: expect.any(Number),
      object_attributes: {
        id: note.id,
        note: '/promote prod',
        noteable_type: 'MergeRequest',
        action: 'create',
        system: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
        url: `${gitlab.url}/acme/config/-/merge_requests/1#note_${note.id}`,
      },
      merge_request: { iid, state: 'opened', source_branch: 'bump/api' },
    });
    await MergeRequestNotes.edit(project, iid, note.id, { body: '/promote test' });
    expect((await onlyHook('Note Hook')).body).toMatchObject({
      object_attributes: { note: '/promote test', action: 'update' },
    });
    await MergeRequestNoteAwardEmojis.award(project, iid, note.id, 'thumbsup');
    expect((await onlyHook('Emoji Hook')).body).toMatchObject({
      object_kind: 'emoji',
      event_type: 'award',
      object_attributes: { name: 'thumbsup', awardable_type: 'Note', awardable_id: note.id, action: 'award' },
      note: { id: note.id, note: '/promote test' },
      merge_request: { iid },
    });
  });
});

describe('pipelines', () => {
  it('are sent when their status changes, jobs when theirs does, external statuses as no job', async () => {
    await start({ settings: { pipelineJobs: ['ci/build'] } });
    const { sha } = await openMergeRequest(gitlab);
    await arrived();
    await gitlab.client('bot').Commits.editStatus(project, sha, 'success', { name: 'lockkeeper/plan' });
    expect((await arrived()).map((one) => one.headers['x-gitlab-event'])).toEqual(['Pipeline Hook']);
    gitlab.forge.pipelines.reportJob({ repository: project, sha, name: 'ci/build', status: 'success', actor: 'alice' });
    const hooks = await arrived();
    const pipeline = hooks.find((one) => one.headers['x-gitlab-event'] === 'Pipeline Hook');
    expect(pipeline?.body).toMatchObject({
      object_kind: 'pipeline',
      object_attributes: { status: 'success', detailed_status: 'passed', sha, ref: 'bump/api', source: 'push' },
      merge_request: null,
      commit: { id: sha },
      builds: [{ name: 'ci/build', status: 'success' }],
    });
    const job = hooks.find((one) => one.headers['x-gitlab-event'] === 'Job Hook');
    expect(job?.body).toMatchObject({ object_kind: 'build', build_name: 'ci/build', build_status: 'success', sha });
  });
});

it('lets maintainers see and make hooks, without showing their tokens', async () => {
  await start();
  const url = 'http://127.0.0.1:1/other';
  const made = await gitlab.call('bot', `POST ${api}/hooks`, {
    url,
    token: 'very secret',
    signing_token: signingToken,
  });
  expect(made).toMatchObject({ status: 201, body: { url, token_present: true, signing_token_present: true } });
  expect(JSON.stringify(made.body)).not.toContain('very secret');
  expect(await gitlab.client('bot').ProjectHooks.all(project)).toHaveLength(2);
  expect((await gitlab.call('alice', `GET ${api}/hooks`)).status).toBe(403);
});
