/** What is gathered of a merged pull request: its change and its reviews until then, once, and nothing made up. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { createPlainRenderer } from '../../src/adapters/plain/create-plain-renderer.js';
import type { App } from '../../src/app/app.js';
import { gatherMergedFacts, RenderBudget } from '../../src/app/policy/gather-merged-facts.js';
import type { ConfiguredRepository } from '../../src/app/pull-request/gather-repository.js';
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import type { Check, Review } from '../../src/core/forge-objects.js';
import type { Sha } from '../../src/core/ids.js';
import type { MergedPullRequest } from '../../src/core/last-merged.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import { GitOrigin, processes, silentLog } from '../contract/git-origin.js';

const MERGED_AT = 1_700_000_500_000;
const CONFIGURATION = (condition: string) => `version: 1
layout: { path: "{app}/{env}" }
environments: { dev: {}, prod: { after: dev } }
policy:
  rules:
    - { name: some, if: { ${condition} }, require: { checks: [ci] } }
    - { name: rest, require: { approvals: 1 } }
`;
const deployment = (image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: api }\nspec: { containers: [{ name: api, image: "api:${image}" }] }\n`;

let origin: GitOrigin;
let mirrors: GitMirrors;
let app: App;
let head: Sha;
let mergeCommit: Sha;
let reviews: () => readonly Review[];
let asked: string[];

beforeAll(async () => {
  origin = await GitOrigin.make();
  mirrors = createMirrors({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
  const base = origin.commit({ 'api/prod/pod.yaml': deployment('1'), 'api/dev/pod.yaml': deployment('1') });
  head = origin.change(base, { 'api/prod/pod.yaml': deployment('2') });
  const other = origin.change(base, { 'README.md': 'Meanwhile\n' });
  mergeCommit = origin.change(other, { 'api/prod/pod.yaml': deployment('2') }, { message: 'Squashed (#7)\n' });
  origin.setRef('refs/heads/main', origin.change(mergeCommit, { 'api/dev/pod.yaml': deployment('3') }));
  origin.setRef('refs/heads/work', head);
});
afterAll(async () => {
  await mirrors.close();
  await origin.remove();
});
beforeEach(() => {
  asked = [];
  reviews = () => [review('bob', MERGED_AT - 1000), review('late', MERGED_AT + 1000)];
  app = {
    cache: new MemoryCache(),
    sign: (text: string) => `signed ${String(text.length)}`,
    fingerprint: (value: string) => String(value.length),
    renderers: { all: [createPlainRenderer()], parallel: 1 },
  } as unknown as App;
});

const review = (login: string, at: number): Review => ({
  person: { login, kind: 'human' },
  state: 'approved',
  commit: head,
  at,
  url: null,
});

const merged = (more: Partial<MergedPullRequest> = {}): MergedPullRequest =>
  ({
    repository: { forge: 'github', path: 'acme/config' },
    number: 7,
    title: 'Two',
    body: '',
    base: 'main',
    labels: [],
    readiness: 'ready',
    state: 'merged',
    author: { login: 'ann', kind: 'human' },
    head: { branch: 'work', sha: head, origin: 'same-repository' },
    mergeCommit,
    mergedAt: MERGED_AT,
    ...more,
  }) as MergedPullRequest;

async function ground(condition: string, targets = 10) {
  const forge = {
    comments: { list: async () => (asked.push('comments'), []) },
    pullRequests: { reviews: async () => (asked.push('reviews'), reviews()) },
    checks: { list: async (): Promise<readonly Check[]> => (asked.push('checks'), [GREEN]) },
    people: { permission: async () => 'write', team: async () => null },
  };
  const remote = {
    repository: { forge: 'github', path: 'acme/config' } as const,
    cloneUrl: origin.directory,
    credentials: async () => ({ username: '', password: '' }),
  };
  const mirror = await mirrors.of(remote);
  await mirror.fetch();
  const parsed = parseConfiguration(CONFIGURATION(condition), '.lockkeeper.yaml');
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const { configuration } = parsed;
  const tip = await mirror.branch('main');
  const repository = {
    kind: 'configured',
    repository: remote.repository,
    forge,
    mirror,
    branch: 'main',
    tip,
    configuration,
  };
  (app as { forges: unknown }).forges = { github: forge };
  return {
    repository: repository as unknown as ConfiguredRepository,
    self: { login: 'lockkeeper', kind: 'bot' } as const,
    budget: new RenderBudget(targets),
  };
}
const GREEN: Check = { name: 'ci', state: 'success', description: '', url: null };

it('is the change and the words of then, and is asked for once', async () => {
  const where = await ground('environments: [prod]');
  const first = await gatherMergedFacts(app, where, merged());
  expect(first).toMatchObject({
    kind: 'facts',
    facts: {
      head,
      now: MERGED_AT,
      affected: { targets: [{ app: 'api', env: 'prod' }], outside: [] },
      reviews: [{ person: { login: 'bob' } }],
      permissions: { bob: 'write' },
      checks: [GREEN],
    },
  });
  expect([...asked].sort()).toEqual(['checks', 'comments', 'reviews']);
  expect(await gatherMergedFacts(app, where, merged())).toEqual(first);
  expect(asked).toHaveLength(3);
});

it('renders again only where rules ask for it, and so many targets', async () => {
  const facts = async (condition: string, targets: number) => {
    const found = await gatherMergedFacts(app, await ground(condition, targets), merged());
    return found.kind === 'facts' ? found.facts : found.why;
  };
  expect(await facts('changes: image-only', 0)).toMatchObject({ changes: 'unknown', digest: 'not-planned' });
  expect(await facts('changes: image-only', 1)).toMatchObject({ changes: 'image-only' });
  expect(await facts('applications: [api]', 1)).toMatchObject({ changes: 'unknown', affected: { targets: [{}] } });
});

it('says why there is nothing to judge', async () => {
  const where = await ground('environments: [prod]');
  const gone = merged({ head: { branch: 'gone', sha: '0123456789'.repeat(4), origin: 'same-repository' } });
  expect(await gatherMergedFacts(app, where, gone)).toEqual({ kind: 'not-judged', why: { kind: 'commits-gone' } });
  const forward = merged({ mergeCommit: head });
  expect(await gatherMergedFacts(app, where, forward)).toEqual({ kind: 'not-judged', why: { kind: 'merge-unknown' } });
  reviews = () => {
    throw new Forbidden('no');
  };
  expect(await gatherMergedFacts(app, where, merged())).toEqual({ kind: 'not-judged', why: { kind: 'forbidden' } });
  reviews = () => {
    throw new Unavailable('not now');
  };
  await expect(gatherMergedFacts(app, where, merged())).rejects.toThrow('not now');
  // None of these was kept.
  reviews = () => [];
  expect(await gatherMergedFacts(app, where, merged())).toMatchObject({ kind: 'facts' });
});
