/**
 * A repository's tree with what was fetched put into it, so that a build finds both in one place.
 *
 * Worked example: the base `https://github.com/acme/bases//api?ref=v1` stands below `.lockkeeper-fetched/COMMIT/api`. The name holds the
 * commit, so that a closure that names the path tells what was there.
 */
import { createHash } from 'node:crypto';
import { showReference } from '../../core/plan/dependencies/remote-reference.js';
import type { RemotePlace } from '../../core/plan/dependencies/trace-build.js';
import { readKustomizeRemote, type KustomizeRemote } from '../../core/plan/remote/kustomize-remote.js';
import type { TreeEntry } from '../../core/forge-objects.js';
import { findPlace, viewTree, type TreeView } from '../../core/tree/tree-view.js';
import type { RemoteSources, RemoteTree } from '../../ports/remote-sources.js';
import type { Mirror } from '../../ports/repository.js';

/** At the top of the repository. */
const PLACE = '.lockkeeper-fetched';

/** What is read in place of the repository itself. */
export interface ReadableTree {
  readonly view: TreeView;
  readonly mirror: Pick<Mirror, 'blobs'>;
}

/** Grows as a build's references become known. */
export class FetchedTree {
  /** By reference, as written. */
  readonly places = new Map<string, RemotePlace>();
  /** Whether something could not be fetched just now: another time it may be. */
  failed = false;
  readonly #trees = new Map<string, RemoteTree>();
  /** What people call what stands below each root. */
  readonly #names = new Map<string, string>();
  readonly #files = new Map<string, Uint8Array>();

  constructor(
    private readonly own: ReadableTree,
    private readonly sources: RemoteSources,
  ) {}

  async fetch(reference: string): Promise<void> {
    this.places.set(reference, await this.#placeOf(readKustomizeRemote(reference), reference));
  }

  /** With fetched files at these paths, by the references that name them. */
  tree(files: ReadonlyMap<string, string> = new Map()): ReadableTree {
    const { own } = this;
    const entries: TreeEntry[] = [...own.view.entries.values()];
    const links = new Map(own.view.links);
    const blobs = new Map<string, Pick<Mirror, 'blobs'>>();
    for (const [root, { view, mirror }] of this.#trees) graft({ root, view, mirror }, { entries, links, blobs });
    const contents = new Map<string, Uint8Array>();
    for (const [path, reference] of files) {
      const content = this.#files.get(reference);
      if (content === undefined) continue;
      const sha = digestOf(content);
      contents.set(sha, content);
      entries.push({ path, sha, mode: '100644' });
    }
    return { view: viewTree(entries, links), mirror: { blobs: readFrom(own.mirror, blobs, contents) } };
  }

  /** With the places of fetched things called by where these came from. */
  named(text: string): string {
    const fromTop = text.replaceAll(/(\.\.\/)+(?=\.lockkeeper-fetched\/)/g, '');
    return [...this.#names].reduce((so, [root, name]) => so.replaceAll(root, name), fromTop);
  }

  async #placeOf(remote: KustomizeRemote, reference: string): Promise<RemotePlace> {
    switch (remote.kind) {
      case 'unsupported':
        return { kind: 'refused', why: remote.why };
      case 'file': {
        const fetched = await this.sources.file(remote.url);
        if (fetched.kind !== 'fetched') return this.#refused(fetched);
        this.#files.set(reference, fetched.content);
        const name = `${PLACE}-${digestOf(fetched.content).slice(0, 32)}.yaml`;
        this.#names.set(name, showReference(remote.url));
        return { kind: 'file', name };
      }
      case 'directory': {
        const { repository, ref, path } = remote;
        const fetched = await this.sources.tree({ url: repository, ref });
        if (fetched.kind !== 'fetched') return this.#refused(fetched);
        const place = findPlace(fetched.view, path);
        if (place.kind !== 'directory')
          return { kind: 'refused', why: `names a directory that is not there at ${ref}` };
        const root = `${PLACE}/${fetched.commit}`;
        this.#trees.set(root, fetched);
        this.#names.set(root, `${repository}@${ref}`);
        return { kind: 'directory', path: place.path === '' ? root : `${root}/${place.path}`, root };
      }
    }
  }

  #refused({ kind, message }: { readonly kind: 'not-allowed' | 'failed'; readonly message: string }): RemotePlace {
    if (kind === 'failed') this.failed = true;
    return { kind: 'refused', why: `is not fetched: ${message}` };
  }
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

interface Grafted {
  readonly entries: TreeEntry[];
  readonly links: Map<string, string>;
  readonly blobs: Map<string, Pick<Mirror, 'blobs'>>;
}

/** Links that lead out of what was fetched are left out: here they would lead into another's repository. */
function graft({ root, view, mirror }: ReadableTree & { readonly root: string }, into: Grafted): void {
  for (const entry of view.entries.values()) {
    if (entry.mode === '160000') continue;
    if (entry.mode === '120000') {
      const target = view.links.get(entry.path);
      if (target === undefined || findPlace(view, entry.path).kind === 'outside') continue;
      into.links.set(`${root}/${entry.path}`, target);
    }
    into.entries.push({ ...entry, path: `${root}/${entry.path}` });
    into.blobs.set(entry.sha, mirror);
  }
}

function readFrom(
  own: Pick<Mirror, 'blobs'>,
  fetched: ReadonlyMap<string, Pick<Mirror, 'blobs'>>,
  contents: ReadonlyMap<string, Uint8Array>,
): Mirror['blobs'] {
  return async (shas, limits) => {
    const found = new Map([...contents].filter(([sha]) => shas.includes(sha)));
    const wanted = new Map<Pick<Mirror, 'blobs'>, string[]>();
    for (const sha of shas) {
      if (found.has(sha)) continue;
      const mirror = fetched.get(sha) ?? own;
      wanted.set(mirror, [...(wanted.get(mirror) ?? []), sha]);
    }
    for (const [mirror, theirs] of wanted)
      for (const [sha, bytes] of await mirror.blobs(theirs, limits)) found.set(sha, bytes);
    return found;
  };
}

/** True where the repository itself has what would be put there. */
export function isTaken(view: TreeView): boolean {
  return view.directories.has(PLACE) || view.entries.has(PLACE);
}
