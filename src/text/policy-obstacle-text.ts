/** Why the organisation's policy could not be read, as a clause of plain text: where Markdown is read, it is escaped there. */
import type { PolicyObstacle } from '../core/policy/policy-obstacle.js';
import type { FileProblem } from '../core/problem.js';
import { unreachable } from '../core/unreachable.js';

export function policyObstacleText(why: PolicyObstacle): string {
  switch (why.kind) {
    case 'no-access':
      return `the bot has no access to ${why.repository}`;
    case 'forbidden':
      return `${why.repository} may not be read: ${why.message}`;
    case 'no-answer':
      return `${why.repository} does not answer: ${why.message}`;
    case 'no-branch':
      return `${why.repository} has no branch ${why.branch}`;
    case 'no-file':
      return `there is no ${why.file} in ${why.repository}`;
    case 'broken':
      return `it is broken in ${why.repository}: ${problemsText(why.problems)}`;
    default:
      return unreachable(why);
  }
}

const SHOWN = 3;

function problemsText(problems: readonly FileProblem[]): string {
  const shown = problems
    .slice(0, SHOWN)
    .map(({ file, line, column, message }) => `${file}:${String(line)}:${String(column)} ${message}`);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${String(more)} more.`] : [])].join(' ');
}
