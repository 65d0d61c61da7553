import { describe, expect, it } from 'vitest';
import { readRegoOutput } from './read-rego-output.js';
import { isRegoPolicy, type RegoFlaw } from './rego.js';

const misshapen = (flaw: RegoFlaw): object => ({ kind: 'misshapen', path: null, flaw });

describe('what policies in Rego came to', () => {
  it('gathers messages of every package, texts and objects alike', () => {
    const data = {
      main: { deny: ['no'], warn: [{ msg: 'hm', details: { a: 1 } }], helper: { x: 1 } },
      acme: { prod: { violation_tags: [{ msg: 'tags' }], warn_size: ['big'], denylist: ['not a rule'] } },
    };
    expect(readRegoOutput(data)).toEqual({
      kind: 'evaluated',
      deny: [
        { package: 'main', rule: 'deny', message: 'no' },
        { package: 'acme.prod', rule: 'violation_tags', message: 'tags' },
      ],
      warn: [
        { package: 'main', rule: 'warn', message: 'hm' },
        { package: 'acme.prod', rule: 'warn_size', message: 'big' },
      ],
    });
  });

  it.each([
    [{ main: { deny: [] } }, { kind: 'evaluated', deny: [], warn: [] }],
    [{}, misshapen({ kind: 'no-rules' })],
    [{ main: { denied: ['x'] } }, misshapen({ kind: 'no-rules' })],
    [undefined, misshapen({ kind: 'no-rules' })],
    [{ a: { b: { deny: { x: true } } } }, misshapen({ kind: 'no-set', package: 'a.b', rule: 'deny' })],
    [{ a: { deny: true } }, misshapen({ kind: 'no-set', package: 'a', rule: 'deny' })],
    [{ a: { deny: ['x', { message: 'y' }] } }, misshapen({ kind: 'no-message', package: 'a', rule: 'deny' })],
    [{ a: { warn: [{ msg: 1 }] } }, misshapen({ kind: 'no-message', package: 'a', rule: 'warn' })],
  ])('%j', (data, expected) => {
    expect(readRegoOutput(data)).toEqual(expected);
  });

  it('counts what it leaves out', () => {
    const outcome = readRegoOutput({
      main: { deny: Array.from({ length: 60 }, (_, index) => `${String(index)}${'x'.repeat(600)}`) },
    });
    const deny = outcome.kind === 'evaluated' ? outcome.deny : [];
    expect(deny).toHaveLength(51);
    expect(deny.at(-1)?.message).toBe('… and 10 more');
    expect(deny[0]?.message).toHaveLength(500);
  });

  it.each([
    ['policy/a.rego', true],
    ['policy/a_test.rego', false],
    ['policy/a.yaml', false],
  ])('%s is a policy: %s', (path, expected) => {
    expect(isRegoPolicy(path)).toBe(expected);
  });
});
