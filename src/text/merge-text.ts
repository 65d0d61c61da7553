/** The commit that a merge leaves behind: its title, and trailers by which the decision can be audited from git alone. */
import type { PullRequest } from '../core/forge-objects.js';
import type { Sha } from '../core/ids.js';
import { approvalsIn } from '../core/policy/approvals-in.js';
import type { Verdict } from '../core/policy/verdict.js';
import type { Ticket } from '../core/standing/sticky-state.js';
import { oneLine } from './markdown.js';
import { pullRequestName } from './pull-request-name.js';

export function mergeTitle(pullRequest: PullRequest): string {
  const name = pullRequestName(pullRequest.repository.forge, pullRequest.number);
  return `${oneLine(pullRequest.title, 200)} (${name})`;
}

/** What a merge says of itself, for those who read it back. */
export const MERGE_TRAILERS = {
  pullRequest: 'Lockkeeper-Pull-Request',
  head: 'Lockkeeper-Head',
  plannedOn: 'Lockkeeper-Planned-On',
  digest: 'Lockkeeper-Plan',
} as const;

/** One for each person whose approval counted. */
export const APPROVED_BY = 'Lockkeeper-Approved-By';

interface MergeStory {
  readonly pullRequest: PullRequest;
  readonly digest: string;
  /** The tip of the target branch that it was planned on. */
  readonly plannedOn: Sha;
  readonly verdict: Verdict;
  readonly ticket: Ticket | null;
}

export function mergeMessage(story: MergeStory): string {
  const approvals = approvalsIn(story.verdict).map(({ login }) => login);
  const trailers = [
    `${MERGE_TRAILERS.pullRequest}: ${story.pullRequest.url}`,
    `${MERGE_TRAILERS.head}: ${story.pullRequest.head.sha}`,
    `${MERGE_TRAILERS.plannedOn}: ${story.plannedOn}`,
    `${MERGE_TRAILERS.digest}: ${story.digest}`,
    ...[...new Set(approvals)].map((login) => `${APPROVED_BY}: ${login}`),
    ...(story.ticket === null ? [] : [`Lockkeeper-Queued-By: ${story.ticket.by}`]),
  ];
  return trailers.join('\n');
}
