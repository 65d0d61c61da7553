/** The sweep's look at one repository: one listing of the forge tells what has to be looked at again, and for most it is nothing. */
import { repositoryKey, type RepositoryId } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import { decideLook, everythingInterval, type LookDecision } from '../../core/sweep/decide-look.js';
import type { Glance } from '../../ports/pull-requests.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { branchesOf, readSweep, type KeptSweep } from './sweep-record.js';

/** Only nudges, as the sweep of everything. */
export async function look(app: App, repository: RepositoryId): Promise<void> {
  const glance = await forgeOf(app, repository).pullRequests.glance(repository);
  if (glance === null) return enqueue(app, { kind: 'sweep', repository });
  const record = await readSweep(app, repository);
  const seen = { ...glance, branches: await branchesNow(app, repository, glance, record) };
  const interval = everythingInterval(repositoryKey(repository));
  const decision = decideLook({ record, seen, now: app.clock.now(), interval });
  app.log.debug({ repository: repositoryKey(repository), decision }, 'Looked at a repository');
  for (const subject of nudgesOf(repository, decision)) await enqueue(app, subject);
  if (decision.kind === 'some') await nudgeGivenUp(app, repository);
}

function nudgesOf(repository: RepositoryId, decision: LookDecision): readonly JobSubject[] {
  if (decision.kind === 'everything') return [{ kind: 'sweep', repository }];
  const attends = decision.attend.map((number) => ({ kind: 'attend', repository, number }) as const);
  if (decision.news === 'some')
    return [
      ...attends,
      { kind: 'bump', repository },
      { kind: 'promote', repository },
      { kind: 'merge-queue', repository },
    ];
  return decision.promote ? [...attends, { kind: 'promote', repository }] : attends;
}

/** Jobs that were given up are tried again at each sweep, which is all that brings them back. */
async function nudgeGivenUp(app: App, repository: RepositoryId): Promise<void> {
  const key = repositoryKey(repository);
  const dead = (await app.queue.dead()).filter(({ subject }) => repositoryKey(subject.repository) === key);
  for (const subject of dead.flatMap((job) => triedAgain(job.subject))) await enqueue(app, subject);
}

/** What brings a job back that was given up: a look itself is not to be brought back by each look that follows it. */
export function triedAgain(subject: JobSubject): readonly JobSubject[] {
  if (subject.kind === 'look') return [];
  // Whoever attends to a pull request asks for its plan, if it still wants one.
  return subject.kind === 'plan' ? [{ ...subject, kind: 'attend' }] : [subject];
}

/** Where the listing does not tell of branches, git is asked. Null where neither tells. */
async function branchesNow(
  app: App,
  repository: RepositoryId,
  glance: Glance,
  record: KeptSweep | null,
): Promise<string | null> {
  const facts = record?.facts ?? null;
  if (glance.pushedAt !== null || facts === null) return branchesOf(glance, null);
  const forge = forgeOf(app, repository);
  const { cloneUrl } = facts;
  const credentials = () => forge.repositories.credentials(repository);
  const mirror = await app.mirrors.of({ repository, cloneUrl, credentials });
  await mirror.fetch();
  return branchesOf(glance, { mirror, facts });
}
