import { describe, expect, it, test } from 'vitest';
import { parseManifests, resourceIdentity, type Resource } from './manifests.js';

const fingerprint = (value: string) => `f${value.length}`;
const parse = (text: string) => parseManifests([{ name: 'a.yaml', text }], fingerprint);
const only = (text: string): Resource => {
  const { resources, problems } = parse(text);
  expect(problems).toEqual([]);
  expect(resources).toHaveLength(1);
  return resources[0]!;
};

describe('what is a resource', () => {
  test.each([
    ['nothing', '', 0],
    ['comments', '# nothing\n', 0],
    ['empty documents', '---\n---\n# x\n---\n', 0],
    ['two documents', 'a: 1\n---\nb: 2\n', 2],
    ['windows line ends', 'a: 1\r\n---\r\nb: 2\r\n', 2],
    ['a List', 'kind: List\napiVersion: v1\nitems: [{kind: A, apiVersion: v1}, {kind: B, apiVersion: v1}]\n', 2],
    ['lists in a List', 'kind: List\nitems: [{kind: List, items: [{a: 1}, {b: 1}]}, null]\n', 2],
    ['JSON', '{"kind":"A","apiVersion":"v1"}', 1],
    ['a byte order mark', '\ufeffkind: A\napiVersion: v1\n', 1],
  ])('%s', (_what, text, count) => {
    expect(parse(text)).toMatchObject({ problems: [], resources: { length: count } });
  });

  it('names an object by its metadata, other YAML by its file and document', () => {
    const { resources } = parse(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: x}\n---\na: 1\n---\nkind: A\napiVersion: 1\n',
    );
    expect(resources.map(({ apiVersion, kind, namespace, name }) => [apiVersion, kind, namespace, name])).toEqual([
      ['apps/v1', 'Deployment', 'x', 'api'],
      ['', '', null, 'a.yaml#2'],
      ['', '', null, 'a.yaml#3'],
    ]);
  });

  it('is the same thing under another version of its group, not under another group', () => {
    const at = (apiVersion: string) => resourceIdentity({ apiVersion, kind: 'Ingress', namespace: null, name: 'x' });
    expect(at('apps/v1')).toBe(at('apps/v1beta1'));
    expect(at('apps/v1')).not.toBe(at('extensions/v1'));
    expect(at('v1')).not.toBe(at('apps/v1'));
  });
});

describe('canonical text', () => {
  test.each([
    ['order of keys', 'b: 1\na: 2\n', 'a: 2\nb: 1\n'],
    ['comments and quotes that mean nothing', 'a: "x" # c\n', "a: 'x'\n"],
    ['aliases written out', 'a: &x {k: v}\nb: *x\n', 'a: {k: v}\nb: {k: v}\n'],
    ['merged maps', 'a: &x {k: v}\nb: {<<: *x, l: w}\n', 'a: {k: v}\nb: {k: v, l: w}\n'],
    ['one number in two spellings', 'a: 0644\n', 'a: 420\n'],
    ['the last of two equal keys', 'a: 1\na: 2\n', 'a: 2\n'],
    ['line ends', 'a: 1\r\nb: |\r\n  x\r\n', 'a: 1\nb: |\n  x\n'],
  ])('is equal in spite of %s', (_what, one, other) => {
    expect(only(one).text).toBe(only(other).text);
  });

  test.each([
    ['a truth and its word', 'a: yes', 'a: "yes"'],
    ['an octal and a decimal number', 'a: 0644', 'a: 644'],
    ['a number and its text', 'a: 1.10', 'a: "1.10"'],
    ['an octal of YAML 1.2 and its text', 'a: 0o17', 'a: "0o17"'],
    ['nothing and the word', 'a: ~', 'a: "~"'],
    ['nothing and an empty text', 'a:', 'a: ""'],
    ['whole numbers past 2^53', 'a: 12345678901234567890', 'a: 12345678901234567891'],
    ['a trailing line break', 'a: |\n  x\n', 'a: |-\n  x\n'],
    ['the order of a list', 'a: [1, 2]', 'a: [2, 1]'],
  ])('tells apart %s', (_what, one, other) => {
    expect(only(one).text).not.toBe(only(other).text);
  });

  it('never folds nor breaks a date, a time or a sum', () => {
    expect(only('a: 2024-99-99\nb: 12:30\nc: 2024-01-01\n').text).toBe('a: 2024-99-99\nb: 12:30\nc: 2024-01-01\n');
  });
});

