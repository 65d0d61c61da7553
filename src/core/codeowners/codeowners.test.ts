import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { describe, expect, it } from 'vitest';
import type { ForgeKind } from '../ids.js';
import { ownerText } from './code-owners.js';
import { ownersOfChange } from './owner-demands.js';
import { parseCodeOwners } from './parse-code-owners.js';
import { githubPattern, gitlabPattern, matchesPath } from './path-pattern.js';

const demands = (forge: ForgeKind, text: string, ...paths: readonly string[]): readonly string[] =>
  ownersOfChange(parseCodeOwners(text, 'CODEOWNERS', forge), paths).demands.map(
    ({ section, demand, approvals, owners, paths: decided }) =>
      `${section === null ? '' : `${section}: `}${demand === 'optional' ? 'optional ' : ''}${String(approvals)} of ${owners
        .map(ownerText)
        .join(' ')} for ${decided.join(' ')}`,
  );

// The example of https://docs.github.com/articles/about-code-owners.
const GITHUB = `# This is a comment.
*       @global-owner1 @global-owner2

*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

describe('on GitHub', () => {
  it.each([
    ['README.md', '@global-owner1 @global-owner2'],
    ['src/index.js', '@js-owner'],
    ['cmd/main.go', 'docs@example.com'],
    ['notes.txt', '@octo-org/octocats'],
    ['build/logs/today', '@octocat'],
    ['build/logsheet', '@global-owner1 @global-owner2'],
    ['x/docs/getting-started', '@global-owner1 @global-owner2'],
    ['docs/getting-started', '@doctocat'],
    ['docs/build-app/troubleshooting', '@doctocat'],
    ['some/apps/file', '@octocat'],
    ['scripts/x/y', '@doctocat @octocat'],
    ['deeply/nested/logs/x', '@octocat'],
    ['apps/web', '@octocat'],
  ])('the documented example: %s belongs to %s', (path, owners) => {
    expect(demands('github', GITHUB, path)).toEqual([`1 of ${owners} for ${path}`]);
  });

  it('a line without owners takes a directory out', () => {
    const change = ownersOfChange(parseCodeOwners(GITHUB, 'CODEOWNERS', 'github'), ['apps/github/x', 'apps/github']);
    expect(change).toEqual({ demands: [], unowned: ['apps/github/x', 'apps/github'] });
  });

  it('gathers the files that one line decides about', () => {
    expect(demands('github', '* @ann\n*.js @bob\n', 'a.md', 'b.js', 'c/d.js', 'e')).toEqual([
      '1 of @ann for a.md e',
      '1 of @bob for b.js c/d.js',
    ]);
  });

  it.each([
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/a/b.md', false],
    ['docs/*', 'x/docs/a.md', false],
    ['docs', 'x/docs/a.md', true],
    ['/docs', 'x/docs/a.md', false],
    ['/docs', 'docs/a/b.md', true],
    ['docs/', 'docs', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z/q', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['*', 'a/b/.c', true],
    ['*.tf', 'x/.tf', true],
    ['v?', 'x/v1/y', true],
    ['v?', 'x/v12', false],
    ['x/*/y', 'x/a/b/y', false],
    ['X.md', 'x.md', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matchesPath(githubPattern(pattern), path)).toBe(expected);
  });

  it('passes over lines that GitHub passes over, and names them', () => {
    const text = [
      '* @ann',
      '!*.md @bob',
      '\\#x @bob',
      '[a-z].md @bob',
      '*.md bob',
      'my\\ file @acme/sre',
      '*.x @a/b/c',
    ];
    const parsed = parseCodeOwners(text.join('\r\n'), '.github/CODEOWNERS', 'github');
    expect(parsed.problems).toEqual(
      [
        { line: 2, column: 1, why: { kind: 'negated' } },
        { line: 3, column: 1, why: { kind: 'hash' } },
        { line: 4, column: 1, why: { kind: 'range' } },
        {
          line: 5,
          column: 6,
          why: { kind: 'no-owner-of-github', word: 'bob' },
        },
        {
          line: 7,
          column: 5,
          why: { kind: 'no-owner-of-github', word: '@a/b/c' },
        },
      ].map((problem) => ({ file: '.github/CODEOWNERS', ...problem })),
    );
    expect(demands('github', text.join('\n'), 'my file', 'a.md')).toEqual([
      '1 of @ann for a.md',
      '1 of @acme/sre for my file',
    ]);
  });
});

describe('on GitLab', () => {
  it('each section decides for itself, the last line that matches in each', () => {
    const text = `* @admin

[README Owners]
README.md @user1 @user2
internal/README.md @user4

[README other owners]
README.md @user3
`;
    expect(demands('gitlab', text, 'README.md')).toEqual([
      '1 of @admin for README.md',
      'README Owners: 1 of @user1 @user2 for README.md',
      'README other owners: 1 of @user3 for README.md',
    ]);
    expect(demands('gitlab', text, 'internal/README.md')).toEqual([
      '1 of @admin for internal/README.md',
      'README Owners: 1 of @user4 for internal/README.md',
      'README other owners: 1 of @user3 for internal/README.md',
    ]);
  });

  it('takes defaults, numbers and optional sections', () => {
    const text = `* @general-approvers

