/** Facts of the policy that git alone knows: files without end, histories of environments, promotions, what came after an approval. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { App } from '../../src/app/app.js';
import { signedMessage } from '../../src/app/branch/own-branch.js';
import { signedMerge } from '../../src/app/branch/own-merge.js';
import { gatherApproversOf } from '../../src/app/policy/gather-approvers-of.js';
import { gatherChangedFiles } from '../../src/app/policy/gather-changed-files.js';
import { gatherEarlierHeads } from '../../src/app/policy/gather-earlier-heads.js';
import { gatherFidelity } from '../../src/app/policy/gather-fidelity.js';
import { gatherProven } from '../../src/app/policy/gather-proven.js';
import type { ConfiguredRepository } from '../../src/app/pull-request/gather-repository.js';
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import type { PullRequest } from '../../src/core/forge-objects.js';
import type { Sha } from '../../src/core/ids.js';
import { GitOrigin, processes, silentLog } from '../contract/git-origin.js';

const CONFIGURATION = `version: 1
layout: { path: "{app}/{env}" }
environments: { dev: {}, test: { after: dev }, prod: { after: test } }
carry: [{ files: ["**"], except: [own.yaml] }]
`;

let origin: GitOrigin;
let mirrors: GitMirrors;
let repository: ConfiguredRepository;
const app = {
  cache: new MemoryCache(),
  sign: (text: string) => createHash('sha256').update(text).digest('hex'),
} as unknown as App;
const CONFIG = { forge: 'github', path: 'acme/config' } as const;
const self = { login: 'lockkeeper', kind: 'bot' } as const;
const times = new Map<Sha, number>();

const files = (test: string, prod: string) => ({
  'api/dev/a.yaml': 'v: 9\n',
  'api/test/a.yaml': test,
  'api/test/own.yaml': 'of: test\n',
  'api/prod/a.yaml': prod,
  'api/prod/own.yaml': 'of: prod\n',
});

beforeAll(async () => {
  origin = await GitOrigin.make();
  mirrors = createMirrors({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
});
afterAll(async () => {
  await mirrors.close();
  await origin.remove();
});

/** With the target branch there. */
async function at(tip: Sha, ...heads: readonly Sha[]): Promise<void> {
  origin.setRef('refs/heads/main', tip);
  heads.forEach((head, index) => origin.setRef(`refs/heads/work-${String(index)}`, head));
  const remote = {
    repository: CONFIG,
    cloneUrl: origin.directory,
    credentials: async () => ({ username: '', password: '' }),
  };
  const mirror = await mirrors.of(remote);
  await mirror.fetch();
  const parsed = parseConfiguration(CONFIGURATION, '.lockkeeper.yaml');
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const { configuration } = parsed;
  repository = {
    kind: 'configured',
    repository: remote.repository,
    mirror,
    branch: 'main',
    tip,
    configuration,
  } as ConfiguredRepository;
  for (const commit of await mirror.log({ from: null, to: tip, paths: [], limit: 50, walk: 'every-commit' }))
    times.set(commit.sha, commit.committedAt);
}

const pullRequest = (sha: Sha, more: Partial<PullRequest> = {}): PullRequest =>
  ({
    repository: CONFIG,
    number: 7,
    author: { login: 'carol', kind: 'human' },
    head: { branch: 'work', sha, origin: 'same-repository' },
    ...more,
  }) as PullRequest;

const PROMOTION = 'lockkeeper/promote/prod/api';

const promotion = (sha: Sha): PullRequest =>
  pullRequest(sha, {
    author: self,
    head: { branch: PROMOTION, sha, origin: 'same-repository' },
  });

/** What the bot writes when it carries files from a source to what stands at `parent`. */
const promoting = (parent: Sha, source: Sha, carried: Readonly<Record<string, string>>): string => {
  const changes = Object.entries(carried).map(
    ([path, text]) => ({ kind: 'write', path, content: Buffer.from(text), mode: '100644', blob: null }) as const,
  );
  return signedMessage(app, { branch: PROMOTION, parent, changes }, 'Promote', [`Lockkeeper-Source: ${source}`]);
};

test.each([301, 3_001])('lists all of %i files, and counts their lines', async (count) => {
  const tip = origin.commit(files('v: 1\n', 'v: 1\n'));
  origin.setRef('refs/heads/main', tip);
  const changes = Array.from(
    { length: count },
    (_, index) => `M 100644 inline many/${String(index)}\ndata 2\nx\n`,
  ).join('');
  const commit = `commit refs/heads/many-${String(count)}\ncommitter A <a@x.test> 1700009999 +0000\ndata 4\nmany\nfrom ${tip}\n`;
  origin.git(['fast-import', '--quiet'], `${commit}${changes}`);
  const head = origin.git(['rev-parse', `refs/heads/many-${String(count)}`]);
  await at(tip, head);
  const facts = await gatherChangedFiles(app, repository, pullRequest(head), new Set(['files', 'lines']));
  expect(facts.size).toEqual({ files: count, lines: count });
  expect(facts.files).toMatchObject({ extent: 'all' });
  expect(await gatherChangedFiles(app, repository, pullRequest(head), new Set())).toMatchObject({ files: 'unknown' });
});

