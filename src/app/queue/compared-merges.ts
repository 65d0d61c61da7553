/** Which merges were read back already, whatever came of it, as far as the store remembers: it costs little to read one back again. */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { App } from '../app.js';

export async function isCompared(app: App, repository: RepositoryId, commit: Sha): Promise<boolean> {
  return (await app.cache.get(keyOf(repository, commit))) !== null;
}

export async function rememberCompared(app: App, repository: RepositoryId, commit: Sha): Promise<void> {
  if (!(await isCompared(app, repository, commit))) await app.cache.put(keyOf(repository, commit), 'compared');
}

function keyOf(repository: RepositoryId, commit: Sha): string {
  return `merge-compared/1/${repositoryKey(repository)}/${commit}`;
}
