/** How the server is given the merge queues. */
import type { RepositoryId } from '../core/ids.js';
import type { QueueView } from '../core/queue/queue-view.js';

/** As of the last round of each queue; repositories in which nothing waits are left out. */
export type ReadQueues = () => Promise<
  readonly { readonly repository: RepositoryId; readonly queues: readonly QueueView[] }[]
>;
