import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withGuards, withoutGuards } from '../../../src/adapters/gitlab/quick-actions.js';

describe('what GitLab would take for a command', () => {
  it.each([
    ['/merge', '\\/merge'],
    ['Try:\n/merge\nor\n  /approve me', 'Try:\n\\/merge\nor\n  \\/approve me'],
    ['```\n/merge\n```', '```\n\\/merge\n```'],
    ['use /merge, a/b or //x', 'use /merge, a/b or //x'],
    ['\\/merge', '\\\\/merge'],
  ])('%j', (text, kept) => {
    expect(withGuards(text)).toBe(kept);
    expect(withoutGuards(kept)).toBe(text);
  });

  it('no line is left that starts with one, and the text comes back byte by byte', () => {
    const line = fc.string({ unit: fc.constantFrom('/', '\\', 'm', ' ', '\n', '\t', '`') });
    fc.assert(
      fc.property(line, (text) => {
        const kept = withGuards(text);
        expect(kept).not.toMatch(/^\s*\/[A-Za-z]/m);
        expect(withoutGuards(kept)).toBe(text);
      }),
    );
  });
});
