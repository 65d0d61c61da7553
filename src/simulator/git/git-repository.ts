/** One bare repository on disk: reads, object writes, and refs moved by compare-and-swap. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ancestry } from './ancestry.js';
import { importFiles } from './import-files.js';
import type { FirstCommit } from './import-files.js';
import type { Commit, FileDifference, MergeResult, NewCommit, Ref, TreeChange, TreeEntry } from './git-objects.js';
import { zeroSha } from './git-objects.js';
import { listLooseTree, looseTreeOf } from './list-loose-tree.js';
import { readLooseObject, writeLooseObject } from './loose-objects.js';
import type { ObjectType } from './loose-objects.js';
import { makeBareRepository } from './make-bare-repository.js';
import { moveRef } from './move-ref.js';
import { parseCommitObject } from './parse-commit-object.js';
import { commitFormat, parseCommits } from './parse-commits.js';
import { parseDifferences } from './parse-differences.js';
import { parseTreeEntries, splitRecords } from './parse-tree-entries.js';
import { isRefName, listRefNames, readRefFile } from './ref-files.js';
import { RememberedGit } from './remembered-git.js';
import { runGit, runGitOrThrow } from './run-git.js';
import type { GitAnswer } from './run-git.js';
import { writeCommit } from './write-commit.js';
import { writeTree } from './write-tree.js';

export interface LogQuery {
  /** Commits reachable from these… */
  readonly from: readonly string[];
  /** …and not from these. */
  readonly not?: readonly string[];
  readonly path?: string;
  readonly limit?: number;
  readonly skip?: number;
  readonly oldestFirst?: boolean;
}

export class GitRepository {
  private last: Promise<unknown> = Promise.resolve();
  private readonly remembered: RememberedGit;
  private readonly ancestry: Ancestry;

  constructor(readonly directory: string) {
    this.remembered = new RememberedGit(directory);
    this.ancestry = new Ancestry(directory, this.remembered);
  }

  /** Makes an empty repository whose HEAD names `defaultBranch`. */
  static async create(directory: string, defaultBranch: string): Promise<GitRepository> {
    await makeBareRepository(directory, defaultBranch);
    return new GitRepository(directory);
  }

  /** Makes a repository whose default branch has one commit of these files. */
  static async withFiles(directory: string, commit: FirstCommit): Promise<GitRepository> {
    const repository = await GitRepository.create(directory, commit.branch);
    await importFiles(directory, commit);
    return repository;
  }

  /** The branch that a repository on this machine has checked out (bare: its HEAD), to be the copy's default branch. */
  static async defaultBranchOf(path: string): Promise<string | undefined> {
    const answer = await runGit({ arguments: ['-C', path, 'symbolic-ref', '--short', 'HEAD'] });
    return answer.status === 0 ? text(answer.stdout) : undefined;
  }

  /** Copies branches and tags of an existing repository (a work tree or a bare one). */
  static async copy(from: string, directory: string, defaultBranch: string): Promise<GitRepository> {
    const repository = await GitRepository.create(directory, defaultBranch);
    const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await runGitOrThrow({ directory, arguments: ['fetch', '--quiet', '--no-tags', '--', from, ...refs] });
    return repository;
  }

  /** Copies a branch's commits from another repository of this machine, as forges do for pull requests from forks. No ref moves. */
  async takeFrom(other: GitRepository, branch: string): Promise<void> {
    const what = ['--', other.directory, `refs/heads/${branch}`];
    const quietly = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head'];
    await runGitOrThrow({ directory: this.directory, arguments: [...quietly, ...what] });
  }

