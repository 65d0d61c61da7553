import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it, test } from 'vitest';
import {
  code,
  cutLines,
  details,
  fenced,
  fitting,
  htmlCode,
  link,
  listed,
  listedFew,
  oneLine,
  plain,
  visible,
} from './markdown.js';

const markdown = new MarkdownIt({ html: true, linkify: true });
// Neither forge links a bare `b.cz`; what `www.` and `@` begin is looked for in the words themselves.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
const pieces = [
  '@acme/sre',
  '#12',
  'GH-12',
  'gh-3',
  '!7',
  '$8',
  '%9',
  '~bug',
  '&4',
  'https://evil.example',
  'ftp://x',
  '_www.evil.example',
  'a@b.cz',
  '<img src=x>',
  '</details>',
  '<!-- x -->',
  '[x](http://y)',
  '![x](y)',
  '`',
  '``',
  '```',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '    ',
  '\t',
  '> ',
  '- ',
  '+ ',
  '1. ',
  '# ',
  '---',
  '===',
  '|',
  '\\',
  '*',
  '_',
  '**x**',
  '\u202e',
  '\u200b',
  '\u2028',
  '\u0000',
  '\u00ad',
  '&lt;',
  '&#64;x',
  'x',
  '~~~',
  '{{',
  ':',
  'é',
  '💥',
  '\ud800',
  '\u{e0041}',
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

/** Of tokens: types, flattened. */
const types = (text: string) =>
  markdown.parse(text, {}).flatMap((token) => [token.type, ...(token.children ?? []).map((child) => child.type)]);
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200c-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])/;

describe('hostile text', () => {
  it('is only words as plain text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text);
        expect(
          types(`before ${shown} after`).filter(
            (type) => !['paragraph_open', 'paragraph_close', 'inline', 'text', 'text_special'].includes(type),
          ),
        ).toEqual([]);
        expect(
          types(shown).filter(
            (type) =>
              !['paragraph_open', 'paragraph_close', 'inline', 'text', 'text_special', 'hr', 'code_block'].includes(
                type,
              ),
          ),
        ).toEqual([]);
        expect(shown).not.toMatch(INVISIBLE);
        const words = markdown
          .parseInline(shown, {})
          .flatMap((token) => token.children ?? [])
          .map((child) => child.content)
          .join('');
        expect(words).not.toMatch(/@[\w/-]|#\d|\bGH-\d|[!$%~&]\w|:\/\/|www\./i);
      }),
      { numRuns: 500 },
    );
  });

  it('is one piece of inline code', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = types(`before ${code(text)} after`);
        expect(shown.filter((type) => type === 'code_inline')).toHaveLength(1);
        expect(
          shown.filter(
            (type) => !['paragraph_open', 'paragraph_close', 'inline', 'text', 'code_inline'].includes(type),
          ),
        ).toEqual([]);
        expect(code(text)).not.toMatch(INVISIBLE);
      }),
      { numRuns: 500 },
    );
  });

  it('stays inside its fence, and the fence inside its details', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const shown = `${details(htmlCode(name), fenced(text, 'diff'))}\n\nafter`;
        expect(types(shown)).toEqual([
          'html_block',
          'fence',
          'html_block',
          'paragraph_open',
          'inline',
          'text',
          'paragraph_close',
        ]);
        expect(shown).not.toMatch(INVISIBLE);
        expect(htmlCode(name).replaceAll(/<\/?code>/g, '')).not.toMatch(/[<>]|&(?!(lt|gt|amp);)/);
      }),
      { numRuns: 500 },
    );
  });

  it('makes a link or none', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.oneof(
          hostile,
          hostile.map((end) => `https://forge.example/${end}`),
        ),
        (words, url) => {
          const opened = types(link(words, url)).filter((type) => type === 'link_open');
          expect(opened).toHaveLength(link(words, url).includes('](http') ? 1 : 0);
        },
      ),
    );
    expect(link('x', 'javascript:alert(1)')).toBe('x');
    expect(link('a]b', 'https://x/(y) z')).toBe('[a\\]b](https://x/%28y%29%20z)');
  });

  test.each([
    ['@alice', '@\u200balice'],
    ['fixes #12', 'fixes \\#\u200b12'],
    ['GH-12', 'GH\u200b-12'],
    ['a <b> & c', 'a &lt;b\\> &amp;\u200b c'],
    ['https://x.y', 'https:\u200b//x.y'],
    ['1. x', '1\u200b. x'],
    ['- x', '\\- x'],
    ['two\r\nlines', 'two lines'],
    ['a\u202eb', 'a\\\\u202eb'],
  ])('%j becomes %j', (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it('takes time in proportion to its length', () => {
    const long = [
      ' '.repeat(500_000),
      '`'.repeat(500_000),
      '\n '.repeat(250_000),
      '&'.repeat(500_000),
      'www.'.repeat(100_000),
    ];
    const started = performance.now();
    for (const text of long)
      [plain(text), code(text), fenced(text, ''), oneLine(text, 100), visible(text), htmlCode(text)].join('');
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});

describe('what does not fit', () => {
  it('is counted', () => {
    expect(fitting(['aa', 'bb', 'cc'], 6)).toEqual({ shown: ['aa', 'bb'], hidden: 1 });
    expect(fitting([], 0)).toEqual({ shown: [], hidden: 0 });
    expect(cutLines('a\nb', 10)).toBe('a\nb');
    expect(cutLines(`one\n${'x'.repeat(200)}\nthree`, 150)).toBe('one\n\n…and 2 more lines.');
    expect(listedFew(['a', 'b', 'c'], 3, 'check')).toBe('a, b and c');
    expect(listedFew(['a', 'b', 'c'], 2, 'check')).toBe('a, b and 1 more check');
  });

  it('is never over the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 120, max: 400 }), (lines, limit) => {
        expect(cutLines(lines.join('\n'), limit).length).toBeLessThanOrEqual(limit);
      }),
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 30 }), (text, limit) => {
        const line = oneLine(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\n\r]|[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });
});

test('listed', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
    '',
    'a',
    'a and b',
    'a, b or c',
  ]);
});
