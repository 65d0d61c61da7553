/**
 * Where targets lie in the directory layout.
 *
 * Worked example: with `apps/{app}/envs/{env}` and environments dev and prod, the file `apps/api/envs/prod/deploy.yaml` belongs to
 * `api in prod`, whose directory is `apps/api/envs/prod`; `apps/api/base/x.yaml` and `apps/api/envs/old/x.yaml` belong to none.
 */
import type { Configuration, DirectoryLayout } from '../configuration.js';
import { targetKey, type TargetName } from '../ids.js';

export interface Target {
  readonly name: TargetName;
  /** From the top of the repository, without a slash at the end. */
  readonly directory: string;
}

type Places = Pick<Configuration, 'layouts'> & { readonly environments: readonly { readonly name: string }[] };

/**
 * Every target that has a file below its directory, by directory in byte order of environment and application. One that two layouts
 * place in two directories appears once for each.
 */
export function findTargets(paths: readonly string[], places: Places): readonly Target[] {
  const found = new Map<string, Target>();
  for (const path of paths) {
    const target = targetOf(path, places);
    if (target !== null) found.set(`${targetKey(target.name)} ${target.directory}`, target);
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** Null where none has that name. */
export function targetNamed(targets: readonly Target[], { app, env }: TargetName): Target | null {
  return targets.find(({ name }) => name.app === app && name.env === env) ?? null;
}

/** The target whose directory a file lies below, by the first layout that fits; null for files of none. */
export function targetOf(path: string, places: Places): Target | null {
  const parts = path.split('/');
  for (const layout of places.layouts) {
    const target = matchLayout(parts, layout);
    if (target !== null && places.environments.some(({ name }) => name === target.name.env)) return target;
  }
  return null;
}

/** The directory of a target, whether or not there is a file in it yet, by the first layout that can hold it. */
export function directoryOf(name: TargetName, places: Pick<Places, 'layouts'>): string | null {
  const layout = places.layouts.find(({ app }) => app === null || app === name.app);
  if (layout === undefined) return null;
  const parts = layout.path.split('/');
  return parts.map((part) => (part === '{app}' ? name.app : part === '{env}' ? name.env : part)).join('/');
}

function matchLayout(parts: readonly string[], layout: DirectoryLayout): Target | null {
  const pattern = layout.path.split('/');
  // A file lies below the directory: at least one part more.
  if (parts.length <= pattern.length) return null;
  let app = layout.app;
  let env: string | null = null;
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (wanted === '{app}') app = part;
    else if (wanted === '{env}') env = part;
    else if (wanted !== part) return null;
  }
  if (app === null || env === null) return null;
  return { name: { app, env }, directory: parts.slice(0, pattern.length).join('/') };
}