  /** Runs `work` when all exclusive work asked for before has ended: pushes and merges never interleave. Not reentrant. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }

  /** The commit (or tag object) a full ref name points to. */
  async readRef(name: string): Promise<string | undefined> {
    if (isRefName(name)) {
      const read = readRefFile(this.directory, name);
      if (read !== 'symbolic') return read;
    }
    const answer = await this.git(['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
    return answer.status === 0 ? answer.stdout.toString('utf8').trim() : undefined;
  }

  branchHead(branch: string): Promise<string | undefined> {
    return this.readRef(`refs/heads/${branch}`);
  }

  /** The commit a branch, tag, full ref name or (abbreviated) SHA stands for. */
  async resolveCommit(name: string): Promise<string | undefined> {
    if (isSha(name)) return this.commitOf(name);
    const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
    if (name.startsWith('heads/') || name.startsWith('tags/')) candidates.push(`refs/${name}`);
    if (name === 'HEAD' || /^[0-9a-f]{4,40}$/.test(name)) candidates.push(name);
    for (const candidate of candidates) {
      const ref = isRefName(candidate) ? await this.readRef(candidate) : undefined;
      const sha = ref === undefined ? await this.readRef(`${candidate}^{commit}`) : await this.commitOf(ref);
      if (sha !== undefined) return sha;
    }
    return undefined;
  }

  private async commitOf(sha: string): Promise<string | undefined> {
    if (readLooseObject(this.directory, sha)?.type === 'commit') return sha;
    const args = ['rev-parse', '--verify', '--quiet', `${sha}^{commit}`];
    const answer = await this.git(args);
    return answer.status === 0 ? text(answer.stdout) : undefined;
  }

  /** Refs whose full name starts with `prefix` (at any character), by name. */
  async listRefs(prefix: string): Promise<readonly Ref[]> {
    const names = listRefNames(this.directory).filter((name) => name.startsWith(prefix));
    const refs = await Promise.all(
      names.map(async (name): Promise<readonly Ref[]> => {
        const sha = await this.readRef(name);
        const type = sha === undefined ? undefined : await this.objectType(sha);
        // Undefined: deleted meanwhile.
        return sha === undefined || type === undefined ? [] : [{ name, sha, type }];
      }),
    );
    return refs.flat();
  }

  /**
   * Moves a ref from exactly `from` (40 zeros: it must not exist) to `to` (40 zeros: delete).
   * `moved` when it was somewhere else: nothing has changed then.
   */
  async updateRef(name: string, to: string, from: string): Promise<'updated' | 'moved'> {
    const outcome = moveRef(this.directory, { name, to, from });
    if (outcome !== 'ask-git') return outcome;
    const args = to === zeroSha ? ['update-ref', '-d', name, from] : ['update-ref', name, to, from];
    const answer = await this.git(args);
    if (answer.status === 0) return 'updated';
    const actual = (await this.readRef(name)) ?? zeroSha;
    if (actual !== from) return 'moved';
    throw new Error(`git update-ref ${name}: ${answer.stderr.trim()}`);
  }

  /** Sets a ref of the forge's own (`refs/pull/…`), whatever it was. */
  async setRef(name: string, to: string): Promise<void> {
    if (moveRef(this.directory, { name, to, from: undefined }) !== 'updated') await this.read(['update-ref', name, to]);
  }

  /** The full name of the ref that HEAD stands for. */
  async headTarget(): Promise<string> {
    const head = await readFile(join(this.directory, 'HEAD'), 'utf8');
    return head.replace(/^ref: /, '').trim();
  }

  async setHead(branch: string): Promise<void> {
    await this.read(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  }

  async objectType(sha: string): Promise<ObjectType | undefined> {
    const loose = isSha(sha) ? readLooseObject(this.directory, sha) : undefined;
    if (loose !== undefined) return loose.type;
    const answer = await this.remembered.answer(['cat-file', '-t', '--end-of-options', sha], [sha]);
    return answer.status === 0 ? (answer.stdout.toString('utf8').trim() as 'blob') : undefined;
  }

  async writeBlob(content: Buffer): Promise<string> {
    return writeLooseObject(this.directory, 'blob', content);
  }

  async readBlob(sha: string): Promise<Buffer> {
    const loose = isSha(sha) ? readLooseObject(this.directory, sha) : undefined;
    if (loose?.type === 'blob') return loose.content;
    return this.remembered.read(['cat-file', 'blob', sha], [sha]);
  }

  /** Entries of a tree or a commit's tree; `recursive` lists blobs and their trees at every depth. */
  async listTree(
    treeish: string,
    options: { readonly recursive: boolean; readonly path?: string },
  ): Promise<readonly TreeEntry[]> {
    const loose = listLooseTree(this.directory, treeish, options);
    if (loose !== undefined) return loose;
    const flags = options.recursive ? ['-r', '-t'] : [];
    const path = options.path === undefined ? [] : ['--', options.path];
    const args = ['--literal-pathspecs', 'ls-tree', '-z', '-l', '--full-tree', ...flags, treeish, ...path];
    const out = await this.remembered.read(args, [treeish]);
    return parseTreeEntries(out);
  }

  /** The entry at a path, or undefined. The empty path is not an entry. */
  async entryAt(treeish: string, path: string): Promise<TreeEntry | undefined> {
    const entries = await this.listTree(treeish, { recursive: false, path: path.replace(/\/+$/, '') });
    return entries[0];
  }

  /** The bytes of the file at `path`, or undefined when there is no blob. */
  async readFile(treeish: string, path: string): Promise<Buffer | undefined> {
    const entry = await this.entryAt(treeish, path);
    return entry?.type === 'blob' ? this.readBlob(entry.sha) : undefined;
  }

  /** Writes `base`'s tree (undefined: nothing) with the changes made to it, in their order; gives the tree's SHA. */
  writeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    return writeTree(this.directory, base, changes);
  }

  writeCommit(commit: NewCommit): Promise<string> {
    return writeCommit(this.directory, commit);
  }

  async readCommit(name: string): Promise<Commit | undefined> {
    const sha = await this.resolveCommit(name);
    if (sha === undefined) return undefined;
    const loose = readLooseObject(this.directory, sha);
    const commit = loose === undefined ? undefined : parseCommitObject(sha, loose.content);
    return commit ?? (await this.log({ from: [sha], limit: 1 }))[0];
  }

  /** Newest first unless `oldestFirst`; `limit` and `skip` count after `path` has been applied. */
  async log(query: LogQuery): Promise<readonly Commit[]> {
    const line = this.lineOf(query);
    if (line !== undefined) return query.oldestFirst === true ? line.toReversed() : line;
    const flags = [
      ...(query.limit === undefined ? [] : [`--max-count=${query.limit}`]),
      ...(query.skip === undefined ? [] : [`--skip=${query.skip}`]),
      ...(query.oldestFirst === true ? ['--reverse', '--topo-order'] : []),
    ];
    const range = [...query.from, ...(query.not ?? []).map((sha) => `^${sha}`)];
    const path = query.path === undefined || query.path === '' ? [] : [query.path];
    const args = ['--literal-pathspecs', 'log', '-z', `--format=${commitFormat}`, ...flags, ...range, '--', ...path];
    return parseCommits(await this.remembered.read(args, [...query.from, ...(query.not ?? [])]));
  }

  /** What a log tells where it is one line of commits; undefined where it takes git. */
  private lineOf({ from, not = [], path = '', limit = Infinity, skip = 0 }: LogQuery): readonly Commit[] | undefined {
    const [start] = from;
    if (start === undefined || from.length > 1 || path !== '') return undefined;
    const newest = not.length + skip === 0 && limit === 1 ? this.ancestry.read(start) : undefined;
    return newest === undefined ? this.ancestry.lineBetween(start, not)?.slice(skip, skip + limit) : [newest];
  }

  async countCommits(from: string, not: readonly string[]): Promise<number> {
    const here = this.ancestry.between(from, not);
    if (here !== undefined) return here.length;
    const args = ['rev-list', '--count', from, ...not.map((sha) => `^${sha}`)];
    return Number(text(await this.remembered.read(args, [from, ...not])));
  }

  mergeBase(one: string, other: string): Promise<string | undefined> {
    return this.ancestry.mergeBase(one, other);
  }

  /** True also when they are equal. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return this.ancestry.isAncestor(ancestor, descendant);
  }

  /** What differs between two commits or trees, renames found. */
  async differences(from: string, to: string): Promise<readonly FileDifference[]> {
    const options = ['-r', '-M', '--no-ext-diff', '--no-color', '--no-abbrev', '--raw', '--numstat', '-p', '-z'];
    const out = await this.remembered.read(['diff-tree', ...options, from, to], [from, to]);
    return parseDifferences(out.toString('utf8'));
  }

  /** Merges `theirs` into `ours` in the object database; no ref moves. */
  async mergeTrees(ours: string, theirs: string): Promise<MergeResult> {
    const ahead = this.aheadOf(ours, theirs);
    const trivial = ahead === undefined ? undefined : looseTreeOf(this.directory, ahead);
    if (trivial !== undefined) return { kind: 'clean', tree: trivial };
    const flags = ['--write-tree', '--name-only', '--no-messages', '-z', '--allow-unrelated-histories'];
    const answer = await this.remembered.answer(['merge-tree', ...flags, ours, theirs], [ours, theirs]);
    const [tree = '', ...paths] = splitRecords(answer.stdout);
    if (answer.status === 0) return { kind: 'clean', tree };
    if (answer.status === 1) return { kind: 'conflict', paths };
    throw new Error(`git merge-tree: ${answer.stderr.trim()}`);
  }

  /** The one that comes from the other, if so: what they merge to. */
  private aheadOf(one: string, other: string): string | undefined {
    if (this.ancestry.isAncestorHere(one, other) === true) return other;
    return this.ancestry.isAncestorHere(other, one) === true ? one : undefined;
  }

  private git(args: readonly string[]): Promise<GitAnswer> {
    return runGit({ directory: this.directory, arguments: args });
  }

  private read(args: readonly string[]): Promise<Buffer> {
    return runGitOrThrow({ directory: this.directory, arguments: args });
  }
}

function isSha(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name);
}

function text(output: Buffer): string {
  return output.toString('utf8').trim();
}
