import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS, type Command } from './commands.js';
import { MOST_COMMANDS, parseCommands, type ParsedCommand } from './parse-commands.js';

const parse = (body: string): readonly ParsedCommand[] => parseCommands(body, 'lockkeeper[bot]');
/** A command's values in order, without those that are absent. */
const said = (command: Command): string =>
  Object.values(command)
    .flat()
    .filter((value) => value !== null && value !== 'in-turn')
    .map((value) => (typeof value === 'object' ? Object.values(value).join(':') : value))
    .join(' ');
/** Each finding in a word or two. */
const brief = (body: string): readonly string[] =>
  parse(body).map((each) => {
    if (each.kind === 'command') return said(each.command);
    if (each.kind === 'unknown') return `${each.text}? ${each.suggestion ?? ''}`;
    if (each.kind === 'malformed') return `${each.name}! ${each.problem.kind}`;
    return `and ${each.more} more`;
  });

describe('parseCommands', () => {
  it('gives each command with its line', () => {
    expect(parse('Looks good.\n\n/promote prod api\r\n/merge')).toEqual([
      { kind: 'command', command: { name: 'promote', env: 'prod', apps: ['api'], version: null }, line: 3 },
      { kind: 'command', command: { name: 'merge', when: 'in-turn' }, line: 4 },
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
    ['/merge NOW', ['merge now']],
    ['/unqueue', ['unqueue']],
    ['/approve', ['approve']],
    ['/promote prod api web api', ['promote prod api web']],
    ['/promote prod --version v1.2.3+b', ['promote prod v1.2.3+b']],
    ['/promote prod api --version=1.2.3', ['promote prod api 1.2.3']],
    ['/promote --version 1.2.3 prod api', ['promote prod api 1.2.3']],
    ['/hold', ['hold']],
    ['/hold until the   load test is over', ['hold until the load test is over']],
    ['/unhold', ['unhold']],
    ['/freeze prod end of year', ['freeze prod end of year']],
    ['/freeze prod until 2h the audit', ['freeze prod span:7200000 the audit']],
    ['/freeze prod UNTIL 2026-12-24 holidays', ['freeze prod instant:1798070400000 holidays']],
    ['/freeze prod until 2026-12-24T09:30+01:00 x', ['freeze prod instant:1798101000000 x']],
    ['/unfreeze prod', ['unfreeze prod']],
    ['/rollback prod', ['rollback prod']],
    ['/rollback prod api', ['rollback prod api']],
    ['/rollback prod to 3f2a1c', ['rollback prod 3f2a1c']],
    ['/rollback prod api to v1.2.3', ['rollback prod api v1.2.3']],
    ['/retry', ['retry']],
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
    ['/promot prod', ['/promot? /promote ENV [APP…] [--version V]']],
    ['/mrege', ['/mrege? /merge [now]']],
    ['/hlep', ['/hlep? /help']],
    ['/merge!', ['/merge!? /merge [now]']],
    ['@lockkeeper merge', ['merge? /merge [now]']],
    ['/promote', ['promote! environment-missing']],
    [`/promote prod ${Array.from({ length: 21 }, (_, index) => `a${index}`).join(' ')}`, ['promote! too-many-words']],
    ['/promote prod --version', ['promote! value-missing']],
    ['/promote prod --version $(x)', ['promote! not-a-name']],
    ['/promote --version 1.2.3', ['promote! environment-missing']],
    ['/freeze', ['freeze! environment-missing']],
    ['/freeze prod', ['freeze! reason-missing']],
    ['/freeze prod until', ['freeze! value-missing']],
    ['/freeze prod until tomorrow x', ['freeze! not-a-time']],
    ['/freeze prod until 2026-02-30 x', ['freeze! not-a-time']],
    ['/freeze prod until 2h', ['freeze! reason-missing']],
    ['/unfreeze prod test', ['unfreeze! too-many-words']],
    ['/rollback', ['rollback! environment-missing']],
    ['/rollback prod api web', ['rollback! too-many-words']],
    ['/rollback prod to', ['rollback! value-missing']],
    ['/rollback prod to a b', ['rollback! too-many-words']],
    ['/unqueue now', ['unqueue! too-many-words']],
    ['/approved', ['/approved? /approve']],
    ['/promote ../etc', ['promote! not-a-name']],
    ['/merge later', ['merge! too-many-words']],
  ])('answers %j', (body, expected) => {
    expect(brief(body)).toEqual(expected);
  });

  it.each(['/lgtm', '/wip', '/etc/hosts', '/plan/x', '/ merge', '/', '/2', '/assign @bob', '@lockkeeper thanks'])(
    'leaves %j to others',
    (body) => {
      expect(brief(body)).toEqual([]);
    },
  );

  it('knows every command by its usage', () => {
    for (const { name, usage } of COMMANDS) {
      expect(brief(usage.replaceAll(/ \[[^\]]*\]/g, ''))[0]).toMatch(new RegExp(`^${name}(?: |$)`));
    }
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
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
