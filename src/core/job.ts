/** The closed list of what a worker can be asked to do. Each is a nudge that carries ids only. */
import { repositoryKey, type RepositoryId, type Sha } from './ids.js';
import type { PresumedEntry } from './queue/presume-queue.js';
import { unreachable } from './unreachable.js';

export type JobSubject =
  /** Read a pull request and do what it needs: answer commands, report checks, join or leave the queue. */
  | { readonly kind: 'attend'; readonly repository: RepositoryId; readonly number: number }
  /** Checks of a commit changed: find the pull requests and promotions that wait for it. */
  | { readonly kind: 'attend-commit'; readonly repository: RepositoryId; readonly sha: Sha }
  /** A branch moved: if pull requests aim at it, all that rests on it is looked at again. */
  | { readonly kind: 'attend-branch'; readonly repository: RepositoryId; readonly branch: string }
  /** GitHub's own merge queue has built what it would merge: judge it. */
  | { readonly kind: 'merge-group'; readonly repository: RepositoryId; readonly branch: string }
  /** Render a pull request's plan beside the lane. */
  | { readonly kind: 'plan'; readonly repository: RepositoryId; readonly number: number }
  /** Find out which merged pull requests a changed policy would have judged otherwise, beside the lane. */
  | { readonly kind: 'compare-policy'; readonly repository: RepositoryId; readonly number: number }
  | { readonly kind: 'merge-queue'; readonly repository: RepositoryId }
  /** Render beside the lane what entries of a branch's queue will need once those before them are merged: heads, in order. */
  | {
      readonly kind: 'presume';
      readonly repository: RepositoryId;
      readonly branch: string;
      readonly entries: readonly PresumedEntry[];
    }
  | { readonly kind: 'promote'; readonly repository: RepositoryId }
  | { readonly kind: 'bump'; readonly repository: RepositoryId }
  /** Compare what the forge says with what was done, for one repository: everything. */
  | { readonly kind: 'sweep'; readonly repository: RepositoryId }
  /** The same, where one listing shows that there is anything to compare. */
  | { readonly kind: 'look'; readonly repository: RepositoryId };

/** Where a job runs and with which waiting jobs it is one. Only plans, what is rendered for them ahead, and comparisons of policies run beside the repository's lane. */
export function laneAndKey(subject: JobSubject): { readonly lane: string; readonly key: string } {
  const repository = repositoryKey(subject.repository);
  switch (subject.kind) {
    case 'plan':
      return { lane: `${repository}#${subject.number}`, key: 'plan' };
    case 'compare-policy':
      return { lane: `${repository}#policy`, key: `compare-policy:${subject.number}` };
    case 'presume':
      return { lane: `${repository}#presumed`, key: `presume:${subject.branch}` };
    default:
      return { lane: repository, key: keyInLane(subject) };
  }
}

function keyInLane(subject: Exclude<JobSubject, { readonly kind: 'plan' | 'compare-policy' | 'presume' }>): string {
  switch (subject.kind) {
    case 'attend':
      return `attend:${subject.number}`;
    case 'attend-commit':
      return `attend-commit:${subject.sha}`;
    case 'attend-branch':
    case 'merge-group':
      return `${subject.kind}:${subject.branch}`;
    case 'merge-queue':
    case 'promote':
    case 'bump':
    case 'sweep':
    case 'look':
      return subject.kind;
    default:
      return unreachable(subject);
  }
}
