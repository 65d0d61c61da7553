/** Pull requests from forks, over each forge's own API. */
import { Gitlab } from '@gitbeaker/rest';
import { Octokit } from '@octokit/rest';
import { afterEach, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
});

/** Dave may only read; his fork is ahead of it by one commit on `topic`. */
async function withFork(forge: 'github' | 'gitlab'): Promise<Simulator> {
  simulator = await startSimulator({ forge, deliver: 'stepped' });
  expect(await simulator.forge.repositories.fork('acme/config', 'dave')).toMatchObject({ ok: true });
  await push(simulator, 'topic.md', 'main');
  return simulator;
}

async function push({ forge }: Simulator, path: string, start?: string): Promise<string> {
  const actions = [{ kind: 'put', path, content: Buffer.from('topic\n') }] as const;
  const commit = { repository: 'dave/config', actor: 'dave', branch: 'topic', message: 'Topic', actions };
  const pushed = await forge.commits.commit({ ...commit, ...(start === undefined ? {} : { start }) });
  if (!pushed.ok) throw new Error(JSON.stringify(pushed.refusal));
  return pushed.value.sha;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

it('GitHub takes `owner:branch`, tells the two repositories apart and follows the fork', async () => {
  const { apiUrl, forge } = await withFork('github');
  const { rest } = new Octokit({ auth: 'dave-token', baseUrl: apiUrl, log: silent });
  const acme = { owner: 'acme', repo: 'config' };
  const wanted = { ...acme, base: 'main', title: 'Topic' };
  await expect(rest.pulls.create({ ...wanted, head: 'topic' })).rejects.toMatchObject({ status: 403 });
  await expect(rest.pulls.create({ ...wanted, head: 'bob:topic' })).rejects.toMatchObject({ status: 422 });
  const { data } = await rest.pulls.create({ ...wanted, head: 'dave:topic' });
  expect([data.head.label, data.head.repo.full_name, data.head.repo.fork, data.base.repo.full_name]).toEqual([
    'dave:topic',
    'dave/config',
    true,
    'acme/config',
  ]);
  const sha = await push({ forge } as Simulator, 'more.md');
  expect((await rest.pulls.get({ ...acme, pull_number: data.number })).data.head.sha).toBe(sha);
  expect(await forge.git('acme/config').readRef(`refs/pull/${data.number}/head`)).toBe(sha);
  expect(await forge.git('acme/config').branchHead('topic')).toBeUndefined();
  expect((await rest.pulls.list({ ...acme, head: 'dave:topic' })).data).toHaveLength(1);
  expect((await rest.pulls.list({ ...acme, head: 'acme:topic' })).data).toHaveLength(0);
});

it('GitLab takes a target project, and a status there needs a ref', async () => {
  const { url, forge } = await withFork('gitlab');
  const dave = new Gitlab({ token: 'dave-token', host: url });
  const target = await dave.Projects.show('acme/config');
  await expect(dave.MergeRequests.create('acme/config', 'topic', 'main', 'Topic')).rejects.toMatchObject({ cause: {} });
  const made = await dave.MergeRequests.create('dave/config', 'topic', 'main', 'Topic', { targetProjectId: target.id });
  expect([made.source_project_id === made.target_project_id, made.target_project_id]).toEqual([false, target.id]);
  const sha = await push({ forge } as Simulator, 'more.md');
  expect((await dave.MergeRequests.show('acme/config', made.iid)).sha).toBe(sha);
  const alice = new Gitlab({ token: 'alice-token', host: url });
  await expect(alice.Commits.editStatus('acme/config', sha, 'success')).rejects.toMatchObject({
    cause: { description: expect.stringContaining('References for commit') as string },
  });
  expect(await alice.Commits.editStatus('acme/config', sha, 'success', { ref: 'topic' })).toMatchObject({ sha });
});
