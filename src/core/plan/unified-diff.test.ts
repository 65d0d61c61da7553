import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { unifiedDiff } from './unified-diff.js';

const numbered = (count: number, change: (index: number) => string = String): string =>
  Array.from({ length: count }, (_, index) => `${change(index)}\n`).join('');

describe('unifiedDiff', () => {
  it('shows two changed lines of 100,000, and nothing of the rest', () => {
    const changed = numbered(100_000, (index) => (index === 10 || index === 90_000 ? `new ${index}` : String(index)));
    const { text, left, cut } = unifiedDiff(numbered(100_000), changed);
    expect({ left, cut }).toEqual({ left: 0, cut: 0 });
    const context = (...numbers: number[]) => numbers.map((number) => ` ${number}`).join('\n');
    const hunk = (start: number, changed: number) => [
      `@@ -${start},7 +${start},7 @@`,
      context(changed - 3, changed - 2, changed - 1),
      `-${changed}\n+new ${changed}`,
      context(changed + 1, changed + 2, changed + 3),
    ];
    expect(text).toBe([...hunk(8, 10), ...hunk(89_998, 90_000)].join('\n'));
  });

  it('finds each change where there are more than a shortest way is looked for', () => {
    const changed = numbered(4000, (index) => (index % 2 === 0 ? `new ${index}` : String(index)));
    const { text } = unifiedDiff(numbered(4000), changed);
    expect(text.split('\n').slice(0, 6)).toEqual(['@@ -1,4000 +1,4000 @@', '-0', '+new 0', ' 1', '-2', '+new 2']);
  });

  it('leaves out what nobody would read, and counts it', () => {
    const { text, left } = unifiedDiff('', numbered(50_000));
    const lines = text.split('\n');
    expect(lines[0]).toBe('@@ -0,0 +1,20000 @@');
    expect(lines).toHaveLength(20_001);
    expect(left).toBe(30_000);
  });

  it('shows of a line of megabytes what differs, and its beginning', () => {
    const long = 'x'.repeat(10_000_000);
    const { text, cut } = unifiedDiff(`a: ${long}1${long}\n`, `a: ${long}2${long}\n`);
    const around = 'x'.repeat(40);
    const start = `a: ${'x'.repeat(57)}`;
    expect(text).toBe(`@@ -1,1 +1,1 @@\n-${start}…${around}1${around}…\n+${start}…${around}2${around}…`);
    expect(cut).toBe(2);
  });

  it('shows the beginning of a long line that came, and of one beside a change', () => {
    const long = 'x'.repeat(10_000);
    const { text, cut } = unifiedDiff(`${long}\na\n`, `${long}\nb\n${long}\n`);
    expect(text.split('\n').map((line) => line.length)).toEqual([15, 2002, 2, 2, 2002]);
    expect(cut).toBe(1);
  });

  it('takes no time for texts that have nothing in common', () => {
    const started = performance.now();
    unifiedDiff(
      numbered(100_000, (index) => `a ${index % 7}`),
      numbered(100_000, (index) => `b ${index % 5}`),
    );
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});

test('what is whole can be applied, and gives the new text', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [old, now] = [`${before}\n`, `${after}\n`];
      const diff = unifiedDiff(old, now).text;
      if (diff === '') expect(old).toBe(now);
      else expect(applyPatch(old, `--- a\n+++ b\n${diff}\n`)).toBe(now);
    }),
  );
});
