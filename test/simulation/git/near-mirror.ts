/**
 * A mirror of the simulated forge's repository in the same process. It shares the forge's objects and sees its refs as they were at the
 * last fetch, so a stale mirror is stale here too; what git does over the network is played elsewhere.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readView } from '../../../src/adapters/git/read-view.js';
import type { Commit, TreeEntry } from '../../../src/core/forge-objects.js';
import type { Sha } from '../../../src/core/ids.js';
import type { TreeView } from '../../../src/core/tree/tree-view.js';
import type { BlobLimits, LogRange, MergeResult, Mirror } from '../../../src/ports/repository.js';
import type { ObjectStore } from './object-store.js';
import { readRef, type QuickGitRepository } from './quick-git.js';

export class NearMirror implements Mirror {
  #refs: ReadonlyMap<string, Sha> = new Map();
  readonly #known = new Set<Sha>();
  readonly #views = new Map<Sha, Promise<TreeView>>();

  constructor(
    private readonly git: QuickGitRepository,
    private readonly store: ObjectStore,
  ) {}

  async fetch(): Promise<void> {
    this.#refs = readRefs(this.git.directory);
    for (const head of this.#refs.values()) for (const sha of this.store.ancestors(head)) this.#known.add(sha);
  }

  async branch(name: string): Promise<Sha | null> {
    return this.#refs.get(`refs/heads/${name}`) ?? null;
  }

  async holds(sha: Sha): Promise<boolean> {
    return this.#known.has(sha);
  }

  async has(sha: Sha): Promise<boolean> {
    if (this.#known.has(sha)) return true;
    if (!/^[0-9a-f]{40}$/.test(sha) || !this.store.holds(sha)) return false;
    this.#known.add(sha);
    return true;
  }

  async treeOf(commit: Sha): Promise<Sha> {
    return this.store.treeOf(commit);
  }

  async entries(tree: Sha, path = ''): Promise<readonly TreeEntry[]> {
    const entries = [...this.store.files(tree)].map(([name, file]) => ({ path: name, ...file }));
    return path === '' ? entries : entries.filter((entry) => entry.path.startsWith(`${path}/`));
  }

  async view(tree: Sha): Promise<TreeView> {
    const known = this.#views.get(tree);
    if (known !== undefined) return known;
    const view = readView(this, tree);
    this.#views.set(tree, view);
    return view;
  }

  async blobs(shas: readonly Sha[], limits?: BlobLimits): Promise<ReadonlyMap<Sha, Uint8Array>> {
    const all = [...new Set(shas)].map((sha) => [sha, this.store.blob(sha)] as const);
    return new Map(all.filter(([, blob]) => blob.length <= (limits?.maxBytes ?? Infinity)));
  }

  async file(tree: Sha, path: string): Promise<Uint8Array | null> {
    const file = this.store.files(tree).get(path);
    return file === undefined ? null : this.store.blob(file.sha);
  }

  async changedPaths(from: Sha, to: Sha): Promise<readonly string[]> {
    return this.store.changedPaths(from, to);
  }

  async changedLines(): Promise<number | null> {
    return null;
  }

  async mergeBase(a: Sha, b: Sha): Promise<Sha | null> {
    return (await this.git.mergeBase(a, b)) ?? null;
  }

  async merge(base: Sha, head: Sha): Promise<MergeResult> {
    const result = await this.git.mergeTrees(base, head);
    return result.kind === 'clean' ? { kind: 'merged', tree: result.tree } : result;
  }

  async presume(base: Sha, head: Sha): Promise<Sha | null> {
    const merged = await this.merge(base, head);
    if (merged.kind === 'conflict') return null;
    const nobody = { name: 'nobody', email: 'nobody@example.com', date: new Date(0) };
    const commit = { tree: merged.tree, parents: [base], author: nobody, committer: nobody, message: 'Presumed\n' };
    return this.git.writeCommit(commit);
  }

  async log(range: LogRange): Promise<readonly Commit[]> {
    const hidden = range.from === null ? new Set<string>() : this.store.ancestors(range.from);
    const walked = range.walk === 'first-parents' ? this.#mainLine(range.to) : [...this.store.ancestors(range.to)];
    const shown = walked.filter((sha) => !hidden.has(sha));
    const ordered = range.walk === 'first-parents' ? shown : this.store.newestFirst(shown);
    const touching = range.paths.length === 0 ? ordered : ordered.filter((sha) => this.#touches(sha, range.paths));
    return touching.slice(0, range.limit).map((sha) => this.store.commit(sha));
  }

  #mainLine(to: Sha): readonly Sha[] {
    const line: Sha[] = [];
    for (let at: Sha | undefined = to; at !== undefined; at = this.store.commit(at).parents[0]) line.push(at);
    return line;
  }

  #touches(sha: Sha, paths: readonly string[]): boolean {
    const parent = this.store.commit(sha).parents[0];
    const changed = parent === undefined ? [...this.store.files(sha).keys()] : this.store.changedPaths(parent, sha);
    return changed.some((path) => paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`)));
  }
}

function readRefs(directory: string): ReadonlyMap<string, Sha> {
  const refs = new Map<string, Sha>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(name);
      else {
        const sha = readRef(join(directory, name));
        if (sha !== null) refs.set(name, sha);
      }
    }
  };
  walk('refs');
  return refs;
}
