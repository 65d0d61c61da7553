import { afterEach, describe, expect, it } from 'vitest';
import type { GitlabSetting, GitlabUnderTest } from './gitlab-harness.js';
import { api, openMergeRequest, project, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
afterEach(() => gitlab.close());

async function start(setting?: GitlabSetting): Promise<void> {
  gitlab = await startGitlab(setting);
}

describe('statuses posted by others', () => {
  it('make an external pipeline whose status they decide', async () => {
    await start();
    const { iid, sha } = await openMergeRequest(gitlab);
    const { Commits, Pipelines, MergeRequests } = gitlab.client('bot');
    const status = await Commits.editStatus(project, sha, 'pending', {
      name: 'lockkeeper/plan',
      description: 'planning',
      targetUrl: 'http://127.0.0.1/plan',
    });
    expect(status).toMatchObject({
      name: 'lockkeeper/plan',
      status: 'pending',
      sha,
      ref: 'bump/api',
      author: { username: 'bot' },
    });
    const [pipeline] = await Pipelines.all(project, { sha });
    expect(pipeline).toMatchObject({ source: 'external', status: 'pending', ref: 'bump/api' });
    await Commits.editStatus(project, sha, 'success', { name: 'lockkeeper/plan' });
    expect(await Pipelines.show(project, pipeline?.id ?? 0)).toMatchObject({ status: 'success', iid: 1 });
    await Commits.editStatus(project, sha, 'failed', { name: 'lockkeeper/policy', description: 'no' });
    expect(await MergeRequests.show(project, iid)).toMatchObject({ head_pipeline: { status: 'failed' } });
    const statuses = await Commits.allStatuses(project, sha);
    expect(statuses.map((one) => `${one.name} ${one.status}`).sort()).toEqual([
      'lockkeeper/plan success',
      'lockkeeper/policy failed',
    ]);
    expect(await Commits.allStatuses(project, sha, { name: 'lockkeeper/plan' })).toHaveLength(1);
  });

  it('refuse to become what they are while they wait or run', async () => {
    await start();
    const { sha } = await openMergeRequest(gitlab);
    const post = (state: string) => gitlab.call('bot', `POST ${api}/statuses/${sha}`, { state, name: 'x' });
    expect((await post('running')).status).toBe(201);
    expect(await post('running')).toMatchObject({
      status: 400,
      body: {
        message: 'Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")',
      },
    });
    expect((await post('pending')).status).toBe(400);
    expect((await post('success')).status).toBe(201);
    expect((await post('success')).status).toBe(201);
    expect((await post('pending')).status).toBe(201);
    expect(await post('odd')).toMatchObject({ status: 400, body: { error: 'state does not have a valid value' } });
  });

  it('need a developer, a commit that exists and a short description', async () => {
    await start();
    const { sha } = await openMergeRequest(gitlab);
    const status = { state: 'success', name: 'x' };
    expect((await gitlab.call('dave', `POST ${api}/statuses/${sha}`, status)).status).toBe(403);
    expect(await gitlab.call('bot', `POST ${api}/statuses/${'0'.repeat(40)}`, status)).toMatchObject({
      status: 404,
      body: { message: '404 Commit Not Found' },
    });
    const long = { ...status, description: 'x'.repeat(256) };
    expect((await gitlab.call('bot', `POST ${api}/statuses/${sha}`, long)).status).toBe(400);
  });
});

describe('pipelines of CI', () => {
  it('start with a push, hold external statuses too, and are green when all are', async () => {
    await start({ settings: { pipelineJobs: ['ci/build'], pipelinesMustSucceed: true } });
    const { iid, sha } = await openMergeRequest(gitlab);
    const { Pipelines, Jobs, Commits, MergeRequests } = gitlab.client('bot');
    const [pipeline] = await Pipelines.all(project, { ref: 'bump/api' });
    expect(pipeline).toMatchObject({ source: 'push', status: 'pending', sha });
    await Commits.editStatus(project, sha, 'success', { name: 'lockkeeper/plan' });
    gitlab.forge.pipelines.reportJob({ repository: project, sha, name: 'ci/build', status: 'success', actor: 'alice' });
    expect(await Pipelines.all(project, { sha })).toMatchObject([{ status: 'success' }]);
    const jobs = await Jobs.all(project, { pipelineId: pipeline?.id ?? 0 });
    expect(jobs.map((one) => one.name)).toEqual(['ci/build']);
    expect(await MergeRequests.allPipelines(project, iid)).toMatchObject([{ id: pipeline?.id }]);
    await MergeRequests.show(project, iid);
    expect(await MergeRequests.show(project, iid)).toMatchObject({ detailed_merge_status: 'mergeable' });
  });
});
