/** `/retry`: what failed here is tried once more, without waiting for a sweep. */
import type { JobSubject } from '../../core/job.js';
import { planStands } from '../../core/plan/plan-stands.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { notOpenAnswer } from '../../text/answers.js';
import { retryAnswer } from '../../text/retry-answer.js';
import type { App } from '../app.js';
import type { CommandOutcome } from './command-outcome.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { givenUpJobs } from '../intake/given-up.js';
import { resumeQueue } from '../queue/queue-stop.js';

export async function retry(app: App, lock: LaneLock, snapshot: Snapshot): Promise<CommandOutcome> {
  const { pullRequest, plan, state, repository: place } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  const { repository, number } = pullRequest;
  const jobs = await givenUpJobs(app, pullRequest);
  for (const { id } of jobs) await app.queue.unbury(id);
  const planAgain = !planStands(plan);
  const queue = await resumeQueue(app, lock, place);
  const answer = retryAnswer({
    queue,
    plan: planAgain ? 'again' : 'stands',
    merge: state.refused === null ? 'was-not-refused' : 'again',
    jobs: jobs.map(({ subject, reason }) => ({ kind: subject.kind, reason })),
  });
  const nudges: readonly JobSubject[] = [
    { kind: 'merge-queue', repository },
    ...(planAgain ? [{ kind: 'plan', repository, number } as const] : []),
  ];
  return { state: { ...state, refused: null }, answer, nudges };
}
