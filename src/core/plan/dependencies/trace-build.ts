/**
 * What a kustomize build reads, and whatever would lead it out of the repository or to the network.
 *
 * Kustomize loads files only from a kustomization's own directory and below (its default load restriction) and directories that it names
 * as bases. Fields that this does not know, and generators and transformers, may read anything there: the whole directory counts.
 */
import { unreachable } from '../../unreachable.js';
import { joinPath } from '../../tree/join-path.js';
import type { Sha } from '../../ids.js';
import { findPlace, linksOn, type Place, type TreeView } from '../../tree/tree-view.js';
import { KUSTOMIZATION_FILES } from '../detect-renderer.js';
import { ALLOWING_SETTING } from '../remote/allowance.js';
import type { Closure } from './closure.js';
import { readConfiguration, type Reference, type References } from './read-references.js';
import { isRemote, showReference } from './remote-reference.js';

export interface BuildTrace {
  /** What was looked at; of a refused build, what the refusal rests on. */
  readonly closure: Closure;
  /** Directories of kustomizations: nothing above them is loaded. */
  readonly roots: readonly string[];
  readonly refusal: Refusal | null;
  /** What must be fetched before the rest can be traced, as written. */
  readonly wanted: ReadonlySet<string>;
  /** What must be written in place of references to what was fetched, by the file that has them. */
  readonly rewrites: ReadonlyMap<string, readonly Rewrite[]>;
  /** Where fetched files have to be, and the references that name them. */
  readonly fetchedFiles: ReadonlyMap<string, string>;
}

export interface Rewrite {
  readonly at: readonly [start: number, end: number];
  readonly text: string;
}

/** What a remote reference has become. */
export type RemotePlace =
  /** `path`: in the view; `root`: what nothing of it may lead out of. */
  | { readonly kind: 'directory'; readonly path: string; readonly root: string }
  /** To be put beside the kustomization, from whose directory kustomize reads files. */
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'refused'; readonly why: string };

/** By reference, as written. `forbidden`: nothing is ever fetched. */
type RemotePlaces = ReadonlyMap<string, RemotePlace> | 'forbidden';

export interface Refusal {
  readonly file: string | null;
  readonly message: string;
}

/** What a file refers to; null for one that is too large to be read: no build can use it either. */
export type ReadReferences = (blob: Sha, as: 'kustomization' | 'configuration') => Promise<References | null>;

/** More kustomizations than this in one build are no build. */
const MOST_ROOTS = 500;

interface Root {
  readonly directory: string;
  /** What its resources are: with `configuration`, they have paths of their own. */
  readonly holds: 'resources' | 'configuration';
}

/** Where references stand. */
interface Origin {
  readonly path: string;
  /** What they are relative to. */
  readonly directory: string;
  readonly holds: Root['holds'];
}

/** `directory` as the target's configuration names it. Bases that name each other in a ring are each read once: kustomize says so itself. */
export async function traceBuild(
  view: TreeView,
  directory: string,
  ...[read, remotes = 'forbidden']: [read: ReadReferences, remotes?: RemotePlaces]
): Promise<BuildTrace> {
  const trace = new Trace(view, read, remotes);
  await trace.walk(directory);
  const { refusal, wanted, rewrites, fetchedFiles } = trace;
  return { closure: trace, roots: [...trace.roots], refusal, wanted, rewrites, fetchedFiles };
}

const NOT_FETCHED = `is not fetched: this server allows no remote sources (${ALLOWING_SETTING}), and rendering has no network. Copy it into the repository`;

function isWithin(root: string | null, place: Place): boolean {
  if (root === null || place.kind === 'outside' || place.kind === 'nowhere') return true;
  return `${place.kind === 'file' ? place.entry.path : place.path}/`.startsWith(`${root}/`);
}

/** From a directory to a path, both from the top. */
function relativePath(directory: string, path: string): string {
  const [from, to] = [directory, path].map((each) => each.split('/').filter((part) => part !== ''));
  const different = from?.findIndex((part, index) => part !== to?.[index]) ?? 0;
  const shared = different === -1 ? (from?.length ?? 0) : different;
  return [...(from ?? []).slice(shared).map(() => '..'), ...(to ?? []).slice(shared)].join('/');
}

class Trace implements Closure {
  readonly paths = new Set<string>();
  readonly directories = new Set<string>();
  readonly roots = new Set<string>();
  refusal: Refusal | null = null;
  readonly wanted = new Set<string>();
  readonly rewrites = new Map<string, Rewrite[]>();
  readonly fetchedFiles = new Map<string, string>();
  readonly #waiting: Root[] = [];

  constructor(
    private readonly view: TreeView,
    private readonly read: ReadReferences,
    private readonly remotes: RemotePlaces,
  ) {}

