import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithTool, type ToolName } from '../tools/require-tool.js';
import type { Fixture } from './fixture.js';
import { badInputFixtures } from './fixtures/bad-input.js';
import { dangerFixtures } from './fixtures/danger.js';
import { helmFixtures } from './fixtures/helm.js';
import { kustomizeFixtures } from './fixtures/kustomize.js';
import { maskingFixtures, PLANTED } from './fixtures/masking.js';
import { meaningFixtures } from './fixtures/meaning.js';
import { otherRendererFixtures } from './fixtures/other-renderers.js';
import { plainFixtures } from './fixtures/plain.js';
import { scopeFixtures } from './fixtures/scope.js';
import { expectGolden, goldenNames } from './golden.js';
import { FixtureWorld } from './plan-fixtures.js';
import { expectSoundBodies } from './sound-body.js';

const fixtures: readonly Fixture[] = [
  ...plainFixtures,
  ...kustomizeFixtures,
  ...helmFixtures,
  ...otherRendererFixtures,
  ...meaningFixtures,
  ...maskingFixtures,
  ...dangerFixtures,
  ...scopeFixtures,
  ...badInputFixtures,
];

let world: FixtureWorld;
beforeAll(async () => {
  world = await FixtureWorld.start(fixtures);
});
afterAll(() => world.close());

function planned(chosen: readonly Fixture[]): void {
  test.each(chosen.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, fixture) => {
    const plan = await world.plan(fixture);
    expectGolden(name, plan);
    expectSoundBodies(plan, PLANTED);
  });
}

describe('a plan with git alone', () => {
  planned(fixtures.filter(({ needs }) => needs === undefined));
});
for (const tool of ['kustomize', 'helm'] as const satisfies readonly ToolName[])
  describeWithTool(tool, `a plan with ${tool}`, () => planned(fixtures.filter(({ needs }) => needs === tool)));

test('every golden file is of a fixture, and names are used once', () => {
  const names = fixtures.map(({ name }) => name);
  expect(names.length).toBe(new Set(names).size);
  expect(goldenNames().toSorted()).toEqual(names.flatMap((name) => [`${name}.json`, `${name}.md`]).toSorted());
});
