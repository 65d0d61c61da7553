// Every import rule is seen to fail: one violation is planted for each, and what the design allows passes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantWorkspace, type PlantedFiles, type PlantedWorkspace } from './planted-workspace.js';

interface Plant {
  readonly rule: string;
  /** The file that breaks the rule, and what it says. */
  readonly file: string;
  readonly text: string;
}

const violations: readonly Plant[] = [
  { rule: 'core-is-pure', file: 'src/core/reads-a-file.ts', text: `import 'node:fs';` },
  { rule: 'core-is-pure', file: 'src/core/knows-a-port.ts', text: `import type { Port } from '../ports/port.js';` },
  { rule: 'core-is-pure', file: 'src/core/knows-words.ts', text: `import '../text/words.js';` },
  { rule: 'core-is-pure', file: 'src/core/knows-a-library.ts', text: `import 'fastify';` },
  { rule: 'text-is-pure', file: 'src/text/knows-config.ts', text: `import '../config/parse.js';` },
  { rule: 'text-is-pure', file: 'src/text/knows-yaml.ts', text: `import 'yaml';` },
  {
    rule: 'config-knows-core',
    file: 'src/config/knows-a-port.ts',
    text: `import type { Port } from '../ports/port.js';`,
  },
  { rule: 'config-knows-core', file: 'src/config/reads-a-file.ts', text: `import 'node:fs/promises';` },
  { rule: 'ports-know-core', file: 'src/ports/knows-text.ts', text: `import '../text/words.js';` },
  { rule: 'ports-know-core', file: 'src/ports/knows-a-library.ts', text: `import type { F } from 'fastify';` },
  { rule: 'app-knows-no-adapter', file: 'src/app/knows-an-adapter.ts', text: `import '../adapters/git/mirror.js';` },
  { rule: 'app-knows-no-adapter', file: 'src/app/knows-the-server.ts', text: `import '../server/http.js';` },
  { rule: 'app-does-io-through-ports', file: 'src/app/starts-processes.ts', text: `import 'node:child_process';` },
  { rule: 'app-does-io-through-ports', file: 'src/app/knows-a-library.ts', text: `import 'fastify';` },
  {
    rule: 'adapters-know-ports-and-core',
    file: 'src/adapters/git/knows-app.ts',
    text: `import '../../app/use-case.js';`,
  },
  { rule: 'adapters-know-ports-and-core', file: 'src/adapters/git/says.ts', text: `import '../../text/words.js';` },
  {
    rule: 'adapters-know-no-other-adapter',
    file: 'src/adapters/git/knows-sqlite.ts',
    text: `import '../sqlite/store.js';`,
  },
  { rule: 'server-calls-app', file: 'src/server/knows-an-adapter.ts', text: `import '../adapters/git/mirror.js';` },
  { rule: 'server-calls-app', file: 'src/server/knows-a-command.ts', text: `import '../cli/serve.js';` },
  {
    rule: 'adapters-are-chosen-in-one-place',
    file: 'src/server/chooses.ts',
    text: `export const chosen = import('../adapters/git/mirror.js');`,
  },
  { rule: 'nothing-calls-the-commands', file: 'src/app/calls-a-command.ts', text: `import '../cli/serve.js';` },
  { rule: 'nothing-calls-the-commands', file: 'src/server/calls-main.ts', text: `import '../main.js';` },
  { rule: 'simulator-only-for-demo', file: 'src/cli/serve-simulated.ts', text: `import '../simulator/forge.js';` },
  { rule: 'simulator-only-for-demo', file: 'src/app/simulates.ts', text: `import '../simulator/forge.js';` },
  {
    rule: 'simulator-stands-alone',
    file: 'src/simulator/knows-core.ts',
    text: `import type { A } from '../core/a.js';`,
  },
  { rule: 'spawner-stays-small', file: 'src/spawner/knows-core.ts', text: `import '../core/a.js';` },
  { rule: 'spawner-stays-small', file: 'src/spawner/knows-a-library.ts', text: `import 'fastify';` },
  { rule: 'no-test-in-src', file: 'src/app/knows-a-test.ts', text: `import '../../test/fixture.js';` },
  { rule: 'no-test-in-src', file: 'src/core/knows-its-test.ts', text: `import './a.test.js';` },
  { rule: 'testing-is-for-tests', file: 'src/core/builds.ts', text: `import './testing/build.js';` },
  { rule: 'testing-is-for-tests', file: 'src/app/builds.ts', text: `import '../core/testing/build.js';` },
  { rule: 'core-is-pure', file: 'src/core/testing-of-its-own.ts', text: `import 'vitest';` },
  {
    rule: 'no-cycles',
    file: 'src/core/chicken.ts',
    text: `import type { Egg } from './egg.js'; export type Chicken = Egg;`,
  },
  { rule: 'no-orphans', file: 'src/core/orphan.ts', text: `export const forgotten = 1;` },
  { rule: 'no-barrels', file: 'src/app/takes-the-barrel.ts', text: `import '../core/barrel/index.js';` },
  { rule: 'no-grab-bags', file: 'src/app/takes-a-grab-bag.ts', text: `import '../core/utils.js';` },
  { rule: 'no-development-dependencies', file: 'src/adapters/git/tests.ts', text: `import 'vitest';` },
  { rule: 'no-undeclared-dependencies', file: 'src/adapters/git/lucky.ts', text: `import 'undeclared';` },
  { rule: 'no-unresolved', file: 'src/adapters/git/nowhere.ts', text: `import './nowhere-at-all.js';` },
  { rule: 'no-deprecated-core', file: 'src/adapters/git/old-node.ts', text: `import 'node:punycode';` },
  { rule: 'no-deprecated-packages', file: 'src/adapters/git/old-package.ts', text: `import 'deprecated';` },
];

