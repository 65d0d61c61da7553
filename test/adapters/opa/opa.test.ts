import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpa } from '../../../src/adapters/opa/create-opa.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { sandboxed } from '../../../src/adapters/sandbox/sandboxed.js';
import type { RegoOutcome } from '../../../src/core/rego/rego.js';
import type { Rego, RegoRequest } from '../../../src/ports/rego.js';
import { describeRego, failureOf } from '../../contract/rego-contract.js';
import { processes } from '../../contract/git-origin.js';
import { describeWithTool } from '../../tools/require-tool.js';

let temporaryDirectory = '';
let opa: Rego;
let hurried: Rego;
beforeAll(async () => {
  temporaryDirectory = await mkdtemp(join(tmpdir(), 'lockkeeper-test-opa-'));
  const withLimit = (milliseconds: number): Rego =>
    createOpa({ processes: sandbox, temporaryDirectory, limits: { milliseconds, outputBytes: 1_000_000 } });
  // Where nothing loops, a slow machine has all the time it needs.
  opa = withLimit(120_000);
  hurried = withLimit(2_000);
});
afterAll(() => rm(temporaryDirectory, { recursive: true, force: true }));

const path = process.env['PATH'] ?? '';
const sandbox = sandboxed(processes, { path, parallel: availableParallelism() });

function evaluate(
  text: string,
  input: unknown = {},
  more: Readonly<Record<string, string>> = {},
): Promise<RegoOutcome> {
  return opa.evaluate(requestOf({ 'policy/main.rego': text, ...more }, input));
}

function requestOf(sources: Readonly<Record<string, string>>, input: unknown): RegoRequest {
  return { modules: Object.entries(sources).map(([at, text]) => ({ path: at, text })), input };
}

describeWithTool('opa', 'policies in Rego', () => {
  describeRego({
    evaluate: (sources, input) => opa.evaluate(requestOf(sources, input)),
    hurried: (sources, input) => hurried.evaluate(requestOf(sources, input)),
  });

  test('what is wrong is said with its line, and no place of this machine', async () => {
    const message = await failureOf(evaluate('package main\ndeny contains "x" if http.send({})\n'));
    expect(message).toContain('policy/main.rego:2');
    expect(message).not.toContain(temporaryDirectory);
    expect(await readdir(temporaryDirectory)).toEqual([]);
  });

  test('what is broken, or conflicts, says so and where', async () => {
    expect(await failureOf(evaluate('package main\ndeny contains if {\n'))).toContain('policy/main.rego:2');
    const conflict = 'package main\nx := 1 if input.a\nx := 2 if input.a\ndeny contains "x" if x == 1\n';
    expect(await failureOf(evaluate(conflict, { a: true }))).toContain('policy/main.rego:3');
    const failing = 'package main\ndeny contains "x" if to_number("a") > 1\n';
    expect(await failureOf(evaluate(failing))).toContain('policy/main.rego:2');
  });

  test.each(['../x.rego', '.git/x.rego', 'a//x.rego', 'data.a:x.rego'])('refuses to write %s', async (at) => {
    expect(await failureOf(evaluate('package main\n', {}, { [at]: 'package x\n' }))).toContain('no file system');
  });
});

test('without opa it is missing, and how to get it is said', async () => {
  const none = createOpa({ processes: createProcesses({ path: '/usr/bin:/bin' }), temporaryDirectory });
  expect(await none.version()).toBeNull();
  expect(await none.evaluate({ modules: [], input: {} })).toMatchObject({ kind: 'tool-missing', tool: 'opa' });
});
