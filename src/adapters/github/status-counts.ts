/** How many statuses the bot has put on a commit in one context, so that the last ones GitHub takes are kept for what decides. */
import { repositoryKey, type RepositoryId } from '../../core/ids.js';
import { Forbidden } from '../../core/problem.js';
import { decideStatus, MOST_STATUSES, type StatusFacts } from '../../core/traffic/status-budget.js';
import type { CheckReport } from '../../ports/checks.js';
import type { Log } from '../../ports/log.js';
import type { Cache } from '../../ports/store.js';

type Context = Pick<CheckReport, 'sha' | 'name'>;

export class StatusCounts {
  /** `cache`: null where nothing is kept. Then GitHub itself says when there can be no more. */
  constructor(
    private readonly cache: Cache | null,
    private readonly log: Log,
  ) {}

  /** `left-out`: not worth one of the last. Rejects with `Forbidden` when there can be no more. */
  async admit(
    repository: RepositoryId,
    context: Context,
    change: Pick<StatusFacts, 'standing' | 'wanted'>,
  ): Promise<'admitted' | 'left-out'> {
    const posted = await this.#posted(repository, context);
    const decision = decideStatus({ posted, ...change });
    switch (decision.kind) {
      case 'send':
        return 'admitted';
      case 'leave-out': {
        const about = { repository: repositoryKey(repository), sha: context.sha, context: context.name, posted };
        this.log.warn(about, 'A status was left out: the last ones that the commit may have are kept for results');
        return 'left-out';
      }
      case 'used-up':
        throw new Forbidden(
          `${context.name} on ${repository.path}@${context.sha} has had the ${MOST_STATUSES} statuses that GitHub takes: push another commit`,
        );
    }
  }

  async count(repository: RepositoryId, context: Context): Promise<void> {
    const posted = await this.#posted(repository, context);
    await this.cache?.put(keyOf(repository, context), String(posted + 1));
  }

  async #posted(repository: RepositoryId, context: Context): Promise<number> {
    return Number((await this.cache?.get(keyOf(repository, context))) ?? 0);
  }
}

function keyOf(repository: RepositoryId, { sha, name }: Context): string {
  return `statuses:${repositoryKey(repository)}@${sha}:${name}`;
}
