/** Why a repository or branch is none of the bot's business, as a clause. */
import type { NoneOfOurs } from '../core/none-of-ours.js';
import { unreachable } from '../core/unreachable.js';

export function noneOfOursText(why: NoneOfOurs): string {
  switch (why.kind) {
    case 'no-access':
      return 'the bot has no access to the repository';
    case 'no-branch':
      return `the repository has no branch ${why.branch}`;
    case 'not-configured':
      return `${why.branch} has no ${why.file}`;
    default:
      return unreachable(why);
  }
}
