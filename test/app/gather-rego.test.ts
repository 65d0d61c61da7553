/** Which policies are asked, by whom, and what it comes to when some are written and some compiled. */
import { expect, test } from 'vitest';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { App } from '../../src/app/app.js';
import { keepManifests } from '../../src/app/plan/kept-manifests.js';
import { failedPlan } from '../../src/app/plan/plan-change.js';
import { gatherRego } from '../../src/app/policy/gather-rego.js';
import type { ConfiguredRepository } from '../../src/app/pull-request/gather-repository.js';
import type { Configuration } from '../../src/core/configuration.js';
import type { PullRequest } from '../../src/core/forge-objects.js';
import type { RegoOutcome } from '../../src/core/rego/rego.js';
import type { Rego, RegoRequest } from '../../src/ports/rego.js';

const FILES: Readonly<Record<string, string>> = {
  'policy/a.rego': 'package a',
  'policy/a_test.rego': 'package a_test',
  'policy/b.wasm': '\0asm',
  'policy/data.json': '{}',
};
const PULL_REQUEST = {
  repository: { forge: 'github', path: 'acme/config' },
  number: 7,
  author: { login: 'carol', kind: 'human' },
  head: { branch: 'work', sha: 'head', origin: 'same-repository' },
} as PullRequest;
const PLAN = failedPlan({ base: 'base', head: 'head' }, []);

function saying(outcome: RegoOutcome): { readonly rego: Rego; readonly asked: RegoRequest[] } {
  const asked: RegoRequest[] = [];
  const evaluate = async (request: RegoRequest): Promise<RegoOutcome> => {
    asked.push(request);
    return outcome;
  };
  return { rego: { version: async () => 'x', evaluate }, asked };
}

const denied = (message: string): RegoOutcome => ({
  kind: 'evaluated',
  deny: [{ package: 'p', rule: 'deny', message }],
  warn: [],
});

async function gather(
  globs: readonly string[],
  ports: Pick<App, 'rego' | 'compiledRego'>,
): Promise<RegoOutcome | null> {
  const app = { cache: new MemoryCache(), ...ports } as unknown as App;
  const configuration = { policy: { rego: globs } } as unknown as Configuration;
  await keepManifests(app, { base: 'base', head: 'head', pullRequest: PULL_REQUEST, configuration, renderings: [] });
  const mirror = {
    entries: async () => Object.keys(FILES).map((path) => ({ path, sha: path, mode: '100644' })),
    blobs: async (shas: readonly string[]) => new Map(shas.map((sha) => [sha, Buffer.from(FILES[sha] ?? '')])),
  };
  const repository = { mirror, tip: 'base', configuration } as unknown as ConfiguredRepository;
  return gatherRego(app, repository, PULL_REQUEST, { plan: PLAN, files: 'unknown' });
}

test('sources are given as text, compiled ones as bytes, each to what runs it; either can deny', async () => {
  const [sources, compiled] = [saying(denied('written')), saying(denied('compiled'))];
  const outcome = await gather(['policy/**'], { rego: sources.rego, compiledRego: compiled.rego });
  expect(sources.asked.map(({ modules }) => modules)).toEqual([[{ path: 'policy/a.rego', text: 'package a' }]]);
  const bytes = Buffer.from('\0asm').toString('base64');
  expect(compiled.asked.map(({ modules }) => modules)).toEqual([[{ path: 'policy/b.wasm', text: bytes }]]);
  expect(outcome).toMatchObject({ kind: 'evaluated', deny: [{ message: 'written' }, { message: 'compiled' }] });
});

test('compiled ones alone need no opa', async () => {
  const missing = saying({ kind: 'tool-missing', tool: 'opa', install: 'x' });
  const compiled = saying(denied('compiled'));
  const ports = { rego: missing.rego, compiledRego: compiled.rego };
  expect(await gather(['policy/*.wasm'], ports)).toEqual(denied('compiled'));
  expect(missing.asked).toEqual([]);
  expect(await gather(['policy/*'], ports)).toMatchObject({ kind: 'tool-missing' });
});

test('what cannot be run, or is not there, refuses', async () => {
  expect(await gather(['policy/*.wasm'], {})).toMatchObject({ kind: 'not-asked' });
  const why = { kind: 'no-match', globs: ['policy/*.json'], beside: 'target-branch' };
  expect(await gather(['policy/*.json'], {})).toEqual({ kind: 'not-asked', why });
});
