// Every cap and ban of .oxlintrc.json is seen to fail: one violation is planted for each, and what stays within passes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import ts from 'typescript';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantWorkspace, type PlantedWorkspace } from './planted-workspace.js';

interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const uncounted = lines(100, () => '// a comment\n');

/** A file of exactly `count` counted lines. */
const fileOf = (count: number) => `${uncounted}${lines(count, (i) => `export const value${i} = ${i};`)}\n`;

/** A function of exactly `count` counted lines, its first and last included. */
const functionOf = (count: number) =>
  `export function long(list: number[]): void {\n${uncounted}${lines(count - 2, (i) => `  list.push(${i});`)}\n}\n`;

/** A function of cyclomatic complexity `count`. */
const branchesOf = (count: number) =>
  `export function choose(n: number): number {\n${lines(count - 1, (i) => `  if (n === ${i}) return ${i};`)}\n  return n;\n}\n`;

const parametersOf = (count: number) =>
  `export const sum = (${lines(count, (i) => `p${i}: number`).replaceAll('\n', ', ')}) => ${lines(count, (i) => `p${i}`).replaceAll('\n', ' + ')};\n`;

const nestedOf = (count: number) =>
  `export function nest(n: number): number {\n${'if (n) {'.repeat(count)} return 1; ${'}'.repeat(count)}\n  return 0;\n}\n`;

