import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS, UNAVAILABLE_COMMANDS } from './commands.js';
import { MOST_COMMANDS, parseCommands, type ParsedCommand } from './parse-commands.js';

const parse = (body: string): readonly ParsedCommand[] => parseCommands(body, 'lockkeeper[bot]');
/** Each finding in a word or two. */
const brief = (body: string): readonly string[] =>
  parse(body).map((each) => {
    if (each.kind === 'command') return Object.values(each.command).filter(Boolean).join(' ');
    if (each.kind === 'unknown') return `${each.text}? ${each.suggestion ?? ''}`;
    if (each.kind === 'malformed') return `${each.name}! ${each.problem.kind}`;
    return each.kind === 'unavailable' ? `later ${each.name}` : `and ${each.more} more`;
  });

describe('parseCommands', () => {
  it('gives each command with its line', () => {
    expect(parse('Looks good.\n\n/promote prod api\r\n/merge')).toEqual([
      { kind: 'command', command: { name: 'promote', env: 'prod', app: 'api' }, line: 3 },
      { kind: 'command', command: { name: 'merge' }, line: 4 },
    ]);
  });

  it.each([
    ['/promote prod', ['promote prod']],
    ['/PROMOTE prod', ['promote prod']],
    ['   /merge  ', ['merge']],
    ['@lockkeeper /merge', ['merge']],
    ['@Lockkeeper: /plan', ['plan']],
    ['@lockkeeper[bot] /why', ['why']],
    ['/help', ['help']],
    ['/merge\n/merge', ['merge', 'merge']],
    ['> /plan\n\n/merge', ['merge']],
    ['- item\n\n/merge', ['merge']],
    ['```\ncode\n```\n/merge', ['merge']],
    ['- ```\n  code\n/merge', ['merge']],
    ['<!-- note -->\n/merge', ['merge']],
    ['`<!--` opens a comment\n/merge', ['merge']],
    ['see [the plan](https://example.com)\n/merge', ['merge']],
    ['a lone ` backtick\n/merge', ['merge']],
  ])('runs %j', (body, expected) => {
    expect(brief(body)).toEqual(expected);
  });

  it.each([
    'please /merge this',
    '> /merge',
    '>/merge',
    '`/merge`',
    '[/merge](https://example.com)',
    '    /merge',
    '\t/merge',
    '- /merge',
    '```\n/merge\n```',
    '````\n```\n/merge\n````',
    '~~~ sh\n/merge\n~~~',
    '```\n/merge',
    '- ```\n  /merge\n  ```',
    '<!-- /merge -->',
    '<!--\n/merge\n-->',
    'text <!-- begins\n/merge\n--> ends',
    '<pre>\n/merge\n</pre>',
    '<blockquote>\n\n/merge\n\n</blockquote>',
    'see `code\n/merge\nmore` there',
    'see [a\n/merge\nb](https://example.com)',
    'see [a](\n/merge\n)',
    '[a]:\n/merge',
    '# /merge',
    '**/merge**',
    '//merge',
    '@other /merge',
  ])('runs nothing in %j', (body) => {
    expect(brief(body)).toEqual([]);
  });

  it.each([
    ['/promot prod', ['/promot? /promote ENV [APP]']],
    ['/mrege', ['/mrege? /merge']],
    ['/hlep', ['/hlep? /help']],
    ['/merge!', ['/merge!? /merge']],
    ['@lockkeeper merge', ['merge? /merge']],
    ['/promote', ['promote! environment-missing']],
    ['/promote prod api web', ['promote! too-many-words']],
    ['/promote ../etc', ['promote! not-a-name']],
    ['/merge now', ['merge! too-many-words']],
    ['/rollback prod', ['later rollback']],
  ])('answers %j', (body, expected) => {
    expect(brief(body)).toEqual(expected);
  });

  it.each([
    '/lgtm',
    '/wip',
    '/etc/hosts',
    '/plan/x',
    '/approved',
    '/ merge',
    '/',
    '/2',
    '/assign @bob',
    '@lockkeeper thanks',
  ])('leaves %j to others', (body) => {
    expect(brief(body)).toEqual([]);
  });

  it('knows every command by its usage and every later word by its name', () => {
    for (const { name, usage } of COMMANDS) {
      expect(brief(usage.replace('ENV', 'prod').replace('[APP]', 'api'))[0]).toMatch(new RegExp(`^${name}`));
    }
    for (const name of UNAVAILABLE_COMMANDS) expect(brief(`/${name}`)).toEqual([`later ${name}`]);
  });

  it('stops after ten and says how many more there were', () => {
    const found = parse('/merge\n'.repeat(13));
    expect(found).toHaveLength(MOST_COMMANDS + 1);
    expect(found.at(-1)).toEqual({ kind: 'too-many', limit: 10, more: 3, line: 11 });
  });

  it('never throws, and what it finds begins a line', () => {
    const piece = fc.constantFrom(
      '/merge',
      '/promote prod',
      '\n',
      '`',
      '```',
      '<!--',
      '-->',
      '> ',
      '- ',
      '[',
      '](',
      ')',
      '    ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const body = pieces.join('');
        const lines = body.split('\n');
        for (const found of parse(body)) expect(lines[found.line - 1]?.trimStart()).toMatch(/^\//);
      }),
      { numRuns: 1000 },
    );
  });

  it('runs nothing of a body once all of it is quoted or fenced', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('/merge', '', 'x', '- y', '> z', '<!-- c -->', '`a`')), (lines) => {
        expect(brief(lines.map((line) => `> ${line}`).join('\n'))).toEqual([]);
        expect(brief(['````', ...lines, '````'].join('\n'))).toEqual([]);
      }),
    );
  });

  it.each([
    '`',
    '[](',
    '<!--',
    '/merge\n',
    '``` x',
    '- ',
    '[',
    '](',
    '> ',
    '@lockkeeper ',
    '```\n',
    '\n',
    '/merge`a\n',
    '[a]:\n',
    ' ',
  ])('reads a million characters of %j in linear time', (piece) => {
    const body = piece.repeat(1_000_000 / piece.length);
    const start = performance.now();
    parse(body);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
