/** Merging one merge request: asked once, then read back. */
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { MergeOutcome, MergeRequest } from '../../ports/pull-requests.js';
import type { Connection } from './connection.js';
import { isRefusal } from './gitlab-refusal.js';
import { methodObstacle } from './merge-method.js';
import { mergeOutcome, type MergeAnswer } from './merge-outcome.js';

export async function merge(connection: Connection, lock: LaneLock, request: MergeRequest): Promise<MergeOutcome> {
  const { api, project, writes } = connection;
  const obstacle = methodObstacle(request.method, await project(request.repository));
  if (obstacle !== null) return { kind: 'not-allowed', reason: obstacle };
  await writes.admit(lock, 'merge');
  const { answer, error } = await ask(connection, request);
  const mr = await api.MergeRequests.show(request.repository.path, request.number);
  const outcome = mergeOutcome(mr, request.expectedHead, answer);
  if (outcome === null) throw error ?? new Unavailable(`No word of the merge of !${request.number}`);
  return outcome;
}

async function ask(
  { api }: Connection,
  request: MergeRequest,
): Promise<{ readonly answer: MergeAnswer; readonly error: Error | null }> {
  const message = request.message === '' ? request.title : `${request.title}\n\n${request.message}`;
  try {
    await api.MergeRequests.merge(request.repository.path, request.number, {
      sha: request.expectedHead,
      squash: request.method === 'squash',
      squashCommitMessage: message,
      mergeCommitMessage: message,
      shouldRemoveSourceBranch: false,
    });
    return { answer: { kind: 'accepted' }, error: null };
  } catch (error) {
    if (isRefusal(error)) return { answer: { kind: 'refused', status: error.status, words: error.words }, error };
    if (error instanceof Unavailable) return { answer: { kind: 'lost' }, error };
    throw error;
  }
}
