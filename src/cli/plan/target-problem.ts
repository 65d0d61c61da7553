/** Whether the target that `--target` names is there at all. */
import type { Configuration } from '../../core/configuration.js';
import { findTargets } from '../../core/environment/find-targets.js';
import { targetKey } from '../../core/ids.js';
import type { Mirror } from '../../ports/repository.js';

/** As many as a line of an error says. */
const MOST_NAMED = 20;

/** What is wrong with the name, or null: a target may be there on one side only. */
export async function targetProblem(
  mirror: Mirror,
  commits: { readonly base: string; readonly head: string },
  configuration: Configuration,
  wanted: string,
): Promise<string | null> {
  const sides = await Promise.all([mirror.entries(commits.base), mirror.entries(commits.head)]);
  const paths = sides.flat().map(({ path }) => path);
  const names = [...new Set(findTargets(paths, configuration).map(({ name }) => targetKey(name)))].sort();
  if (names.includes(wanted)) return null;
  const more = names.length - MOST_NAMED;
  const all = `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const form = wanted.includes('/') ? '' : ' A target is named APP/ENV.';
  return `There is no target ${wanted}.${form} ${names.length === 0 ? 'The layout finds no targets here.' : `Targets: ${all}.`}`;
}
