/** The policy of an organisation: read once a minute, patient for a quarter of an hour, and nothing passes without it. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { App } from '../../src/app/app.js';
import { policyObstacleText } from '../../src/text/policy-obstacle-text.js';
import { gatherOrganisationPolicy } from '../../src/app/policy/gather-organisation-policy.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import type { RepositoryFacts } from '../../src/ports/forge.js';
import { GitOrigin, processes, silentLog } from '../contract/git-origin.js';

const MINUTE = 60_000;
const POLICY = (name: string) =>
  `rules: [{ name: ${name}, if: { environments: [live] }, require: { approvals: 1 } }, { name: rest, require: { approvals: 1 } }]\n`;

let origin: GitOrigin;
let mirrors: GitMirrors;
let clock: ManualClock;
let asked: string[];
let answer: () => Promise<RepositoryFacts | null>;
let app: App;

beforeEach(async () => {
  origin = await GitOrigin.make();
  mirrors = createMirrors({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
  clock = new ManualClock();
  asked = [];
  answer = async () => ({
    repository: { forge: 'github', path: 'acme/policy' },
    defaultBranch: 'main',
    webUrl: '',
    cloneUrl: origin.directory,
  });
  const repositories = {
    facts: async ({ path }: { readonly path: string }) => {
      asked.push(path);
      return answer();
    },
    credentials: async () => ({ username: '', password: '' }),
  };
  app = {
    forges: { github: { kind: 'github', repositories } },
    mirrors,
    cache: new MemoryCache(),
    clock,
    log: silentLog,
    policyRepository: 'acme/policy',
  } as unknown as App;
});
afterEach(async () => {
  await mirrors.close();
  await origin.remove();
});

const put = (text: string | null) =>
  origin.setRef('refs/heads/main', origin.commit(text === null ? { 'README.md': 'x' } : { 'policy.yaml': text }));
const read = () => gatherOrganisationPolicy(app, { forge: 'github', path: 'acme/config' });
const names = async () => (await read())?.policy.rules.map(({ name }) => name);
const why = async () => {
  const obstacle = (await read())?.policy.unreadable;
  return obstacle === undefined ? 'nothing' : policyObstacleText(obstacle);
};

it('is none where nobody names a repository for it', async () => {
  const { policyRepository: _, ...without } = app;
  expect(await gatherOrganisationPolicy(without, { forge: 'github', path: 'acme/config' })).toBeNull();
});

it('is read from the default branch, and anew after a minute', async () => {
  put(POLICY('one'));
  expect(await names()).toEqual(['one', 'rest']);
  put(POLICY('two'));
  clock.advance(MINUTE - 1);
  expect(await names()).toEqual(['one', 'rest']);
  expect(asked).toEqual(['acme/policy']);
  clock.advance(1);
  expect(await names()).toEqual(['two', 'rest']);
  expect(asked).toHaveLength(2);
});

it('holds for a quarter of an hour while the forge does not answer, then nothing passes', async () => {
  put(POLICY('one'));
  await read();
  answer = () => Promise.reject(new Unavailable('the forge is down'));
  clock.advance(15 * MINUTE - 1);
  expect(await names()).toEqual(['one', 'rest']);
  clock.advance(1);
  expect(await names()).toEqual([]);
  expect(await why()).toBe('acme/policy does not answer: the forge is down');
});

it.each<[string, () => void, string]>([
  ['it was not given', () => (answer = async () => null), 'the bot has no access to acme/policy'],
  [
    'it may not read',
    () => (answer = () => Promise.reject(new Forbidden('no permission'))),
    'acme/policy may not be read: no permission',
  ],
  ['has no such file', () => put(null), 'there is no policy.yaml in acme/policy'],
  [
    'is broken',
    () => put('rules:\n  - { name: a, requires: none }\n'),
    'it is broken in acme/policy: policy.yaml:2:5 `require` is missing in each of `rules`. policy.yaml:2:16 Unknown key `requires`; did you mean `require`?',
  ],
])('says what is wrong with one that %s', async (_, spoil, message) => {
  put(POLICY('one'));
  spoil();
  expect(await why()).toBe(message);
  expect((await read())?.place).toBeNull();
});

it('does not hold on to what was taken away', async () => {
  put(POLICY('one'));
  await read();
  answer = async () => null;
  clock.advance(MINUTE);
  expect(await why()).toBe('the bot has no access to acme/policy');
});
