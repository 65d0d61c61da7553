/** What is wrong with lines of a CODEOWNERS file, as clauses of plain text. */
import type { CodeOwnersFault } from '../core/codeowners/code-owners-problem.js';
import { unreachable } from '../core/unreachable.js';

export function codeOwnersFaultText(why: CodeOwnersFault): string {
  switch (why.kind) {
    case 'negated':
      return '`!` can’t turn a pattern around: GitHub passes over this line';
    case 'hash':
      return 'a pattern can’t begin with `#`: GitHub passes over this line';
    case 'range':
      return '`[ ]` can’t name a range of characters: GitHub passes over this line';
    case 'too-long':
      return `the pattern is longer than ${String(why.most)} characters`;
    case 'no-owner-of-github':
      return `\`${why.word}\` is no @user, @org/team or e-mail address: GitHub passes over this line`;
    case 'no-owner-of-gitlab':
      return `\`${why.word}\` is no @user, @group, @@role or e-mail address: GitLab passes over it`;
    case 'no-heading':
      return 'this is no heading of a section: GitLab reads it as a pattern of the section above';
    default:
      return unreachable(why);
  }
}
