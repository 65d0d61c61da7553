import { describe, expect, it } from 'vitest';
import { readExactText, readText } from './read-text.js';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

const MARK = [0xef, 0xbb, 0xbf];

describe('the text of a file', () => {
  it.each<[string, Uint8Array, string | null]>([
    ['nothing', bytes(), ''],
    ['letters of any language', bytes('tag: 1 # für 日本 🚀\r\n'), 'tag: 1 # für 日本 🚀\r\n'],
    ['Latin-1', bytes('# f', [0xfc], 'r\n'), null],
    ['half a character at its end', bytes('a', [0xe6, 0x97]), null],
    ['a lone surrogate', bytes([0xed, 0xa0, 0x80]), null],
    ['a NUL', bytes('a', [0], 'b'), null],
  ])('of %s', (_what, given, text) => {
    expect([readText(given), readExactText(given)]).toEqual([text, text]);
  });

  it('gives every byte back where it is to be written, a byte order mark too', () => {
    const marked = bytes(MARK, 'tag: 1\n');
    expect(readText(marked)).toBe('tag: 1\n');
    expect(bytes(readExactText(marked) ?? '')).toEqual(marked);
  });
});
