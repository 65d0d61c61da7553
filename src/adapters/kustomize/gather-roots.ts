/**
 * The directories a build reads: that of the target and those of the kustomizations it reaches.
 *
 * Kustomize loads files only from a kustomization's own directory and below (its default load restriction), so these directories are
 * all that a build can need; whatever would lead it out of the repository or to the network is refused here, before it runs.
 */
import { posix } from 'node:path';
import { KUSTOMIZATION_FILES } from '../../core/plan/detect-renderer.js';
import { findPlace, type Place, type TreeView } from '../../core/tree/tree-view.js';
import type { Mirror } from '../../ports/repository.js';
import type { RenderResult } from '../../ports/renderer.js';
import { readConfiguration, readKustomization, type Reference, type References } from './read-references.js';
import { LARGEST_FILE } from './materialise.js';
import { isRemote, showReference } from './remote-reference.js';

export type Failure = Extract<RenderResult, { kind: 'failed' }>;

export type Roots = { readonly kind: 'roots'; readonly directories: readonly string[] } | Failure;

/** More kustomizations than this in one build are no build. */
const MOST_ROOTS = 500;

interface Root {
  readonly directory: string;
  /** What its resources are: with `configuration`, they have paths of their own. */
  readonly holds: 'resources' | 'configuration';
}

export async function gatherRoots(mirror: Mirror, view: TreeView, directory: string): Promise<Roots> {
  const start = findPlace(view, directory);
  if (start.kind !== 'directory') return failed(null, `There is no directory ${directory}`);
  const waiting: Root[] = [{ directory: start.path, holds: 'resources' }];
  const seen = new Set<string>();
  const directories = new Set<string>();
  for (let root = waiting.pop(); root !== undefined; root = waiting.pop()) {
    const name = `${root.holds} ${root.directory}`;
    if (seen.has(name)) continue;
    seen.add(name);
    directories.add(root.directory);
    if (directories.size > MOST_ROOTS) return failed(null, `The build reaches more than ${MOST_ROOTS} kustomizations`);
    const found = await readRoot({ mirror, view }, root);
    if ('kind' in found) return found;
    waiting.push(...found);
  }
  return { kind: 'roots', directories: [...directories] };
}

interface Tree {
  readonly mirror: Mirror;
  readonly view: TreeView;
}

/** What one kustomization leads to. */
async function readRoot(tree: Tree, root: Root): Promise<readonly Root[] | Failure> {
  const reached: Root[] = [];
  for (const name of KUSTOMIZATION_FILES) {
    const path = posix.join(root.directory, name);
    const text = await readFile(tree, path);
    if (text === null) continue;
    const found = await followAll(
      tree,
      { path, directory: root.directory, holds: root.holds },
      readKustomization(text),
    );
    if ('kind' in found) return found;
    reached.push(...found);
  }
  return reached;
}

/** Where references stand. */
interface Origin {
  readonly path: string;
  /** What they are relative to. */
  readonly directory: string;
  readonly holds: Root['holds'];
}

async function followAll(tree: Tree, origin: Origin, references: References): Promise<readonly Root[] | Failure> {
  if (references.kind === 'refused') return failedAt(origin.path, references.line, references.message);
  const reached: Root[] = [];
  for (const reference of references.references) {
    const found = await follow(tree, origin, reference);
    if (found === null) continue;
    if (found.kind === 'failed') return found;
    reached.push(...found.roots);
  }
  return reached;
}

type Followed = { readonly kind: 'reached'; readonly roots: readonly Root[] } | Failure | null;

async function follow(tree: Tree, origin: Origin, reference: Reference): Promise<Followed> {
  const { value, line, role } = reference;
  const holds = role === 'configuration' ? 'configuration' : role === 'base' ? origin.holds : 'resources';
  // Several lines are the thing itself, written in place.
  if (value.includes('\n'))
    return holds === 'configuration' ? reached(await followAll(tree, origin, readConfiguration(value))) : null;
  const paths = role === 'file' ? [value, value.slice(value.indexOf('=') + 1)] : [value];
  if (paths.some(isRemote)) {
    const why = 'is not fetched: rendering has no network. Copy it into the repository';
    return failedAt(origin.path, line, `${showReference(value)} ${why}`);
  }
  const places = paths.map((path) => placeFrom(tree, origin, path));
  if (places.some((place) => place.kind === 'outside'))
    return failedAt(origin.path, line, `${showReference(value)} leads out of the repository`);
  return role === 'file' ? null : followBase(tree, { ...origin, holds }, places[0]);
}

async function followBase(tree: Tree, origin: Origin, place: Place | undefined): Promise<Followed> {
  if (place?.kind === 'directory') return reached([{ directory: place.path, holds: origin.holds }]);
  if (place?.kind !== 'file' || origin.holds !== 'configuration') return null;
  const text = (await readFile(tree, place.entry.path)) ?? '';
  return reached(await followAll(tree, { ...origin, path: place.entry.path }, readConfiguration(text)));
}

/** Kustomize tidies `..` away before it looks for links. */
function placeFrom(tree: Tree, origin: Origin, path: string): Place {
  return findPlace(tree.view, path.startsWith('/') ? path : posix.join(origin.directory, path));
}

function reached(found: readonly Root[] | Failure): Followed {
  return 'kind' in found ? found : { kind: 'reached', roots: found };
}

/** Null when there is none, or it is so large that it is not materialised: kustomize will not find it either. */
async function readFile({ mirror, view }: Tree, path: string): Promise<string | null> {
  const place = findPlace(view, path);
  if (place.kind !== 'file') return null;
  const bytes = (await mirror.blobs([place.entry.sha], { maxBytes: LARGEST_FILE })).get(place.entry.sha);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}

function failedAt(file: string, line: number, message: string): Failure {
  return failed(file, `line ${line}: ${message}`);
}

export function failed(file: string | null, message: string): Failure {
  return { kind: 'failed', file, message };
}
