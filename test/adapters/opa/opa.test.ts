import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpa } from '../../../src/adapters/opa/create-opa.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { sandboxed } from '../../../src/adapters/sandbox/sandboxed.js';
import type { RegoOutcome } from '../../../src/core/rego/rego.js';
import type { Rego } from '../../../src/ports/rego.js';
import { processes } from '../../contract/git-origin.js';
import { describeWithTool } from '../../tools/require-tool.js';

let temporaryDirectory = '';
let opa: Rego;
beforeAll(async () => {
  temporaryDirectory = await mkdtemp(join(tmpdir(), 'lockkeeper-test-opa-'));
  const limits = { milliseconds: 4_000, outputBytes: 1_000_000 };
  opa = createOpa({ processes: sandbox, temporaryDirectory, limits });
});
afterAll(() => rm(temporaryDirectory, { recursive: true, force: true }));

const path = process.env['PATH'] ?? '';
const sandbox = sandboxed(processes, { path, parallel: availableParallelism() });

function evaluate(
  text: string,
  input: unknown = {},
  more: Readonly<Record<string, string>> = {},
): Promise<RegoOutcome> {
  const modules = Object.entries({ 'policy/main.rego': text, ...more }).map(([at, content]) => ({
    path: at,
    text: content,
  }));
  return opa.evaluate({ modules, input });
}

const messageOf = async (outcome: Promise<RegoOutcome>): Promise<string> => {
  const { kind, ...rest } = await outcome;
  return kind === 'failed' && 'message' in rest ? rest.message : kind;
};

describeWithTool('opa', 'policies in Rego', () => {
  test('deny and warn of every package see the input', async () => {
    const main = `package main
deny contains msg if {
  some target in input.plan.targets
  target.env == "prod"
  msg := sprintf("%s may not go to production", [target.app])
}
warn contains {"msg": "look twice"} if data.helpers.large
`;
    const helpers = 'package helpers\nlarge if count(input.plan.targets) > 1\n';
    const input = {
      plan: {
        targets: [
          { app: 'api', env: 'prod' },
          { app: 'web', env: 'dev' },
        ],
      },
    };
    expect(await evaluate(main, input, { 'policy/lib/helpers.rego': helpers })).toEqual({
      kind: 'evaluated',
      deny: [{ package: 'main', rule: 'deny', message: 'api may not go to production' }],
      warn: [{ package: 'main', rule: 'warn', message: 'look twice' }],
    });
    expect(await readdir(temporaryDirectory)).toEqual([]);
  });

  test.each([
    ['the network', 'http.send({"method": "get", "url": "http://127.0.0.1:1"})', 'http.send'],
    ['names of hosts', 'net.lookup_ip_addr("localhost")', 'net.lookup_ip_addr'],
    ['the environment', 'opa.runtime().env', 'opa.runtime'],
    ['the clock', 'time.now_ns()', 'time.now_ns'],
    ['chance', 'rand.intn("x", 5)', 'rand.intn'],
  ])('has no way to %s', async (_, expression, name) => {
    const message = await messageOf(evaluate(`package main\ndeny contains "x" if { x := ${expression}; x }\n`));
    expect(message).toContain(`undefined function ${name}`);
    expect(message).toContain('policy/main.rego:2');
    expect(message).not.toContain(temporaryDirectory);
  });

  test('what is broken, or conflicts, says so and where', async () => {
    expect(await messageOf(evaluate('package main\ndeny contains if {\n'))).toContain('policy/main.rego:2');
    const conflict = 'package main\nx := 1 if input.a\nx := 2 if input.a\ndeny contains "x" if x == 1\n';
    expect(await messageOf(evaluate(conflict, { a: true }))).toContain('policy/main.rego:3');
    const failing = 'package main\ndeny contains "x" if to_number("a") > 1\n';
    expect(await messageOf(evaluate(failing))).toContain('policy/main.rego:2');
  });

  test('what takes too long is ended', async () => {
    const endless = `package main
deny contains "x" if {
  some a in numbers.range(1, 100000)
  some b in numbers.range(1, 100000)
  a * b == -1
}
`;
    expect(await messageOf(evaluate(endless))).toBe('opa took too long and was ended');
  });

  test.each(['../x.rego', '.git/x.rego', 'a//x.rego', 'data.a:x.rego'])('refuses to write %s', async (at) => {
    expect(await messageOf(evaluate('package main\n', {}, { [at]: 'package x\n' }))).toContain('no file system');
  });
});

test('without opa it is missing, and how to get it is said', async () => {
  const none = createOpa({ processes: createProcesses({ path: '/usr/bin:/bin' }), temporaryDirectory });
  expect(await none.version()).toBeNull();
  expect(await none.evaluate({ modules: [], input: {} })).toMatchObject({ kind: 'tool-missing', tool: 'opa' });
});
