/**
 * What was last told of a commit's checks, in the cache. GitLab tells of the bot's own statuses as of anybody's, without saying whose they
 * are: one listing shows that nobody else's has changed, and spares looking at everything that rests on them. Lost, it is looked at once more.
 */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { Forbidden } from '../../core/problem.js';
import { OWN_CHECKS } from '../../core/standing/readiness.js';
import { forgeOf, type App } from '../app.js';

/** Null where it is not to be remembered. */
export type Told = { readonly key: string; readonly checks: string } | null;

/** `nothing-new`: everything that rests on the checks of others has been nudged since they stand so, or there are none. */
export async function readTold(app: App, repository: RepositoryId, sha: Sha): Promise<Told | 'nothing-new'> {
  // GitHub names the check that changed: its own are left out where the webhook is read.
  if (repository.forge === 'github') return null;
  const key = `told-checks/1/${repositoryKey(repository)}@${sha}`;
  const checks = await checksOfOthers(app, repository, sha);
  if (checks === null) return null;
  return checks === ((await app.cache.get(key)) ?? NONE) ? 'nothing-new' : { key, checks };
}

/** After everything was nudged: a crash in between has it done again. */
export async function rememberTold(app: Pick<App, 'cache'>, told: Told): Promise<void> {
  if (told !== null) await app.cache.put(told.key, told.checks);
}

const NONE = '[]';

/** Null where the forge does not show the commit. */
async function checksOfOthers(app: App, repository: RepositoryId, sha: Sha): Promise<string | null> {
  try {
    const checks = await forgeOf(app, repository).checks.list(repository, sha);
    const others = checks.filter(({ name }) => !OWN_CHECKS.includes(name));
    return JSON.stringify(
      others.map(({ name, state, description, url }) => [name, state, description, url]).toSorted(),
    );
  } catch (cause) {
    if (cause instanceof Forbidden) return null;
    throw cause;
  }
}
