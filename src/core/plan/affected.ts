/** Which targets a change touches. What is not known to be independent counts as touched: the set widens, it never narrows. */
import type { Target } from '../environment/find-targets.js';
import { touches, type Closure } from './dependencies/closure.js';

export interface Affected {
  readonly targets: readonly Target[];
  /** Changed files below no target's directory. */
  readonly outside: readonly string[];
}

/** `closureOf`: what a target reads before and after the change. What changes in a target's own directory always touches it. */
export function affectedTargets(
  changedPaths: readonly string[],
  targets: readonly Target[],
  closureOf: (target: Target) => readonly Closure[],
): Affected {
  const outside = changedPaths.filter((path) => !targets.some((target) => isBelow(path, target.directory)));
  return {
    targets: targets.filter((target) => {
      const closures = closureOf(target);
      return changedPaths.some(
        (path) => isBelow(path, target.directory) || closures.some((closure) => reaches(closure, path)),
      );
    }),
    outside,
  };
}

/** What reads nobody knows what reads everything, except what is nobody's input. */
function reaches(closure: Closure, path: string): boolean {
  return touches(closure, path) && (!closure.directories.has('') || closure.paths.has(path) || mayBeInput(path));
}

/** The bot's and the forges' own files, and notes at the top of the repository, are nobody's input. */
function mayBeInput(path: string): boolean {
  return !/^(\.lockkeeper(\.yaml$|\/)|\.github\/|\.gitlab(-ci\.yml$|\/)|[^/]+\.md$|LICENSE$|CODEOWNERS$)/.test(path);
}

export function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}
