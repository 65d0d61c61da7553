/**
 * Changed files that a target's manifests do not show: its renderer makes nothing of them.
 *
 * Example: beside the manifests of a plain target lie `logo.png` and `NOTES.md`. Both belong to the target and are merged with it, and a
 * plan of its manifests says nothing of either, so they are named.
 */
import type { TargetName } from '../ids.js';
import { isBelow } from './affected.js';
import { touches, type Closure } from './dependencies/closure.js';
import type { HiddenPart } from './plan.js';

interface TargetReading {
  readonly directory: string;
  readonly renderer: string;
  /** What the renderer reads, before and after. */
  readonly read: readonly Closure[];
  /** The same with what the configuration says that it depends on. */
  readonly declared: readonly Closure[];
}

interface SuspectFiles {
  /** The renderer reads none of these. */
  readonly unread: readonly string[];
  /** These lie where it may read everything; what is no text of them can't show. */
  readonly perhaps: readonly string[];
}

export function suspectFiles(changedPaths: readonly string[], target: TargetReading): SuspectFiles {
  const read = target.read.map((closure) => readingOf(closure, target));
  const unread: string[] = [];
  const perhaps: string[] = [];
  for (const path of changedPaths) {
    const own = isBelow(path, target.directory) || target.declared.some((closure) => closure.paths.has(path));
    if (read.some(({ paths }) => paths.has(path))) continue;
    const near = read.some((closure) => touches(closure, path));
    if (near && (own || target.read.some((closure) => isNamed(closure, path)))) perhaps.push(path);
    else if (own) unread.push(path);
  }
  return { unread, perhaps };
}

/** Of a plain target every file in its directory counts as read, so that it is planned; what it makes manifests of is named by path. */
function readingOf(closure: Closure, { renderer, directory }: TargetReading): Closure {
  if (renderer !== 'plain') return closure;
  return { paths: closure.paths, directories: new Set([...closure.directories].filter((each) => each !== directory)) };
}

/** Not merely because it may read anything. */
function isNamed({ paths, directories }: Closure, path: string): boolean {
  return touches({ paths, directories: new Set([...directories].filter((each) => each !== '')) }, path);
}

/** Files of a target that are named each by itself. */
const MOST_NAMED = 50;

/** `isText` says of a path whether both its sides can be read as text. */
export function unreadParts(
  target: TargetName,
  { unread, perhaps }: SuspectFiles,
  isText: (path: string) => boolean,
): readonly HiddenPart[] {
  const binary = [...unread, ...perhaps].filter((path) => !isText(path));
  return [
    ...named(binary, { kind: 'binary-file', target }),
    ...named(unread.filter(isText), { kind: 'unread-file', target }),
  ];
}

function named(paths: readonly string[], part: Pick<HiddenPart, 'kind' | 'target'>): readonly HiddenPart[] {
  const rest = paths.length - MOST_NAMED;
  return [
    ...paths.slice(0, MOST_NAMED).map((what) => ({ ...part, count: 1, what })),
    ...(rest > 0 ? [{ ...part, count: rest, what: 'and more' }] : []),
  ];
}
