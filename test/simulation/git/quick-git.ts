/** The forge's git without starting git where that is not needed: what the simulation asks for most, from the object store. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zeroSha, type Commit, type MergeResult, type TreeEntry } from '../../../src/simulator/git/git-objects.js';
import { GitRepository, type LogQuery } from '../../../src/simulator/git/git-repository.js';
import { parseCommitObject } from '../../../src/simulator/git/parse-commit-object.js';
import { writeTree } from '../../../src/simulator/git/write-tree.js';
import { mergeFiles } from './merge-files.js';
import type { ObjectStore } from './object-store.js';

export class QuickGitRepository extends GitRepository {
  constructor(
    directory: string,
    private readonly store: ObjectStore,
  ) {
    super(directory);
  }

  override async updateRef(name: string, to: string, from: string): Promise<'updated' | 'moved'> {
    const path = join(this.directory, name);
    if ((readRef(path) ?? zeroSha) !== from) return 'moved';
    if (to === zeroSha) rmSync(path);
    else await this.setRef(name, to);
    return 'updated';
  }

  override async setRef(name: string, to: string): Promise<void> {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${to}\n`);
  }

  override async readRef(name: string): Promise<string | undefined> {
    if (!name.startsWith('refs/') || /[\^~]/.test(name)) return super.readRef(name);
    return readRef(join(this.directory, name)) ?? undefined;
  }

  override async resolveCommit(name: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{40}$/.test(name) || !this.store.holds(name)) return super.resolveCommit(name);
    return this.store.typeOf(name) === 'commit' ? name : undefined;
  }

  override async objectType(sha: string): ReturnType<GitRepository['objectType']> {
    if (!/^[0-9a-f]{40}$/.test(sha) || !this.store.holds(sha)) return super.objectType(sha);
    return this.store.typeOf(sha);
  }

  override async readBlob(sha: string): Promise<Buffer> {
    return this.store.blob(sha);
  }

  override async readCommit(name: string): Promise<Commit | undefined> {
    const sha = await this.resolveCommit(name);
    return sha === undefined ? undefined : parseCommitObject(sha, this.store.commitObject(sha));
  }

  override async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return this.store.isAncestor(ancestor, descendant);
  }

  override async mergeBase(one: string, other: string): Promise<string | undefined> {
    const bases = this.store.mergeBases(one, other);
    return bases.length > 1 ? super.mergeBase(one, other) : bases[0];
  }

  override async mergeTrees(ours: string, theirs: string): Promise<MergeResult> {
    const changes = mergeFiles(this.store, ours, theirs);
    if (changes === 'git-decides') return super.mergeTrees(ours, theirs);
    return { kind: 'clean', tree: await writeTree(this.directory, ours, changes) };
  }

  override async countCommits(from: string, not: readonly string[]): Promise<number> {
    return this.#reachable([from], not).length;
  }

  override async log(query: LogQuery): Promise<readonly Commit[]> {
    if (query.path !== undefined || query.skip !== undefined) return super.log(query);
    const shas = this.#reachable(query.from, query.not ?? []);
    const chosen = query.limit === undefined ? shas : shas.slice(0, query.limit);
    const commits = chosen.flatMap((sha) => parseCommitObject(sha, this.store.commitObject(sha)) ?? []);
    return query.oldestFirst === true ? commits.toReversed() : commits;
  }

  override async listTree(
    treeish: string,
    options: { readonly recursive: boolean; readonly path?: string },
  ): Promise<readonly TreeEntry[]> {
    const sha = /^[0-9a-f]{40}$/.test(treeish) ? treeish : await this.resolveCommit(treeish);
    if (sha === undefined || !this.store.holds(sha)) return super.listTree(treeish, options);
    const path = options.path ?? '';
    const entries = this.store.entries(sha);
    if (path === '') return options.recursive ? entries : entries.filter((entry) => !entry.path.includes('/'));
    const below = path.replace(/\/+$/, '');
    const isFolderAsked = path.endsWith('/');
    const found = entries.filter((entry) => (isFolderAsked ? '' : entry.path) === below || isIn(entry.path, below));
    if (options.recursive) return found;
    return found.filter((entry) =>
      isFolderAsked ? !entry.path.slice(below.length + 1).includes('/') : entry.path === below,
    );
  }

  /** Newest first, children before their parents. */
  #reachable(from: readonly string[], not: readonly string[]): readonly string[] {
    const hidden = new Set(not.flatMap((sha) => [...this.store.ancestors(sha)]));
    const found = new Set(from.flatMap((sha) => [...this.store.ancestors(sha)]));
    return this.store.newestFirst([...found].filter((sha) => !hidden.has(sha)));
  }
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

export function readRef(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}