describe('broken documents', () => {
  test.each([
    ['a: {b: 1\n', 2, 1],
    ['a: 1\n---\nb: "x\n', 4, 1],
    ['a: b: c\n', 1, 4],
    ['a: *nope\n', 1, 4],
    ['x: 1\ny: &a [1, *a]\n', 2, 11],
    ['a: &a x\nb: {<<: *a}\n', 1, 1],
    ['a:\n\tb: 1\n', 2, 1],
  ])('%j is a problem at %i:%i', (text, line, column) => {
    expect(parse(text).problems).toMatchObject([{ file: 'a.yaml', line, column }]);
  });

  it('keeps the documents that are whole', () => {
    expect(parse('a: 1\n---\nb: "x" y\n---\nc: 1\n')).toMatchObject({
      resources: { length: 2 },
      problems: { length: 1 },
    });
  });

  test.each(['kind: Secret\napiVersion: v1\nstringData:\n  password: '])(
    'never quotes a secret in what it says of %j',
    (start) => {
      const broken = [
        '"hunter2',
        'hunter2: x: y',
        '|hunter2',
        '>hunter2x\n  y',
        '@hunter2',
        '%hunter2',
        '`hunter2',
        '*hunter2',
        '!hunter2! x',
        '!<hunter2 x',
        '!hunter2',
        '"\\xhunter2"',
        '"\\qhunter2"',
        '"\\Uhunter2"',
        '"x" hunter2',
        '&hunter2 *hunter2',
        '&hunter2 &hunter2 x',
        '{hunter2',
        '[hunter2',
        "'hunter2",
        '*hunter2 hunter2',
        '<<: hunter2',
        'x\nhunter2',
        '\thunter2: c',
        '!!int hunter2',
        '!!binary hunter2',
        '? hunter2\n: : x',
        '{<<: hunter2}',
      ];
      for (const rest of broken) {
        const result = parse(`${start}${rest}\n`);
        expect(JSON.stringify(result), rest).not.toContain('unter2');
      }
    },
  );

  test.each([
    ['lists', '['.repeat(50_000)],
    ['closed lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['list items', '- '.repeat(100_000) + 'x'],
    ['maps', '{a: '.repeat(100_000)],
    ['keys', '? '.repeat(100_000)],
    ['indentation', Array.from({ length: 3000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    [
      'aliases',
      `a0: &a0 [x]\n${Array.from({ length: 900 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}]`).join('\n')}`,
    ],
  ])('survives %s nested without end', (_what, text) => {
    const { problems } = parse(text);
    for (const problem of problems) expect(problem.message.length).toBeLessThan(100);
  });

  it('refuses a bomb of aliases', () => {
    const names = [...'abcdefghij'];
    const bomb = names.map(
      (name, level) =>
        `${name}: &${name} [${Array(9)
          .fill(level === 0 ? 'x' : `*${names[level - 1]}`)
          .join(',')}]`,
    );
    expect(parse(bomb.join('\n')).problems).toHaveLength(1);
    const long = `a: &a ${'x'.repeat(1_000_000)}\nb: [${Array(900).fill('*a').join(',')}]`;
    expect(parse(long).problems).toHaveLength(1);
    const wide = `a: &a [${Array(5_000).fill('1').join(',')}]\nb: [${Array(300).fill('*a').join(',')}]`;
    expect(parse(wide).problems).toHaveLength(1);
    const deep = `a0: &a0 [x]\n${Array.from({ length: 300 }, (_, level) => `a${level + 1}: &a${level + 1} ${'['.repeat(150)}*a${level}${']'.repeat(150)}`).join('\n')}`;
    expect(parse(deep).problems).toHaveLength(1);
    expect(parse(`a: &a 1\nb: [${Array(1001).fill('*a').join(',')}]`).problems).toMatchObject([
      { message: 'there are more than 1000 aliases (*name)' },
    ]);
  });

  it('reads a line of 10 MB and thirty thousand keys in a few seconds', () => {
    const started = performance.now();
    only(`a: ${'x'.repeat(10_000_000)}\n`);
    only(Array.from({ length: 30_000 }, (_, key) => `k${key}: v`).join('\n'));
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
