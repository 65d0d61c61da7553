/**
 * Renders ahead what entries of the queue will need once those before them are merged. It is found again by what it rests on
 * (rendering-cache.ts), so that the plan on the branch as it then is has only to be put together; nothing else comes of it.
 */
import { repositoryKey } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import { presumeQueue } from '../../core/queue/presume-queue.js';
import { enqueue, type App } from '../app.js';
import { planChange } from '../plan/plan-change.js';
import { gatherRepository, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import type { StandingEntry } from './queue-entries.js';

/** Once for each order of heads on a tip. A fork's head that nobody trusted is rendered by no way round. */
export async function askToPresume(
  app: App,
  { repository, branch, tip, configuration }: ConfiguredRepository,
  queue: readonly StandingEntry[],
): Promise<void> {
  if (configuration.queue.speculate === 'off') return;
  const trusted = queue.filter(
    ({ pullRequest: { head }, snapshot }) =>
      head.origin === 'same-repository' || snapshot.state.trustedHead === head.sha,
  );
  const entries = presumeQueue(trusted.map(({ standing }) => standing));
  if (entries.length === 0) return;
  const key = `presume-asked/1/${repositoryKey(repository)}/${branch}`;
  const asked = JSON.stringify([tip, entries]);
  if ((await app.cache.get(key)) === asked) return;
  await app.cache.put(key, asked);
  await enqueue(app, { kind: 'presume', repository, branch, entries });
}

export async function presumePlans(app: App, subject: JobSubject & { readonly kind: 'presume' }): Promise<void> {
  const { repository, branch, entries } = subject;
  const reading = await gatherRepository(app, repository, branch);
  if (reading.kind !== 'configured') return;
  const { mirror, configuration, tip } = reading;
  let base = tip;
  for (const { head, plan } of entries) {
    // Its branch is gone: it was merged, or closed.
    if (!(await mirror.has(head))) continue;
    const key = `presumed/1/${repositoryKey(repository)}/${base}/${head}`;
    if (plan === 'another' && (await app.cache.get(key)) === null) {
      await planChange(app, { mirror, configuration, base, head });
      await app.cache.put(key, 'rendered');
    }
    base = (await mirror.presume(base, head)) ?? base;
  }
}
