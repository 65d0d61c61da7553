/** `/approve`: an approval by comment, of the head and the plan that stand there now. */
import { approvedAnswer, noApprovalsAnswer } from '../../text/approve-answers.js';
import { notOpenAnswer } from '../../text/answers.js';
import type { CommandOutcome } from './command-outcome.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** Whether it counts is the policy's to say; that it was given is kept in the signed answer, which is not there yet when the policy is judged. */
export function approve({ pullRequest, plan, repository, state }: Snapshot): CommandOutcome {
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  if (repository.configuration.policy.approveCommand !== 'counts') return { state, answer: noApprovalsAnswer() };
  const { sha } = pullRequest.head;
  const { repository: place, number } = pullRequest;
  return {
    state,
    answer: approvedAnswer(sha, plan?.digest ?? null),
    approved: sha,
    nudges: [{ kind: 'attend', repository: place, number }],
  };
}
