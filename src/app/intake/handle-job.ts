/** Which use case a job is for. */
import type { JobSubject } from '../../core/job.js';
import { unreachable } from '../../core/unreachable.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { App } from '../app.js';
import { attendPullRequest } from '../pull-request/attend-pull-request.js';
import { carryOutBumps } from '../bump/bump.js';
import { attendMergeGroup } from '../merge-group/attend-merge-group.js';
import { advanceQueue } from '../queue/merge-queue.js';
import { planPullRequest } from '../plan/plan-pull-request.js';
import { presumePlans } from '../queue/presume-plans.js';
import { promoteAll } from '../promotion/promote.js';
import { look } from './look.js';
import { attendBranch, attendCommit, sweep } from './sweep.js';

export async function handleJob(app: App, subject: JobSubject, lock: LaneLock): Promise<void> {
  const { repository } = subject;
  switch (subject.kind) {
    case 'attend':
      return attendPullRequest(app, lock, repository, subject.number);
    case 'attend-commit':
      return attendCommit(app, repository, subject.sha);
    case 'attend-branch':
      return attendBranch(app, repository, subject.branch);
    case 'merge-group':
      return attendMergeGroup(app, lock, repository, subject.branch);
    case 'plan':
      return planPullRequest(app, repository, subject.number);
    case 'merge-queue':
      return advanceQueue(app, lock, repository);
    case 'presume':
      return presumePlans(app, subject);
    case 'promote':
      return promoteAll(app, lock, repository);
    case 'bump':
      return carryOutBumps(app, lock, repository);
    case 'sweep':
      return sweep(app, repository);
    case 'look':
      return look(app, repository);
    default:
      return unreachable(subject);
  }
}