/** Texts of planted files, each to be refused by its rule: no code or test of ours is so, and none of these is run. */
const violations: readonly Plant[] = [
  { rule: 'eslint(max-lines)', file: 'src/app/file-301.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines)', file: 'scripts/file-301.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines)', file: 'src/core/file-301.test.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines)', file: 'src/core/testing/file-301.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines)', file: 'test/app/file-301.test.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines)', file: 'test/app/file-301.ts', text: fileOf(301) },
  { rule: 'eslint(max-lines-per-function)', file: 'src/app/function-51.ts', text: functionOf(51) },
  { rule: 'eslint(complexity)', file: 'src/app/complexity-13.ts', text: branchesOf(13) },
  { rule: 'eslint(max-params)', file: 'src/app/parameters-5.ts', text: parametersOf(5) },
  { rule: 'eslint(max-depth)', file: 'src/app/depth-5.ts', text: nestedOf(5) },
  { rule: 'typescript(no-explicit-any)', file: 'src/app/any.ts', text: 'export const a: any = 1;' },
  { rule: 'typescript(no-explicit-any)', file: 'src/app/as-any.ts', text: 'export const a = (1 as any) as string;' },
  { rule: 'typescript(no-explicit-any)', file: 'test/any.test.ts', text: 'export const a: any = 1;' },
  { rule: 'typescript(ban-ts-comment)', file: 'src/app/ignore.ts', text: '// @ts-ignore because\nexport const a = 1;' },
  { rule: 'typescript(ban-ts-comment)', file: 'src/app/nocheck.ts', text: '// @ts-nocheck\nexport const a = 1;' },
  {
    rule: 'typescript(consistent-type-imports)',
    file: 'src/app/value-import.ts',
    text: `import { A } from './a.js';\nexport const a: A = 1;`,
  },
  {
    rule: 'typescript(no-non-null-assertion)',
    file: 'src/app/sure.ts',
    text: 'export const f = (a?: string) => a!.length;',
  },
  { rule: 'import(no-default-export)', file: 'src/app/default.ts', text: 'export default 1;' },
  { rule: 'import(no-default-export)', file: 'test/default.ts', text: 'export default 1;' },
  { rule: 'oxc(no-barrel-file)', file: 'src/app/barrel.ts', text: `export * from './a.js';` },
  { rule: 'eslint(no-warning-comments)', file: 'src/app/later.ts', text: '// TODO: write it\nexport const a = 1;' },
  { rule: 'eslint(no-warning-comments)', file: 'test/later.ts', text: '// FIXME broken\nexport const a = 1;' },
  { rule: 'eslint(no-var)', file: 'src/app/var.ts', text: 'export var a = 1;' },
  { rule: 'eslint(prefer-const)', file: 'src/app/let.ts', text: 'let a = 1;\nexport const b = a;' },
  { rule: 'eslint(eqeqeq)', file: 'src/app/loose.ts', text: 'export const f = (a: string) => a == "1";' },
  { rule: 'eslint(no-empty)', file: 'src/app/swallow.ts', text: 'try { globalThis.stop(); } catch {}' },
  { rule: 'node(no-process-env)', file: 'src/app/environment.ts', text: `export const a = process.env['A'];` },
  { rule: 'node(no-process-env)', file: 'src/spawner/environment.ts', text: `export const a = process.env.HOME;` },
  {
    rule: 'eslint(no-restricted-imports)',
    file: 'src/app/process.ts',
    text: `import { env } from 'node:process';\nenv;`,
  },
  { rule: 'eslint(no-console)', file: 'src/app/prints.ts', text: 'console.log(1);' },
  ...['core', 'text'].flatMap(impurities),
  {
    rule: 'vitest(no-disabled-tests)',
    file: 'test/skip.test.ts',
    text: inTest(`it.skip('a', () => expect(1).toBe(1));`),
  },
  { rule: 'vitest(no-disabled-tests)', file: 'test/xit.test.ts', text: inTest(`describe.skip('a', () => {});`) },
  {
    rule: 'vitest(no-disabled-tests)',
    file: 'src/core/skip.test.ts',
    text: inTest(`it.skip('a', () => expect(1).toBe(1));`),
  },
  {
    rule: 'vitest(no-focused-tests)',
    file: 'test/only.test.ts',
    text: inTest(`it.only('a', () => expect(1).toBe(1));`),
  },
  { rule: 'vitest(valid-expect)', file: 'test/dangling.test.ts', text: inTest(`it('a', () => { expect(1); });`) },
  { rule: 'vitest(warn-todo)', file: 'test/todo.test.ts', text: inTest(`it.todo('a');`) },
  {
    rule: 'vitest(no-identical-title)',
    file: 'test/twice.test.ts',
    text: inTest(`it('a', () => expect(1).toBe(1));\nit('a', () => expect(2).toBe(2));`),
  },
  ...['mock', 'doMock', 'hoisted', 'mocked', 'fn', 'spyOn', 'stubGlobal', 'stubEnv', 'useFakeTimers'].map((method) => ({
    rule: 'vitest(no-restricted-vi-methods)',
    file: `test/vi-${method}.test.ts`,
    text: inTest(`vi.${method}('../src/a.js');`),
  })),
];

function impurities(layer: string): readonly Plant[] {
  const clock = ['new Date()', 'Date()'].map((use) => ['clockless(no-clock)', `export const use = ${use};`]);
  const properties = ['Date.now()', 'Math.random()', 'Temporal.Now.instant()'].map((use) => [
    'eslint(no-restricted-properties)',
    `export const use = ${use};`,
  ]);
  const globals = [
    'process.pid',
    'globalThis.Date',
    'performance.now()',
    'crypto.randomUUID()',
    `fetch('x')`,
    `require('x')`,
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((timer) => `${timer}(() => 1)`),
  ].map((use) => ['eslint(no-restricted-globals)', `export const use = ${use};`]);
  const imports = [
    'node:fs',
    'node:fs/promises',
    'fs',
    'node:process',
    'process',
    'node:timers/promises',
    'node:child_process',
    'node:os',
    'node:perf_hooks',
    'crypto',
  ].map((module) => ['eslint(no-restricted-imports)', `import * as use from '${module}';\nuse;`]);
  const randomness = ['randomUUID', 'randomBytes', 'randomInt'].map((name) => [
    'eslint(no-restricted-imports)',
    `import { ${name} } from 'node:crypto';\n${name};`,
  ]);
  return [...clock, ...properties, ...globals, ...imports, ...randomness].map(([rule = '', text = ''], index) => ({
    rule,
    file: `src/${layer}/impure-${index}.ts`,
    text,
  }));
}

