import { expect, test } from 'vitest';
import type { CodeOwnersFault } from '../core/codeowners/code-owners-problem.js';
import { codeOwnersFaultText } from './code-owners-text.js';

test.each<[CodeOwnersFault, string]>([
  [{ kind: 'negated' }, '`!` can’t turn a pattern around: GitHub passes over this line'],
  [{ kind: 'hash' }, 'a pattern can’t begin with `#`: GitHub passes over this line'],
  [{ kind: 'range' }, '`[ ]` can’t name a range of characters: GitHub passes over this line'],
  [{ kind: 'too-long', most: 4096 }, 'the pattern is longer than 4096 characters'],
  [
    { kind: 'no-owner-of-github', word: 'bob' },
    '`bob` is no @user, @org/team or e-mail address: GitHub passes over this line',
  ],
  [
    { kind: 'no-owner-of-gitlab', word: 'bob' },
    '`bob` is no @user, @group, @@role or e-mail address: GitLab passes over it',
  ],
  [{ kind: 'no-heading' }, 'this is no heading of a section: GitLab reads it as a pattern of the section above'],
])('%j', (why, words) => {
  expect(codeOwnersFaultText(why)).toBe(words);
});
