/** What is rendered, and what is not rendered again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { createPlainRenderer } from '../../src/adapters/plain/create-plain-renderer.js';
import { planChange } from '../../src/app/plan/plan-change.js';
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import type { Plan } from '../../src/core/plan/plan.js';
import type { Cache } from '../../src/ports/store.js';
import type { Renderer, RenderResult } from '../../src/ports/renderer.js';
import { configMap, RenderWorld, type Files } from '../contract/renderer-contract.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

const CONFIGURATION = `version: 1
layout: { path: "{app}/{env}" }
environments: { dev: {}, prod: {} }
inputs: [{ files: ["shared/**"], environments: [prod] }]
`;

const files: Files = {
  'api/dev/a.yaml': configMap('api-dev'),
  'api/prod/a.yaml': configMap('api-prod'),
  'web/dev/a.yaml': configMap('web-dev'),
  'shared/x': '1',
};

interface Play {
  readonly before: Files;
  readonly after: Files;
  readonly cache?: Cache;
  readonly version?: string;
  readonly signal?: AbortSignal;
  readonly render?: (rendered: readonly string[]) => RenderResult | null;
}

/** The plan, and which directories were rendered for it, in order of their names. */
async function play({ before, after, version, render, ...more }: Play): Promise<{ plan: Plan; rendered: string[] }> {
  const { origin, mirror } = world;
  const base = origin.commit(before);
  const head = origin.commit(after, { parents: [base] });
  for (const sha of [base, head]) expect(await mirror.has(sha)).toBe(true);
  const parsed = parseConfiguration(CONFIGURATION, 'x');
  if (parsed.kind !== 'valid') throw new Error(JSON.stringify(parsed));
  const rendered: string[] = [];
  const plain = createPlainRenderer();
  const counting: Renderer = {
    ...plain,
    version: async () => version ?? plain.version(),
    render: async (source) => {
      rendered.push(source.directory);
      return render?.(rendered) ?? plain.render(source);
    },
  };
  const { cache, signal } = more;
  const app = {
    renderers: { all: [counting], parallel: 2 },
    fingerprint: (value: string) => String(value.length),
    ...(cache === undefined ? {} : { cache }),
  };
  const change = { mirror, configuration: parsed.configuration, base, head };
  const plan = await planChange(app, { ...change, ...(signal === undefined ? {} : { signal }) });
  return { plan, rendered: rendered.toSorted() };
}

const changed: Files = { ...files, 'api/dev/a.yaml': configMap('api-dev', '2') };

test('renders both sides of what a change touches, and nothing else', async () => {
  expect((await play({ before: files, after: changed })).rendered).toEqual(['api/dev', 'api/dev']);
  const shared = await play({ before: files, after: { ...files, 'shared/x': '2' } });
  expect(shared.rendered).toEqual(['api/prod', 'api/prod']);
  expect(shared.plan.outside).toEqual([]);
});

test('renders nothing again that was rendered of the same files, whatever the commits', async () => {
  const cache = new MemoryCache();
  const first = await play({ before: files, after: changed, cache });
  expect(first.rendered).toEqual(['api/dev', 'api/dev']);
  const again = await play({ before: files, after: { ...changed, 'README.md': 'more\n' }, cache });
  expect(again.rendered).toEqual([]);
  expect(again.plan.targets).toEqual(first.plan.targets);
  // What was one change's side after is another's side before.
  const onTop = { ...changed, 'api/dev/a.yaml': configMap('api-dev', '3') };
  expect((await play({ before: changed, after: onTop, cache })).rendered).toEqual(['api/dev']);
});

test('renders again with another version of the renderer, and when declared inputs differ', async () => {
  const cache = new MemoryCache();
  await play({ before: files, after: changed, cache });
  expect((await play({ before: files, after: changed, cache, version: 'newer' })).rendered).toHaveLength(2);
  const shared = { ...files, 'shared/x': '2' };
  expect((await play({ before: files, after: shared, cache })).rendered).toEqual(['api/prod', 'api/prod']);
  expect((await play({ before: files, after: shared, cache })).rendered).toEqual([]);
});

test('tries again what failed', async () => {
  const cache = new MemoryCache();
  const failing = () => ({ kind: 'failed', file: null, message: 'took too long' }) as const;
  const failed = await play({ before: files, after: changed, cache, render: failing });
  expect(failed.plan.problems).toHaveLength(2);
  const again = await play({ before: files, after: changed, cache });
  expect(again.rendered).toHaveLength(2);
  expect(again.plan.problems).toEqual([]);
});

test('begins no further target once it is told to end', async () => {
  const many = (value: string): Files =>
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`app${index}/dev/a.yaml`, configMap('x', value)]));
  const ended = new AbortController();
  const { rendered } = await play({
    before: many('1'),
    after: many('2'),
    signal: ended.signal,
    render: (soFar) => {
      if (soFar.length === 4) ended.abort();
      return null;
    },
  });
  // Those that were in the making, of forty.
  expect(rendered.length).toBeLessThanOrEqual(8);
});
