/** Which targets a change touches. What is not known to be independent counts as touched: the set widens, it never narrows. */
import type { Target } from '../environment/find-targets.js';

export interface Affected {
  readonly targets: readonly Target[];
  /** Changed files below no target's directory. */
  readonly outside: readonly string[];
}

/**
 * `reaching`: directories of targets that may read files outside themselves (kustomize overlays): a change in a shared file touches them all.
 */
export function affectedTargets(
  changedPaths: readonly string[],
  targets: readonly Target[],
  reaching: ReadonlySet<string>,
): Affected {
  const owners = changedPaths.map((path) => ({
    path,
    owners: targets.filter((target) => isBelow(path, target.directory)),
  }));
  const outside = owners.filter((each) => each.owners.length === 0).map((each) => each.path);
  const touched = new Set(owners.flatMap((each) => each.owners));
  const widened = outside.some(mayBeInput);
  return {
    targets: targets.filter((target) => touched.has(target) || (widened && reaching.has(target.directory))),
    outside,
  };
}

export function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}

/** The bot's and the forges' own files, and notes at the top of the repository, are nobody's input. */
function mayBeInput(path: string): boolean {
  return !/^(\.lockkeeper(\.yaml$|\/)|\.github\/|\.gitlab(-ci\.yml$|\/)|[^/]+\.md$|LICENSE$|CODEOWNERS$)/.test(path);
}
