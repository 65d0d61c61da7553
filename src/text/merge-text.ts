/** The commit that a merge leaves behind: its title, and trailers by which the decision can be audited from git alone. */
import type { PullRequest } from '../core/forge-objects.js';
import { approvalsIn } from '../core/policy/approvals-in.js';
import type { Verdict } from '../core/policy/verdict.js';
import type { Ticket } from '../core/standing/sticky-state.js';
import { oneLine } from './markdown.js';

export function mergeTitle(pullRequest: PullRequest): string {
  const number = `${pullRequest.repository.forge === 'gitlab' ? '!' : '#'}${pullRequest.number}`;
  return `${oneLine(pullRequest.title, 200)} (${number})`;
}

export interface MergeStory {
  readonly pullRequest: PullRequest;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly ticket: Ticket | null;
}

export function mergeMessage(story: MergeStory): string {
  const approvals = approvalsIn(story.verdict).map(({ login }) => login);
  const trailers = [
    `Lockkeeper-Pull-Request: ${story.pullRequest.url}`,
    `Lockkeeper-Head: ${story.pullRequest.head.sha}`,
    `Lockkeeper-Plan: ${story.digest}`,
    ...[...new Set(approvals)].map((login) => `Lockkeeper-Approved-By: ${login}`),
    ...(story.ticket === null ? [] : [`Lockkeeper-Queued-By: ${story.ticket.by}`]),
  ];
  return trailers.join('\n');
}