[Documentation][2] @docs-team
docs/
*.txt

^[Database] @database-team @agarcia
model/db/
config/db/database-setup.md @docs-team

[Odd][0] @@Maintainers
odd
`;
    expect(demands('gitlab', text, 'model/db/CHANGELOG.txt', 'config/db/database-setup.md', 'odd')).toEqual([
      '1 of @general-approvers for model/db/CHANGELOG.txt config/db/database-setup.md odd',
      'Documentation: 2 of @docs-team for model/db/CHANGELOG.txt',
      'Database: optional 1 of @database-team @agarcia for model/db/CHANGELOG.txt',
      'Database: optional 1 of @docs-team for config/db/database-setup.md',
      'Odd: 1 of @@maintainer for odd',
    ]);
  });

  it('joins sections of one name: required if either is, with the larger number', () => {
    const text = '^[Documentation]\nee/docs/ @docs\n[DOCUMENTATION][3]\nREADME.md @docs\n';
    expect(demands('gitlab', text, 'ee/docs/x', 'README.md')).toEqual([
      'Documentation: 3 of @docs for ee/docs/x',
      'Documentation: 3 of @docs for README.md',
    ]);
  });

  it('leaves out what `!` names, wherever it stands, in its section only', () => {
    const text = '* @default-owner\n!*.rb\n/special/*.rb @ruby-owner\n[Ruby]\n*.rb @ruby-team\n!/config/**/*.rb\n';
    expect(demands('gitlab', text, 'special/a.rb', 'config/routes.rb', 'config/x/y.rb', 'pom.xml')).toEqual([
      '1 of @default-owner for pom.xml',
      'Ruby: 1 of @ruby-team for special/a.rb',
    ]);
  });

  it.each([
    ['/README.md', 'README.md', true],
    ['/README.md', 'docs/README.md', false],
    ['README.md', 'app/lib/README.md', true],
    ['internal/README.md', 'docs/api/internal/README.md', true],
    ['/docs/', 'docs/a/b', true],
    ['/docs', 'docs/a', false],
    ['/docs/*', 'docs/projects/index.md', false],
    ['/docs/*.md', 'docs/.md', true],
    ['/docs/*spec*', 'docs/qa_specs.rb', true],
    ['/docs/*/README.md', 'docs/api/README.md', true],
    ['/docs/*/README.md', 'docs/api/x/README.md', false],
    ['/docs/**/index.md', 'docs/index.md', true],
    ['/docs/**/index.md', 'docs/api/graphql/index.md', true],
    ['/docs/**', 'docs/a', true],
    ['/docs/**', 'docs/a/b', false],
    ['*', '.a/b/.c', true],
    ['lib/', 'a/lib/b', true],
    ['[ab]?.md', 'x/b1.md', true],
    ['[^a-c]1', 'b1', false],
    ['[^a-c]1', 'd1', true],
    ['\\[a', '[a', true],
    ['x[', 'x[', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matchesPath(gitlabPattern(pattern), path)).toBe(expected);
  });

  it('reads what is malformed as GitLab does, and says so', () => {
    const text = [
      '* @group user_without @user_with # @too',
      'path\\ with\\ spaces/*.md @owner',
      '\\#file @hash',
      '[Section name',
      '[]',
    ];
    const { problems, sections } = parseCodeOwners(text.join('\n'), 'CODEOWNERS', 'gitlab');
    expect(problems.map(({ line, column, why }) => ({ line, column, why }))).toEqual([
      { line: 1, column: 10, why: { kind: 'no-owner-of-gitlab', word: 'user_without' } },
      { line: 4, column: 1, why: { kind: 'no-heading' } },
      { line: 4, column: 10, why: { kind: 'no-owner-of-gitlab', word: 'name' } },
      { line: 5, column: 1, why: { kind: 'no-heading' } },
    ]);
    expect(sections).toHaveLength(1);
    expect(demands('gitlab', text.join('\n'), 'a', 'path with spaces/x.md', '#file')).toEqual([
      '1 of @group @user_with @too for a',
      '1 of @owner for path with spaces/x.md',
      '1 of @hash for #file',
    ]);
  });
});

describe('patterns', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 4 });
  const part = fc.oneof({ weight: 3, arbitrary: name.filter((each) => !each.includes('**')) }, fc.constant('**'));
  const path = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 5,
  });

  it('match what the project’s globs match, where those mean the same', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), path, (parts, names) => {
        fc.pre(
          parts.at(-1) !== '**' &&
            !names.some((each) => /^\.\.?$/.test(each)) &&
            !parts.some((each) => /^\.\.?$/.test(each)),
        );
        const glob = `/${parts.join('/')}`;
        const options = { dot: true, nonegate: true, nocomment: true } as const;
        expect(matchesPath(gitlabPattern(glob), names.join('/'))).toBe(minimatch(`/${names.join('/')}`, glob, options));
      }),
    );
  });

  it('take no longer for stars upon stars', () => {
    const pattern = `/${'**/'.repeat(200)}${'*a'.repeat(500)}b`;
    const started = performance.now();
    expect(matchesPath(githubPattern(pattern), `${'a/'.repeat(200)}${'a'.repeat(2_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