describe('what an environment has run', () => {
  const affected = { targets: [{ app: 'api', env: 'prod' }], outside: [] };
  const targets = { 'api/prod': { kinds: [], versionStep: 'none', provenSince: {} } } as const;
  const proven = async (head: Sha) =>
    (await gatherProven(repository, pullRequest(head), { affected, targets }, ['test', 'dev']))['api/prod']
      ?.provenSince;

  test('is as old as the step that brought it, whatever else came since', async () => {
    const first = origin.commit(files('v: 1\n', 'v: 0\n'));
    const second = origin.change(first, { 'api/test/a.yaml': 'v: 2\n' });
    const own = origin.change(second, { 'api/test/own.yaml': 'of: test, still\n' });
    const tip = origin.change(own, { 'README.md': 'x\n' });
    const promoted = origin.change(tip, { 'api/prod/a.yaml': 'v: 2\n' });
    const older = origin.change(tip, { 'api/prod/a.yaml': 'v: 1\n' });
    await at(tip, promoted, older);
    // Its own settings changed meanwhile, but not what is carried.
    expect(await proven(promoted)).toEqual({ test: times.get(second), dev: null });
    expect(await proven(older)).toEqual({ test: null, dev: null });
  });

  test('begins anew where it was something else in between', async () => {
    const first = origin.commit(files('v: 2\n', 'v: 0\n'));
    const other = origin.change(first, { 'api/test/a.yaml': 'v: 3\n' });
    const tip = origin.change(other, { 'api/test/a.yaml': 'v: 2\n' });
    const promoted = origin.change(tip, { 'api/prod/a.yaml': 'v: 2\n' });
    await at(tip, promoted);
    expect(await proven(promoted)).toMatchObject({ test: times.get(tip) });
  });

  test('was approved by those whom the bot’s merge names', async () => {
    const first = origin.commit(files('v: 1\n', 'v: 0\n'));
    const trailers = 'Lockkeeper-Plan: d\nLockkeeper-Approved-By: bob\nLockkeeper-Approved-By: dora';
    const message = `Merge\n\n${signedMerge(app, { repository: CONFIG, onto: first }, trailers)}\n`;
    const merged = origin.change(first, { 'api/test/a.yaml': 'v: 2\n' }, { message });
    const tip = origin.change(merged, { 'README.md': 'x\n' });
    await at(tip);
    expect(await gatherApproversOf(app, repository, affected, ['test', 'prod', 'live'])).toEqual({
      test: ['bob', 'dora'],
      prod: 'unknown',
      // A policy of an organisation may name environments that are not here.
      live: 'unknown',
    });
    expect(await gatherApproversOf(app, repository, 'unknown', ['test'])).toEqual({});
    // Copied by hand onto another commit, it is no merge of the bot's.
    const again = origin.change(tip, { 'api/test/a.yaml': 'v: 3\n' }, { message });
    await at(again);
    expect(await gatherApproversOf(app, repository, affected, ['test'])).toEqual({ test: 'unknown' });
  });
});

test('a promotion is exact, modified by whoever adds to it, or none', async () => {
  const base = origin.commit(files('v: 1\n', 'v: 0\n'));
  const carried = { 'api/prod/a.yaml': 'v: 1\n' };
  const exact = origin.change(base, carried, { message: promoting(base, base, carried) });
  const more = origin.change(exact, { 'api/prod/own.yaml': 'of: somebody\n' });
  const elsewhere = origin.change(exact, { 'api/dev/a.yaml': 'v: 1\n' });
  const newer = origin.change(base, { 'api/test/a.yaml': 'v: 2\n' });
  await at(base, exact, more, elsewhere);
  const fidelity = (of: PullRequest) => gatherFidelity(app, repository, of, self);
  expect(await fidelity(promotion(exact))).toBe('exact');
  expect(await fidelity(promotion(more))).toBe('modified');
  expect(await fidelity(promotion(elsewhere))).toBe('modified');
  expect(await fidelity(pullRequest(exact))).toBe('none');
  // The source has moved on: it still holds what its source held.
  await at(newer, exact);
  expect(await fidelity(promotion(exact))).toBe('exact');
  // What people say that they carried is not what the bot found fit to carry.
  const claimed = origin.change(newer, carried, { message: `Promote\n\nLockkeeper-Source: ${base}\n` });
  await at(newer, claimed);
  expect(await fidelity(promotion(claimed))).toBe('modified');
});

test('after a head came merges of the target branch, or somebody’s work', async () => {
  const base = origin.commit(files('v: 1\n', 'v: 0\n'));
  const head = origin.change(base, { 'api/prod/a.yaml': 'v: 1\n' });
  const tip = origin.change(base, { 'README.md': 'x\n' });
  const merge = origin.change(head, { 'README.md': 'x\n' }, { parents: [head, tip] });
  const work = origin.change(merge, { 'api/prod/a.yaml': 'v: 3\n' });
  const branch = origin.change(base, { 'x.md': 'y\n' });
  const foreign = origin.change(head, { 'x.md': 'y\n' }, { parents: [head, branch] });
  await at(tip, merge, work, foreign);
  const after = async (now: Sha) => {
    const heads = [{ head, digest: 'd', since: 5 }];
    const seen = { heads, reviewed: new Set([head]) };
    return (await gatherEarlierHeads(app, repository, pullRequest(now), seen)).map((each) => each.after);
  };
  expect(await after(merge)).toEqual(['neutral']);
  expect(await after(work)).toEqual(['work']);
  // What is merged is not on the target branch: it is somebody's work all the same.
  expect(await after(foreign)).toEqual(['work']);
  expect(await after(tip), 'rewritten').toEqual(['work']);
  expect(await after(head)).toEqual([]);
});
