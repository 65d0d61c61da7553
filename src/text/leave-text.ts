/** Why a pull request left the merge queue. */
import type { ForgeKind } from '../core/ids.js';
import type { Culprit, LeaveReason } from '../core/queue/leave-reason.js';
import { unreachable } from '../core/unreachable.js';
import { code, listedFew, oneLine, plain, shortSha } from './markdown.js';
import { pullRequestName } from './pull-request-name.js';
import { obstacles } from '../core/standing/readiness.js';
import { pastBlockerText } from './readiness-text.js';

/** A clause that goes after "It left the merge queue:". Kept in the comment's marker, for which there is little room. */
export function leaveText(forge: ForgeKind, why: LeaveReason): string {
  switch (why.kind) {
    case 'merged-or-closed':
      return 'it was merged or closed';
    case 'head-moved':
      return 'a new commit was pushed';
    case 'blocked':
      return listedFew(obstacles(why.blockers).map(pastBlockerText), 3, 'reason');
    case 'taken-out':
      return `${code(why.by)} took it out`;
    case 'conflict':
      return 'it conflicts with the target branch (rebase it or merge the target branch into it)';
    case 'not-allowed':
      return `the forge does not allow the merge: ${quoted(why.reason)}`;
    case 'behind':
      return `it is behind the target branch, and ${quoted(why.reason)}`;
    case 'only-rebase':
      return 'it is behind the target branch, and the project merges only what is up to date: rebase it (comment `/rebase`), then put it into the queue again; with `queue: { rebase: if-needed }` in `.lockkeeper.yaml` this is done for you';
    case 'culprit':
      return culpritText(forge, why);
    default:
      return unreachable(why);
  }
}

/** The forge's words: nobody has vetted them. */
function quoted(reason: string): string {
  return plain(oneLine(reason, 300).replace(/\.$/, ''));
}

function culpritText(forge: ForgeKind, { commit, failed, suspects, number }: Culprit): string {
  const others = suspects.filter((each) => each !== number).map((each) => pullRequestName(forge, each));
  const passing = `${listedFew(others, 5, 'pull request')} ${others.length === 1 ? 'passes' : 'pass'}`;
  const beside = others.length === 0 ? '' : `, and without it ${passing}`;
  return `required checks fail once it is merged into the target branch as it is now${beside}${whereText(commit, failed)}`;
}

/** The commit bare, so that the forge makes it a link. */
function whereText(commit: Culprit['commit'], failed: Culprit['failed']): string {
  if (commit === null) return '';
  const names = listedFew(
    failed.map((name) => code(oneLine(name, 60))),
    3,
    'check',
  );
  return failed.length === 0 ? ` (see the checks of ${shortSha(commit)})` : ` (${names} of ${shortSha(commit)} failed)`;
}
