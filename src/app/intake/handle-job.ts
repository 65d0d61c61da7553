/** Which use case a job is for. */
import type { JobSubject } from '../../core/job.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { afresh, type App } from '../app.js';
import { attendPullRequest } from '../pull-request/attend-pull-request.js';
import { carryOutBumps } from '../bump/bump.js';
import { attendMergeGroup } from '../merge-group/attend-merge-group.js';
import { advanceQueue } from '../queue/merge-queue.js';
import { comparePolicy } from '../policy/compare-policy.js';
import { planPullRequest } from '../plan/plan-pull-request.js';
import { presumePlans } from '../queue/presume-plans.js';
import { promoteAll } from '../promotion/promote.js';
import { look } from './look.js';
import { attendBranch, attendCommit, sweep } from './sweep.js';

type SubjectOf<K extends JobSubject['kind']> = Extract<JobSubject, { readonly kind: K }>;

type Handlers = {
  readonly [K in JobSubject['kind']]: (app: App, subject: SubjectOf<K>, lock: LaneLock) => Promise<void>;
};

/** A kind of job without a handler does not compile. */
const handlers: Handlers = {
  attend: (app, { repository, number }, lock) => attendPullRequest(app, lock, repository, number),
  'attend-commit': (app, { repository, sha }) => attendCommit(app, repository, sha),
  'attend-branch': (app, { repository, branch }) => attendBranch(app, repository, branch),
  'merge-group': (app, { repository, branch }, lock) => attendMergeGroup(app, lock, repository, branch),
  plan: (app, { repository, number }) => planPullRequest(app, repository, number),
  'compare-policy': (app, { repository, number }) => comparePolicy(app, repository, number),
  'merge-queue': (app, { repository }, lock) => advanceQueue(app, lock, repository),
  presume: (app, subject) => presumePlans(app, subject),
  promote: (app, { repository }, lock) => promoteAll(app, lock, repository),
  bump: (app, { repository }, lock) => carryOutBumps(app, lock, repository),
  sweep: (app, { repository }) => sweep(app, repository),
  look: (app, { repository }) => look(app, repository),
};

export async function handleJob<K extends JobSubject['kind']>(
  app: App,
  subject: SubjectOf<K>,
  lock: LaneLock,
): Promise<void> {
  const handle: Handlers[K] = handlers[subject.kind as K];
  return handle(afresh(app), subject, lock);
}