function inTest(text: string): string {
  return `import { describe, expect, it, vi } from 'vitest';\n${text}\n`;
}

const allowed: Readonly<Record<string, string>> = {
  'src/app/file-300.ts': fileOf(300),
  'src/app/function-50.ts': functionOf(50),
  'src/app/complexity-12.ts': branchesOf(12),
  'src/app/parameters-4.ts': parametersOf(4),
  'src/app/depth-4.ts': nestedOf(4),
  'src/app/a.ts': 'export type A = 1;\nexport const now = Date.now();\nsetTimeout(() => now, 1);',
  'src/core/pure.ts': `import { createHash } from 'node:crypto';\nexport const f = (ms: number) => [createHash, new Date(ms)];`,
  'src/spawner/path.ts': `export const path = process.env.PATH;`,
  'src/main.ts': `console.log(process.env['PORT']);`,
  'src/cli/serve.ts': `import { env } from 'node:process';\nconsole.log(env, process.env['PORT']);`,
  'src/core/timed.test.ts': `export const timed = performance.now();\n${parametersOf(6)}`,
  'test/long.test.ts': functionOf(300),
  'src/core/long.test.ts': functionOf(300),
  'test/tools.test.ts': `import { describe, expect, it } from 'vitest';
const present = process.env['CI'] === '1';
describe.skipIf(!present)('a', () => {
  it('b', () => expect(1).toBe(1));
});
it.each([1])('c %i', (n) => expect(n).toBe(1));
`,
  'vitest.config.ts': 'export default {};',
};

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly message: string;
}

const configFile = '.oxlintrc.json';
const entry = 'node_modules/oxlint/bin/oxlint';

describe('lint rules', () => {
  let workspace: PlantedWorkspace;
  let status: number;
  let found: readonly Diagnostic[];

  beforeAll(async () => {
    workspace = await plantWorkspace([configFile, 'scripts/lint'], {
      ...allowed,
      ...Object.fromEntries(violations.map((plant) => [plant.file, plant.text])),
    });
    const report = await workspace.run(entry, ['--deny-warnings', '--format', 'json']);
    status = report.status;
    found = (JSON.parse(report.stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  });

  afterAll(() => workspace.remove());

  test.each(violations)('$rule fails on $file', ({ rule, file }) => {
    expect(found.filter((diagnostic) => diagnostic.filename === file).map((diagnostic) => diagnostic.code)).toContain(
      rule,
    );
  });

  test('the tool exits with a failure', () => {
    expect(status).not.toBe(0);
  });

  test('what stays within the caps and bans is not reported', () => {
    expect(found.filter((diagnostic) => diagnostic.filename in allowed)).toEqual([]);
  });

  test('every rule that the project names has a planted violation', () => {
    const planted = new Set(violations.map((plant) => plant.rule));
    expect(namedRules().filter((rule) => !planted.has(rule))).toEqual([]);
  });
});

/** The rules switched on by name in the configuration, written as the tool reports them: `plugin(rule)`. */
function namedRules(): readonly string[] {
  type Rules = Readonly<Record<string, unknown>>;
  const path = join(import.meta.dirname, '..', '..', configFile);
  const parsed: unknown = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8')).config;
  const { rules, overrides } = parsed as { rules: Rules; overrides: readonly { rules: Rules }[] };
  return [rules, ...overrides.map((override) => override.rules)]
    .flatMap((group) => Object.entries(group))
    .filter(([, setting]) => setting !== 'off')
    .map(([name]) => (name.includes('/') ? name.replace(/^(.*)\/(.*)$/, '$1($2)') : `eslint(${name})`));
}
