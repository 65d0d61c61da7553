/**
 * What a rendering reads: the closure of a target in the graph of files.
 *
 * Worked example: `apps/api/envs/dev/kustomization.yaml` says `resources: [../../base]` and `patches: [{path: replicas.yaml}]`; the base
 * says `resources: [deployment.yaml]`. The closure is the two kustomization files (and the other names a kustomization could have, though
 * nothing is there), `replicas.yaml` and `deployment.yaml`. A note beside the deployment is not in it: changing it plans nothing.
 *
 * A closure may hold more than is read, never less: whatever is unknown stands there as the whole directory it may be in, or as the whole
 * repository. Renderers that write files for a tool write those of the closure only, so that one that lacks something fails loudly.
 */
import { createHash } from 'node:crypto';
import { filesBelow, type TreeView } from '../../tree/tree-view.js';

export interface Closure {
  /** Files, symbolic links on the way to them, and paths that were looked for, whether or not anything is there. */
  readonly paths: ReadonlySet<string>;
  /** Directories of which everything counts; '' is the whole repository. */
  readonly directories: ReadonlySet<string>;
}

export const WHOLE_REPOSITORY: Closure = { paths: new Set(), directories: new Set(['']) };

/**
 * True if something at `path` belongs to the closure, or would take the place of something that does: what was looked for as a file
 * may become a directory. Where no changed path touches a closure, the same reading after the change gives the same closure.
 */
export function touches({ paths, directories }: Closure, path: string): boolean {
  if (directories.has('') || paths.has(path) || directories.has(path)) return true;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const above = path.slice(0, slash);
    if (directories.has(above) || paths.has(above)) return true;
  }
  return false;
}

/** Everything of either. */
export function union(closures: readonly Closure[]): Closure {
  return {
    paths: new Set(closures.flatMap(({ paths }) => [...paths])),
    directories: new Set(closures.flatMap(({ directories }) => [...directories])),
  };
}

/**
 * Hexadecimal SHA-256 over names, modes and contents of all in the closure, and of what is not there: equal digests, equal inputs.
 * `known` keeps what was computed for directories of this very view.
 */
export function closureDigest(closure: Closure, view: TreeView, known: Map<string, string>): string {
  const files = [...closure.paths].sort().map((path) => {
    const entry = view.entries.get(path);
    return entry === undefined ? [path] : [path, entry.mode, entry.sha];
  });
  const directories = [...closure.directories].sort().map((directory) => {
    const digest = known.get(directory) ?? directoryDigest(view, directory);
    known.set(directory, digest);
    return [directory, digest];
  });
  return sha256([files, directories]);
}

function directoryDigest(view: TreeView, directory: string): string {
  return sha256(filesBelow(view, directory).map(({ path, mode, sha }) => [path, mode, sha]));
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