const allowed: PlantedFiles = {
  'src/core/a.ts': `import 'yaml'; import 're2js'; import 'semver'; import 'diff'; import 'node:crypto'; export type A = 1;`,
  'src/core/a.test.ts': `import 'vitest'; import './a.js'; import './testing/build.js';`,
  'src/core/testing/build.ts': `import 'vitest'; import '../a.js';`,
  'src/text/words.test.ts': `import '../core/testing/build.js';`,
  'src/core/barrel/index.ts': `export * from '../a.js';`,
  'src/core/utils.ts': `import '../core/a.js';`,
  'src/core/egg.ts': `import type { Chicken } from './chicken.js'; export type Egg = Chicken | 1;`,
  'src/text/words.ts': `import type { A } from '../core/a.js'; import 'diff'; import 'node:crypto'; export type Words = A;`,
  'src/config/parse.ts': `import '../core/a.js'; import 'yaml'; import 're2js';`,
  'src/ports/port.ts': `import type { A } from '../core/a.js'; export type Port = A;`,
  'src/app/use-case.ts': `import '../core/a.js'; import '../text/words.js'; import '../config/parse.js'; import '../ports/port.js';`,
  'src/adapters/git/mirror.ts': `import '../../ports/port.js'; import '../../core/a.js'; import './fetch.js'; import 'fastify'; import 'node:fs';`,
  'src/adapters/git/fetch.ts': `import 'node:child_process'; import type { T } from 'vitest';`,
  'src/adapters/sqlite/store.ts': `import '../../ports/port.js';`,
  'src/server/http.ts': `import '../app/use-case.js'; import 'fastify'; import 'node:http';`,
  'src/cli/serve.ts': `import '../adapters/git/mirror.js'; import '../server/http.js'; import '../app/use-case.js';`,
  'src/cli/demo.ts': `import '../simulator/forge.js';`,
  'src/cli/demo/play.ts': `import '../../simulator/forge.js';`,
  'src/cli/simulator.ts': `import '../simulator/forge.js';`,
  'src/spawner/start.ts': `import './run.js'; import 'node:child_process'; import 'node:net';`,
  'src/spawner/run.js': `import 'node:child_process';`,
  'src/adapters/process/child.ts': `import '../../spawner/start.js';`,
  'src/simulator/forge.ts': `import './state.js'; import '../spawner/start.js'; import 'fastify'; import 'node:fs';`,
  'src/simulator/state.ts': `export const state = 1;`,
  'src/main.ts': `import './cli/serve.js'; import './adapters/sqlite/store.js';`,
  'test/fixture.ts': `import '../src/adapters/git/mirror.js'; import '../src/simulator/forge.js'; import 'vitest';`,
};

const packages: PlantedFiles = Object.fromEntries(
  ['yaml', 're2js', 'semver', 'diff', 'fastify', 'vitest', 'undeclared', 'deprecated'].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify(packageOf(name))],
    [`node_modules/${name}/index.js`, 'export {};'],
  ]),
);

function packageOf(name: string) {
  const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js' };
  return name === 'deprecated' ? { ...manifest, deprecated: 'use something else' } : manifest;
}

const manifest = {
  name: 'planted',
  type: 'module',
  dependencies: { yaml: '1', re2js: '1', semver: '1', diff: '1', fastify: '1', deprecated: '1' },
  devDependencies: { vitest: '1' },
};

interface Summary {
  readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] };
}

describe('import rules', () => {
  let workspace: PlantedWorkspace;
  let status: number;
  let summary: Summary;

  beforeAll(async () => {
    workspace = await plantWorkspace(['.dependency-cruiser.mjs', 'tsconfig.json'], {
      ...allowed,
      ...packages,
      ...Object.fromEntries(violations.map((plant) => [plant.file, plant.text])),
      'package.json': JSON.stringify(manifest),
    });
    const entry = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
    const json = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
    const report = await workspace.run(entry, ['src', 'test', ...json]);
    status = (await workspace.run(entry, ['src', 'test', '--config', '.dependency-cruiser.mjs'])).status;
    summary = (JSON.parse(report.stdout) as { summary: Summary }).summary;
  });

  afterAll(() => workspace.remove());

  test.each(violations)('$rule fails on $file', ({ rule, file }) => {
    const found = summary.violations.filter((violation) => violation.from === file);
    expect(found.map((violation) => violation.rule.name)).toContain(rule);
  });

  test('the tool exits with a failure', () => {
    expect(status).not.toBe(0);
  });

  test('what the design allows is not reported', () => {
    const partOfPlantedCycle = 'src/core/egg.ts';
    const reported = summary.violations.filter((violation) => violation.from in allowed);
    expect(reported.filter((violation) => violation.from !== partOfPlantedCycle)).toEqual([]);
  });

  test('every rule has a planted violation and a sentence', () => {
    const planted = new Set(violations.map((plant) => plant.rule));
    const rules = summary.ruleSetUsed.forbidden;
    expect(rules.map((rule) => rule.name).filter((name) => !planted.has(name))).toEqual([]);
    for (const rule of rules) expect(rule.comment, rule.name).toMatch(/^[A-Z].{20,}[.]$/s);
  });
});
