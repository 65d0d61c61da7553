/** Which targets a change touches. What is not known to be independent counts as touched: the set widens, it never narrows. */
import type { Target } from '../environment/find-targets.js';
import { touches, union, type Closure } from './dependencies/closure.js';

interface Affected {
  readonly targets: readonly Target[];
  /**
   * Changed files that no target is known to read, before or after, and those that rule the repository itself. What merely may be read, as
   * by a target that may read anything, stays in here too: both it and the targets are then judged.
   */
  readonly outside: readonly string[];
}

/**
 * `closureOf`: what a target reads before and after the change. What changes in a target's own directory always touches it. `alsoRules`: the
 * configuration's own files that rule the repository, beside those that everybody's do.
 */
export function affectedTargets(
  changedPaths: readonly string[],
  targets: readonly Target[],
  closureOf: (target: Target) => readonly Closure[],
  alsoRules: (path: string) => boolean = () => false,
): Affected {
  const known = knownReads(targets.flatMap((target) => closureOf(target)));
  const belongs = (path: string): boolean => targets.some((target) => isBelow(path, target.directory));
  const outside = changedPaths.filter(
    (path) => alsoRules(path) || (!belongs(path) && (rulesAnywhere(path) || !touches(known, path))),
  );
  return {
    targets: targets.filter((target) => {
      const closures = closureOf(target);
      return changedPaths.some(
        (path) => isBelow(path, target.directory) || closures.some((closure) => reaches(closure, path, alsoRules)),
      );
    }),
    outside,
  };
}

/** Everything that is known to be read by one of them. */
function knownReads(closures: readonly Closure[]): Closure {
  const { paths, directories } = union(closures);
  return { paths, directories: new Set([...directories].filter((directory) => directory !== '')) };
}

/** Who may change what, and what runs on it: no target may take such a file in, or its rules would be those that guard it. */
function rulesAnywhere(path: string): boolean {
  return /^(\.|(docs\/)?CODEOWNERS$)/.test(path);
}

/** What reads nobody knows what reads everything, except what is nobody's input. */
function reaches(closure: Closure, path: string, alsoRules: (path: string) => boolean): boolean {
  const guessed = closure.directories.has('') && !closure.paths.has(path);
  return touches(closure, path) && (!guessed || (mayBeInput(path) && !alsoRules(path)));
}

/** The bot's and the forges' own files, and notes at the top of the repository, are nobody's input. */
function mayBeInput(path: string): boolean {
  return !/^(\.lockkeeper(\.yaml$|\/)|\.github\/|\.gitlab(-ci\.yml$|\/)|[^/]+\.md$|LICENSE$|CODEOWNERS$)/.test(path);
}

export function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}
