/** Files made to do harm, or of anything at all: they are refused in time, and never throw. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfiguration } from './parse-configuration.js';
import { FULL, SMALL, problems } from './testing/example-configuration.js';
import { YAML_LIMITS } from './yaml-source.js';

describe('hostile files', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair])) {
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
  }
  it.each([
    ['too large', ' '.repeat(YAML_LIMITS.characters + 1), 'larger than'],
    ['too deep', `${'['.repeat(100)}`, 'levels deep'],
    ['too many values', 'a: 1\n'.repeat(60_000), 'too many values'],
    ['too many aliases', `a: &a 1\nb: [${'*a, '.repeat(101)}]`, 'aliases'],
    ['aliases of aliases', `${bomb.join('\n')}\n${SMALL.replace('layout:', 'layout: *g\nx:')}`, 'Each of `layout`'],
    ['prototype keys', `${SMALL}__proto__: {}\nconstructor: {}`, 'Unknown key `__proto__`'],
  ])('%s', (_, text, expected) => {
    expect(problems(text).join('\n')).toContain(expected);
  });

  const inside = (text: string): void => {
    const parsed = parseConfiguration(text, 'f');
    if (parsed.kind === 'valid') return;
    expect(parsed.problems.length).toBeGreaterThan(0);
    const lines = text.split(/\r\n|\r|\n/);
    // One past the end of the line, and of a line end of two characters, is still in the text.
    const isInside = ({ line, column }: { readonly line: number; readonly column: number }): boolean =>
      line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 2;
    expect(parsed.problems.filter((problem) => !isInside(problem))).toEqual([]);
  };

  it('never throws, and each problem lies in the text, whatever text it is', () => {
    const yamlish = fc.array(
      fc.constantFrom(...'{}[]:,&*!|>\'"%@#-? \n\r\tab1', ': ', '- ', 'version', 'layout', '---\n', '<<'),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          yamlish.map((parts) => parts.join('')),
        ),
        inside,
      ),
      { numRuns: 1000 },
    );
  });

  it('never throws, and each problem lies in the text, whatever YAML it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => inside(stringify(value))),
      { numRuns: 250 },
    );
  });

  it('never throws, and each problem lies in the text: the example with a piece cut out or doubled', () => {
    fc.assert(
      fc.property(fc.nat(FULL.length), fc.nat(40), fc.boolean(), (at, length, double) => {
        const piece = FULL.slice(at, at + length);
        inside(FULL.slice(0, at) + (double ? piece + piece : '') + FULL.slice(at + length));
      }),
      { numRuns: 600 },
    );
  });
});
