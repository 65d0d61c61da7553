import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpts, marked } from './excerpts.js';

const shown = (one: string, other: string, limit: number): readonly string[] =>
  excerpts(one, other, limit).map((part) => marked(part.text, part));
const lines = (changed: string): string =>
  Array.from({ length: 100 }, (_, index) => (index === 50 ? changed : `line ${index}`)).join('\n');

test.each<[string, string, string, number, string[]]>([
  ['short ones whole', 'a', 'b', 10, ['a', 'b']],
  ['the line that differs', lines('one'), lines('two'), 100, ['…one…', '…two…']],
  [
    'what is around a difference in a long line',
    `${'x'.repeat(500)}1${'y'.repeat(500)}`,
    `${'x'.repeat(500)}22${'y'.repeat(500)}`,
    100,
    [`…${'x'.repeat(25)}1${'y'.repeat(25)}…`, `…${'x'.repeat(25)}22${'y'.repeat(25)}…`],
  ],
  ['what came at the end', 'a'.repeat(20), `${'a'.repeat(20)}b`, 15, ['…aaa', '…aaab']],
  ['a long one beside a short one', 'ab', 'a'.repeat(50), 10, ['ab', `${'a'.repeat(10)}…`]],
  ['a beginning alone', '', 'z'.repeat(50), 10, ['', `${'z'.repeat(10)}…`]],
])('shows %s', (_what, one, other, limit, expected) => {
  expect(shown(one, other, limit)).toEqual(expected);
});

test('of texts that differ, the parts differ; they are short and hold whole characters', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '\n', '🚢', 'xyz'), { maxLength: 200 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const parts = excerpts(one, other, 50);
      expect(parts.every((part) => part.text.length <= 51 && !/\p{Cs}/u.test(part.text))).toBe(true);
      const [first, second] = parts;
      if (one !== other) expect(first.text).not.toBe(second.text);
    }),
  );
});
