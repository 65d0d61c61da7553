import { expect, test } from 'vitest';
import { createOpaWasm, type OpaWasmOptions } from '../../../src/adapters/opa-wasm/create-opa-wasm.js';
import { evaluateCompiled } from '../../../src/adapters/opa-wasm/evaluate-compiled.js';
import type { Rego } from '../../../src/ports/rego.js';
import { processes } from '../../contract/git-origin.js';
import { describeRego, failureOf, main, type EvaluateRego } from '../../contract/rego-contract.js';
import { builtPrograms } from '../../processes/programs.js';
import { compileRego } from '../../tools/compile-rego.js';
import { describeWithTool } from '../../tools/require-tool.js';

function compiledBy(rego: Rego): EvaluateRego {
  return async (sources, input) =>
    rego.evaluate({ modules: [{ path: 'policy/policy.wasm', text: await compileRego(sources) }], input });
}

// Where nothing loops, a slow machine has all the time it needs.
const PATIENT = { milliseconds: 120_000 };
const within = (limits: OpaWasmOptions['limits']): Rego =>
  createOpaWasm({
    processes,
    node: process.execPath,
    program: builtPrograms().compiledProcess,
    limits: { ...PATIENT, ...limits },
  });
const wasm = within({});

describeWithTool('opa', 'compiled policies', () => {
  describeRego({ evaluate: compiledBy(wasm), hurried: compiledBy(within({ milliseconds: 2_000 })) });

  test('every entrypoint is asked, packages and rules alike, of every file', async () => {
    const sources = {
      'a.rego': 'package acme.a\ndeny contains "a"\nwarn contains "not asked"\n',
      'b.rego': 'package acme.b\ndeny contains "b"\nwarn contains "w"\n',
    };
    const one = await compileRego(sources, ['acme/a/deny', 'acme/b']);
    const other = await compileRego(main('violation contains {"msg": "c"}\n'));
    const modules = [
      { path: 'one.wasm', text: one },
      { path: 'other.wasm', text: other },
    ];
    expect(await wasm.evaluate({ modules, input: {} })).toEqual({
      kind: 'evaluated',
      deny: [
        { package: 'acme.a', rule: 'deny', message: 'a' },
        { package: 'acme.b', rule: 'deny', message: 'b' },
        { package: 'main', rule: 'violation', message: 'c' },
      ],
      warn: [{ package: 'acme.b', rule: 'warn', message: 'w' }],
    });
  });

  test('what takes too much memory is ended', async () => {
    const small = within({ memoryMegabytes: 2 });
    const greedy = 'deny contains sprintf("%d", [count(x)]) if x := [y | some y in numbers.range(1, 1000000)]\n';
    expect(await failureOf(compiledBy(small)(main(greedy), {}))).toContain('policy/policy.wasm: ');
    expect(
      await failureOf(
        compiledBy(within({ heapMegabytes: 8 }))(main('deny contains input.x\n'), {
          x: 'x'.repeat(20_000_000),
        }),
      ),
    ).toContain('memory');
  });
});

const module = (...sections: readonly number[]): string =>
  Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections]).toString('base64');

test.each([
  ['something else', Buffer.from('package main').toString('base64'), 'no WebAssembly'],
  ['a module of something else', module(), 'no policy'],
  ['memory of its own', module(5, 3, 1, 0, 16), 'memory of its own'],
])('%s is refused', async (_, text, words) => {
  const message = await failureOf(
    evaluateCompiled({ modules: [{ path: 'policy/x.wasm', text }], input: {}, memoryMegabytes: 8 }),
  );
  expect(message).toMatch(/^policy\/x\.wasm: /);
  expect(message).toContain(words);
});
