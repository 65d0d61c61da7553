import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { editScalars, readDocuments, type EditProblem, type NodePath } from './edit-scalars.js';
import { fieldValues, parseFieldPath } from './field-path.js';

const edit = (text: string, path: NodePath, value: string, document = 0) =>
  editScalars(text, [{ document, path, value }]);

describe('editScalars', () => {
  test.each<[string, string, string, string]>([
    ['a comment', 'tag: 1.0.0 # api\n', '1.1.0', 'tag: 1.1.0 # api\n'],
    ['double quotes', 'tag: "1.0.0"  # api\n', '1.1.0', 'tag: "1.1.0"  # api\n'],
    ['single quotes', "tag: '1.0.0'\n", "it's", "tag: 'it''s'\n"],
    ['windows line ends', 'a: 1\r\ntag: 1.0.0\r\nb: 2\r\n', '1.1.0', 'a: 1\r\ntag: 1.1.0\r\nb: 2\r\n'],
    ['a byte order mark', '\ufefftag: 1.0.0\n', '1.1.0', '\ufefftag: 1.1.0\n'],
    ['no line end', 'tag: 1.0.0', '1.1.0', 'tag: 1.1.0'],
    [
      'spaces and order',
      'b:   1\n\n\ntag:    1.0.0   \na: [ 1,2 ]\n',
      '1.1.0',
      'b:   1\n\n\ntag:    1.1.0   \na: [ 1,2 ]\n',
    ],
    ['flow maps', '{ a: 1, tag: 1.0.0, b: 2 }', '1.1.0', '{ a: 1, tag: 1.1.0, b: 2 }'],
    ['JSON', '{"tag":"1.0.0"}', '1.1.0', '{"tag":"1.1.0"}'],
    ['aliases elsewhere', 'a: &a {x: 1}\nb: *a\ntag: 1.0.0\n', '1.1.0', 'a: &a {x: 1}\nb: *a\ntag: 1.1.0\n'],
    ['merge keys', 'a: &a {x: 1}\nb: {<<: *a}\ntag: 1.0.0\n', '1.1.0', 'a: &a {x: 1}\nb: {<<: *a}\ntag: 1.1.0\n'],
    ['an anchor nobody uses', 'tag: &t 1.0.0\n', '1.1.0', 'tag: &t 1.1.0\n'],
    ['an empty value', 'tag:\nb: 1\n', '1.1.0', 'tag: 1.1.0\nb: 1\n'],
    ['other documents', 'tag: 1.0.0\n---\ntag: 1.0.0\n...\n', '1.1.0', 'tag: 1.1.0\n---\ntag: 1.0.0\n...\n'],
    ['directives', '%YAML 1.2\n---\ntag: 1.0.0\n', '1.1.0', '%YAML 1.2\n---\ntag: 1.1.0\n'],
    ['characters past the first plane', 'a: 💥\ntag: 1.0.0\n', '1.1.0', 'a: 💥\ntag: 1.1.0\n'],
  ])('keeps %s', (_what, text, value, expected) => {
    expect(edit(text, ['tag'], value)).toEqual({ kind: 'edited', text: expected });
  });

  it('edits the document it is told to', () => {
    expect(edit('tag: a\n---\ntag: a\n', ['tag'], 'b', 1)).toEqual({ kind: 'edited', text: 'tag: a\n---\ntag: b\n' });
  });

  test.each([
    '1.10',
    '1',
    '0x10',
    '0o17',
    '010',
    '08',
    '0b11',
    '1e3',
    '1.5e3',
    '-1',
    '+1',
    '.5',
    '1_000',
    '1:30',
    '12:30:45',
    '2024-01-01',
    '2024-01-01T00:00:00Z',
    'true',
    'True',
    'null',
    'Null',
    '~',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    '.inf',
    '-.INF',
    '.nan',
    '<<',
    '=',
    '',
    ' x',
    'x ',
    'a: b',
    'a #b',
    '#a',
    '*a',
    '&a',
    '!a',
    '@a',
    '`a',
    '%a',
    '- a',
    '? a',
    '[a',
    'a]',
    '{a',
    'a,b',
    "'a",
    '"a',
    '|',
    '>',
    'a\nb',
    '\t',
  ])('puts %j in quotes', (value) => {
    const result = edit('tag: v1.0.0 # c\n', ['tag'], value);
    expect(result).toEqual({ kind: 'edited', text: `tag: ${JSON.stringify(value)} # c\n` });
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(result.kind === 'edited' ? result.text : '', { version })).toEqual({ tag: value });
  });

  test.each([
    '1.1.0',
    'v1.2.3',
    '1.2.3-rc.1',
    'latest',
    'sha-3f2a',
    'ghcr.io/acme/api:1.10',
    'localhost:5000/api:1',
    `api@sha256:${'a'.repeat(64)}`,
  ])('leaves %j plain', (value) => {
    expect(edit('tag: x\n', ['tag'], value)).toEqual({ kind: 'edited', text: `tag: ${value}\n` });
  });

  test.each<[string, string, NodePath, EditProblem['kind'][]]>([
    ['broken YAML', 'tag: "x\n', ['tag'], ['invalid-yaml']],
    ['a missing key', 'a: 1\n', ['tag'], ['no-single-value']],
    ['a missing document', '', ['tag'], ['no-single-value']],
    ['a map', 'tag: {a: 1}\n', ['tag'], ['no-single-value']],
    ['an alias', 'a: &a x\ntag: *a\n', ['tag'], ['no-single-value']],
    ['an anchor in use', 'tag: &a x\nb: *a\n', ['tag'], ['anchored']],
    ['an empty value before a comment', 'tag: # none yet\n', ['tag'], ['would-change-more', 'would-break']],
    ['a block of text', 'tag: |\n  x\n', ['tag'], ['block-text']],
    ['a key that stands twice', 'tag: a\ntag: b\n', ['tag'], ['doubled-key']],
    ['a key above that stands twice', 'i: {tag: a}\ni: {tag: b}\n', ['i', 'tag'], ['doubled-key']],
    ['a value with a tag of its own', 'tag: !!int 1\n', ['tag'], ['tagged']],
    ['a map that is an alias', 'a: &a {tag: x}\nb: *a\n', ['b', 'tag'], ['no-single-value']],
    ['nesting without end', `tag: x\na: ${'['.repeat(50_000)}`, ['tag'], ['invalid-yaml']],
  ])('refuses %s', (_what, text, path, kinds) => {
    const result = edit(text, path, 'y');
    expect(kinds).toContain(result.kind === 'failed' ? result.problem.kind : result.kind);
  });

  it('refuses two values for one place and takes one said twice', () => {
    const at = (value: string) => ({ document: 0, path: ['tag'], value });
    expect(editScalars('tag: x\n', [at('a'), at('b')])).toEqual({
      kind: 'failed',
      problem: { kind: 'two-values', place: 'tag' },
    });
    expect(editScalars('tag: x\n', [at('a'), at('a')])).toEqual({ kind: 'edited', text: 'tag: a\n' });
  });

  it('changes what was meant and nothing else in any YAML', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('1.10', 'yes', '0x1'),
    );
    const tree = fc.dictionary(
      fc.constantFrom('a', 'b', 'c d', '1', '"', '#'),
      fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.constantFrom('p', 'q'), leaf)),
    );
    const style = fc.record({
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
      lineWidth: fc.constantFrom(0, 20),
    });
    fc.assert(
      fc.property(
        tree,
        leaf,
        fc.oneof(fc.string(), fc.constantFrom('1.10', 'on', '~', '# x', "'", '"', '\\')),
        style,
        fc.boolean(),
        (rest, old, value, options, windows) => {
          const written = `# head\n${stringify({ ...rest, target: old }, options)}# end\n---\nother: 1 # kept\n`;
          const text = windows ? written.replaceAll('\n', '\r\n') : written;
          const result = edit(text, ['target'], value);
          if (result.kind === 'failed') {
            expect(result.problem.kind).toBe('block-text');
            return;
          }
          const [before, after] = [text, result.text].map((each) =>
            parseAllDocuments(each).map((document) => document.toJS() as unknown),
          );
          expect(after).toEqual([{ ...(before?.[0] as object), target: value }, { other: 1 }]);
          const end = text.indexOf('# end');
          expect(result.text.endsWith(text.slice(end))).toBe(true);
          expect(result.text.startsWith(text.slice(0, text.lastIndexOf('target:') + 'target:'.length))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('field paths', () => {
  test.each([
    ['a', 1],
    ['a.b', 2],
    ['images[*].newTag', 3],
    ['a[*][*]', 3],
    ['metadata.labels."app.kubernetes.io/version"', 3],
    ['[*]', 0],
    ['', 0],
    ['.a', 0],
    ['a.', 0],
    ['a..b', 0],
    ['a[0]', 0],
    ['a[*]b', 0],
    ['a b', 0],
    ['a.[*]', 0],
    ['"a', 0],
    ['""', 0],
  ])('%j has %i steps', (text, count) => {
    expect(parseFieldPath(text)?.length ?? 0).toBe(count);
  });

  it('finds values in the spelling of the file, list items by their name', () => {
    const documents = readDocuments(
      'images:\n- {name: b, newTag: 1.10}\n- {name: a, newTag: "2"}\n- {newTag: 0x1}\n- {name: c}\n- {name: d, newTag: }\n',
    );
    const found = fieldValues(documents![0]!, parseFieldPath('images[*].newTag')!);
    expect(found.map((each) => [each.identity, each.value])).toEqual([
      ['.images[name=b].newTag', '1.10'],
      ['.images[name=a].newTag', '2'],
      ['.images[2].newTag', '0x1'],
    ]);
  });
});
