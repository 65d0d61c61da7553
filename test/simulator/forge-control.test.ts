import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';

let simulator: Simulator;
afterEach(() => simulator.close());

type Json = Readonly<Record<string, unknown>>;
const repository = 'repositories/acme/config';

async function ask(
  method: string,
  path: string,
  body?: Json,
): Promise<{ readonly status: number; readonly body: Json }> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${simulator.url}/_simulator${path === '' ? '' : `/${path}`}`, { method, ...json });
  return { status: answer.status, body: (await answer.json()) as Json };
}

async function does(method: string, path: string, body?: Json): Promise<Json> {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

const bump = {
  actor: 'bob',
  branch: 'bump',
  start: 'main',
  message: 'Bump',
  files: { 'apps/api/envs/dev/deployment.yaml': 'image: 1.1.0\n', 'README.md': null },
};

testsOn('github');
testsOn('gitlab');

function testsOn(forge: 'github' | 'gitlab'): void {
  const start = async () => {
    simulator = await startSimulator({ forge, deliver: 'stepped' });
  };

  test(`a release is played through the control API (${forge})`, async () => {
    await start();
    await does('POST', `${repository}/commits`, bump);
    const opened = await does('POST', `${repository}/pull-requests`, {
      actor: 'bob',
      title: 'Bump',
      head: 'bump',
      base: 'main',
    });
    expect(opened).toMatchObject({ number: 1, state: 'open', author: { login: 'bob', kind: 'person' } });
    const one = `${repository}/pull-requests/1`;
    const { id } = await does('POST', `${one}/comments`, { actor: 'dave', body: '/promote prod' });
    await does('POST', `${one}/reactions`, { actor: 'alice', name: 'eyes', commentId: id });
    await does('POST', `${one}/reviews`, { actor: 'alice', state: 'approved' });
    expect(await ask('POST', `${one}/merge`, { actor: 'alice', method: 'squash' })).toMatchObject({ status: 422 });
    const { sha } = opened['head'] as { readonly sha: string };
    const required = forge === 'github' ? ['ci/build', 'lockkeeper/plan', 'lockkeeper/policy'] : ['ci/build'];
    for (const name of required) {
      await does('POST', `${repository}/checks`, { sha, name, state: 'pending' });
      await does('POST', `${repository}/checks`, { sha, name, state: 'success' });
    }
    const seen = await does('GET', one);
    expect(seen).toMatchObject({
      checks: required.map((name) => ({ name, state: 'success' })),
      reviews: [{ author: 'alice', state: 'approved', commit: sha }],
    });
    expect((seen['comments'] as readonly Json[]).filter((comment) => comment['system'] !== true)).toMatchObject([
      { author: 'dave', body: '/promote prod', reactions: [{ name: 'eyes', author: 'alice' }] },
    ]);
    await does('POST', `${one}/merge`, { actor: 'alice', method: 'squash' });
    expect(await does('GET', one)).toMatchObject({ state: 'merged', mergedBy: 'alice' });
    expect(await does('GET', `${repository}/files?path=apps/api/envs/dev/deployment.yaml`)).toMatchObject({
      text: 'image: 1.1.0\n',
    });
    expect(await ask('GET', `${repository}/files?path=README.md`)).toMatchObject({ status: 404 });
  });
}

test('the rules of the forge hold, and errors have words', async () => {
  simulator = await startSimulator({ forge: 'github', deliver: 'stepped' });
  expect(await ask('POST', `${repository}/commits`, { ...bump, actor: 'dave' })).toMatchObject({
    status: 422,
    body: { error: expect.stringContaining('dave') as string },
  });
  expect(await ask('POST', `${repository}/commits`, { ...bump, branch: 'main' })).toMatchObject({ status: 422 });
  expect(await ask('POST', `${repository}/commits`, { actor: 'bob' })).toMatchObject({
    status: 400,
    body: { error: 'branch is needed' },
  });
  expect(await ask('GET', `${repository}/pull-requests/9`)).toMatchObject({ status: 404 });
});

test('faults of the API strike as planned', async () => {
  simulator = await startSimulator({ forge: 'github', deliver: 'stepped' });
  const branch = (name: string) =>
    fetch(`${simulator.apiUrl}/repos/acme/config/git/refs`, {
      method: 'POST',
      headers: { authorization: 'token alice-token', 'content-type': 'application/json' },
      body: JSON.stringify({ ref: `refs/heads/${name}`, sha }),
    });
  const [main] = (await does('GET', `${repository}/branches`)) as unknown as readonly Json[];
  const sha = String(main?.['sha']);
  const names = async () =>
    ((await does('GET', `${repository}/branches`)) as unknown as readonly Json[]).map((one) => one['name']);
  const path = '*/git/refs';
  await does('POST', 'faults', { path, nth: 2, effect: { kind: 'status', status: 503 } });
  expect([(await branch('a')).status, (await branch('b')).status, (await branch('c')).status]).toEqual([201, 503, 201]);
  expect(await names()).toEqual(['a', 'c', 'main']);
  await does('POST', 'faults', { method: 'POST', path, effect: { kind: 'act-then-500' } });
  expect((await branch('d')).status).toBe(500);
  await does('POST', 'faults', { path, effect: { kind: 'act-then-lose-answer' } });
  await expect(branch('e')).rejects.toThrow(/fetch failed|aborted/);
  await does('POST', 'faults', { path, effect: { kind: 'connection-reset' } });
  await expect(branch('f')).rejects.toThrow(/fetch failed|aborted/);
  expect(await names()).toEqual(['a', 'c', 'd', 'e', 'main']);
  await does('POST', 'faults', { path, effect: { kind: 'time-out' } });
  const given = new AbortController();
  const waiting = fetch(`${simulator.apiUrl}/repos/acme/config/git/refs`, { method: 'POST', signal: given.signal });
  expect(await does('GET', 'faults')).toBeDefined();
  given.abort();
  await expect(waiting).rejects.toThrow(/fetch failed|aborted/);
  await does('DELETE', 'faults');
  expect(await does('GET', 'faults')).toEqual([]);
});

test('webhooks are listed and stepped; people and permissions are changed', async () => {
  simulator = await startSimulator({ forge: 'github', deliver: 'stepped' });
  simulator.forge.repositories.addWebhook({ repository: 'acme/config', url: 'http://127.0.0.1:1/', secret: 's' });
  await does('POST', `${repository}/commits`, bump);
  expect(await does('GET', 'deliveries?state=pending')).toMatchObject([{ number: 1, event: 'push' }]);
  expect(await does('POST', 'deliveries/all', {})).toEqual({ sent: 1 });
  expect(await does('GET', 'deliveries')).toMatchObject([{ state: 'failed' }]);
  expect(await ask('POST', 'deliveries/7/lose', {})).toMatchObject({ status: 404 });
  await does('POST', 'users', { login: 'erin' });
  await does('POST', `${repository}/permissions`, { login: 'erin', level: 'write' });
  await does('POST', 'teams/acme/sre', { login: 'erin', membership: 'in' });
  const overview = await does('GET', '');
  expect(overview).toMatchObject({ forge: 'github', repositories: [{ name: 'acme/config', defaultBranch: 'main' }] });
  expect(overview['teams']).toContainEqual({ name: 'acme/sre', members: ['alice', 'bob', 'erin'] });
  await does('POST', `${repository}/commits`, { ...bump, actor: 'erin', branch: 'erins' });
});

test('the demo has its three environments at 1.0.0 and a configuration', async () => {
  simulator = await startSimulator({ forge: 'github', deliver: 'stepped' });
  for (const environment of ['dev', 'test', 'prod']) {
    const { text } = await does('GET', `${repository}/files?path=apps/api/envs/${environment}/deployment.yaml`);
    expect(parse(String(text))).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'ghcr.io/acme/api:1.0.0' }] } } },
    });
  }
  const { text } = await does('GET', `${repository}/files?path=.lockkeeper.yaml`);
  expect(parse(String(text))).toMatchObject({
    version: 1,
    environments: { prod: { after: 'test', promotion: 'manual' } },
  });
});
