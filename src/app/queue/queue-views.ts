/** What people see of the queues, kept in the cache from one round to the next: lost, the next round makes it anew. */
import { repositoryKey, type ForgeKind, type RepositoryId } from '../../core/ids.js';
import { countEntries, type EntryCount } from '../../core/queue/count-entries.js';
import type { QueueView } from '../../core/queue/queue-view.js';
import type { QueueStory } from '../../text/queue-text.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** One value for all queues of a repository: it is written in the repository's lane only. */
type Views = Readonly<Record<string, QueueView>>;

export async function readView(app: App, repository: RepositoryId, branch: string): Promise<QueueView | null> {
  const views = await readViews(app, repository);
  // People name branches: `constructor` must not be found on every object.
  return Object.hasOwn(views, branch) ? (views[branch] ?? null) : null;
}

/** Of one pull request, in its queue or not. */
export async function queueStory(app: App, snapshot: Snapshot): Promise<QueueStory> {
  const { pullRequest, state, readiness, self } = snapshot;
  const { number, repository, base } = pullRequest;
  const { ticket, left } = state;
  const view = await readView(app, repository, base);
  return { forge: repository.forge, number, ticket, left, self: self.login, readiness, view };
}

export async function keepView(app: App, repository: RepositoryId, view: QueueView): Promise<void> {
  const { [view.branch]: _before, ...others } = await readViews(app, repository);
  const isEmpty = view.entries.length === 0 && view.stopped === null;
  await app.cache.put(keyOf(repository), JSON.stringify(isEmpty ? others : { ...others, [view.branch]: view }));
}

interface RepositoryQueues {
  readonly repository: RepositoryId;
  readonly queues: readonly QueueView[];
}

/** The queues of every repository the bot was given in which anything waits. */
export async function readQueues(app: App): Promise<readonly RepositoryQueues[]> {
  const found: RepositoryQueues[] = [];
  for (const forge of Object.values(app.forges)) {
    for (const repository of await forge.repositories.list()) {
      const queues = Object.values(await readViews(app, repository));
      if (queues.length > 0) found.push({ repository, queues });
    }
  }
  return found;
}

/** Of each forge: how many entries wait for what, and how many queues are stopped. */
export async function countQueues(
  app: App,
): Promise<
  readonly { readonly forge: ForgeKind; readonly entries: readonly EntryCount[]; readonly stopped: number }[]
> {
  const found = await readQueues(app);
  return Object.values(app.forges).map(({ kind: forge }) => {
    const queues = found.filter(({ repository }) => repository.forge === forge).flatMap((each) => each.queues);
    return { forge, entries: countEntries(queues), stopped: queues.filter(({ stopped }) => stopped !== null).length };
  });
}

async function readViews(app: App, repository: RepositoryId): Promise<Views> {
  const text = await app.cache.get(keyOf(repository));
  return text === null ? {} : (JSON.parse(text) as Views);
}

function keyOf(repository: RepositoryId): string {
  return `queues/2/${repositoryKey(repository)}`;
}