  async walk(directory: string): Promise<void> {
    const start = this.#look(directory);
    if (start.kind !== 'directory') return this.#refuse(null, `There is no directory ${directory}`);
    this.#waiting.push({ directory: start.path, holds: 'resources' });
    const seen = new Set<string>();
    for (let root = this.#waiting.pop(); root !== undefined && this.refusal === null; root = this.#waiting.pop()) {
      const name = `${root.holds} ${root.directory}`;
      if (seen.has(name)) continue;
      seen.add(name);
      this.roots.add(root.directory);
      if (this.roots.size > MOST_ROOTS)
        return this.#refuse(null, `The build reaches more than ${MOST_ROOTS} kustomizations`);
      await this.#readRoot(root);
    }
  }

  async #readRoot(root: Root): Promise<void> {
    for (const name of KUSTOMIZATION_FILES) {
      const path = joinPath(root.directory, name);
      const place = this.#look(path);
      if (place.kind !== 'file') continue;
      const references = await this.read(place.entry.sha, 'kustomization');
      if (references !== null) await this.#followAll({ ...root, path }, references);
    }
  }

  async #followAll(origin: Origin, references: References): Promise<void> {
    if (references.kind === 'refused') return this.#refuseAt(origin.path, references.line, references.message);
    if (references.reach === 'unknown') this.directories.add(origin.directory);
    for (const reference of references.references) if (this.refusal === null) await this.#follow(origin, reference);
  }

  async #follow(origin: Origin, reference: Reference): Promise<void> {
    const { value, line, role } = reference;
    const holds = role === 'configuration' ? 'configuration' : role === 'base' ? origin.holds : 'resources';
    // Several lines are the thing itself, written in place.
    if (value.includes('\n')) {
      if (holds === 'configuration') await this.#followAll(origin, readConfiguration(value));
      return;
    }
    const paths = role === 'file' ? [value, value.slice(value.indexOf('=') + 1)] : [value];
    if (paths.some(isRemote)) return this.#followRemote(origin, reference);
    // Kustomize tidies `..` away before it looks for links.
    const places = paths.map((path) => this.#look(path.startsWith('/') ? path : joinPath(origin.directory, path)));
    const root = this.#fetchedRoot(origin.directory);
    if (places.some((place) => place.kind === 'outside' || !isWithin(root, place)))
      return this.#refuseAt(origin.path, line, `${showReference(value)} leads out of the repository`);
    if (role !== 'file') return this.#followBase({ ...origin, holds }, places[0]);
    for (const place of places) if (place.kind === 'directory') this.directories.add(place.path);
  }

  #followRemote(origin: Origin, { value, line, role, at }: Reference): void {
    const refuse = (why: string): void => this.#refuseAt(origin.path, line, `${showReference(value)} ${why}`);
    if (this.remotes === 'forbidden') return refuse(NOT_FETCHED);
    if (role !== 'base') return refuse('is not fetched: only resources, bases and components are');
    if (at === null) return refuse('is not fetched: write it on one line');
    const place = this.remotes.get(value);
    switch (place?.kind) {
      case undefined:
        this.wanted.add(value);
        return;
      case 'refused':
        return refuse(place.why);
      case 'directory':
        this.#rewrite(origin, at, place.path);
        if (this.view.directories.has(place.path)) this.#waiting.push({ directory: place.path, holds: origin.holds });
        return;
      case 'file': {
        const path = joinPath(origin.directory, place.name);
        this.#rewrite(origin, at, path);
        this.paths.add(path);
        this.fetchedFiles.set(path, value);
        return;
      }
      default:
        return unreachable(place);
    }
  }

  #rewrite({ path, directory }: Origin, at: Rewrite['at'], to: string): void {
    const rewrites = this.rewrites.get(path) ?? [];
    this.rewrites.set(path, rewrites);
    // An alias names the same place twice.
    if (rewrites.every((each) => each.at[0] !== at[0]))
      rewrites.push({ at, text: JSON.stringify(relativePath(directory, to)) });
  }

  /** Of what was fetched; null for what stands in the repository itself. */
  #fetchedRoot(directory: string): string | null {
    if (this.remotes === 'forbidden') return null;
    for (const place of this.remotes.values())
      if (place.kind === 'directory' && `${directory}/`.startsWith(`${place.root}/`)) return place.root;
    return null;
  }

  async #followBase(origin: Origin, place: Place | undefined): Promise<void> {
    if (place?.kind === 'directory') this.#waiting.push({ directory: place.path, holds: origin.holds });
    if (place?.kind !== 'file' || origin.holds !== 'configuration') return;
    const references = await this.read(place.entry.sha, 'configuration');
    if (references !== null) await this.#followAll({ ...origin, path: place.entry.path }, references);
  }

  /** Finds what is at a path; all that this rests on becomes part of the closure. */
  #look(path: string): Place {
    for (const link of linksOn(this.view, path)) this.paths.add(link);
    const place = findPlace(this.view, path);
    if (place.kind === 'file') this.paths.add(place.entry.path);
    // What is not there may come; a change that puts something there finds it by its own closure, which then holds more.
    if (place.kind === 'nowhere') this.paths.add(path);
    return place;
  }

  #refuseAt(file: string, line: number, message: string): void {
    this.#refuse(file, `line ${line}: ${message}`);
  }

  #refuse(file: string | null, message: string): void {
    this.refusal ??= { file, message };
  }
}
