/** A mirror of one repository as a bare repository on the disk, as it is read. */
import { Unavailable } from '../../core/problem.js';
import type { Commit, TreeEntry } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { Log } from '../../ports/log.js';
import type { BlobLimits, LogRange, MergeResult, Mirror } from '../../ports/repository.js';
import { failureOf, gitOutput, runGit, type GitContext } from './git-command.js';
import { Commits } from './commits.js';
import { compareTrees } from './compare-trees.js';
import { findMergeBase } from './find-merge-base.js';
import { nobodysEnvironment } from './git-environment.js';
import type { TreeView } from '../../core/tree/tree-view.js';
import { LastFew } from './last-few.js';
import { textOf } from './latin1.js';
import { listTree } from './list-tree.js';
import { branchInFiles } from './mirror-directory.js';
import { MirrorUpkeep } from './mirror-upkeep.js';
import { ObjectReader, type StoredObject } from './object-reader.js';
import { LOG_FORMAT, parseLog, pointedTo, splitFields, sumOfLines } from './parse-git-output.js';
import { RememberedOutput } from './remembered-output.js';
import { readView } from './read-view.js';
import type { Remote } from './remote.js';
import { Trees } from './trees.js';
import { walkLog } from './walk-log.js';

/** Listings and views are kept up to so many bytes, about, and both sides of a change however large they are. */
const BOTH_SIDES = { capacity: 32 * 1024 * 1024, least: 2 };
/** Pairs of commits of which the base is kept, and what they merge to. */
const PAIRS = { capacity: 1_000, weigh: () => 1 };
/** Read into memory at most, in bytes; forges themselves take no larger files. */
const LARGEST_BLOB = 100 * 1024 * 1024;

export class GitMirror implements Mirror {
  readonly #upkeep: MirrorUpkeep;
  readonly #reader: ObjectReader;
  readonly #remembered: RememberedOutput;
  readonly #listings = new LastFew<readonly TreeEntry[]>({ ...BOTH_SIDES, weigh: (entries) => weightOf(entries, 1) });
  readonly #views = new LastFew<TreeView>({ ...BOTH_SIDES, weigh: ({ entries }) => weightOf(entries.values(), 2) });
  readonly #bases = new LastFew<Sha | null>(PAIRS);
  readonly #merges = new LastFew<MergeResult>(PAIRS);
  /** The trees of commits. */
  readonly #tops = new LastFew<Sha>(PAIRS);
  readonly #trees: Trees;
  readonly #commits: Commits;

  constructor(
    private readonly context: GitContext,
    readonly remote: Remote,
    log: Log,
  ) {
    this.#upkeep = new MirrorUpkeep({ context, remote, log, onRemade: () => this.#forget() });
    this.#remembered = new RememberedOutput(context);
    this.#reader = new ObjectReader(context, (stderr) => this.#upkeep.suspect(stderr));
    this.#trees = new Trees(context.label, (sha) => this.#object(sha));
    this.#commits = new Commits((sha) => this.#reader.contents(sha));
  }

  /** Makes the mirror if it is not there, or not whole. Rejects with `Unavailable`. */
  open(): Promise<void> {
    return this.#upkeep.open();
  }

  fetch(): Promise<void> {
    return this.#upkeep.fetch();
  }

  /** Ends what runs for this mirror; it can be used no more once the context's signal was given. */
  async close(): Promise<void> {
    await Promise.all([this.#reader.close(), this.#upkeep.settled()]);
  }

  async #forget(): Promise<void> {
    for (const memory of [this.#remembered, this.#tops, this.#trees, this.#commits]) memory.clear();
    await this.#reader.close();
  }

  async branch(name: string): Promise<Sha | null> {
    const found = await branchInFiles(this.context.directory, name);
    if (found !== 'ask-git') return found === 'absent' ? null : found;
    const command = { arguments: ['show-ref', '--verify', '--hash', '--', `refs/heads/${name}`] };
    const answer = await runGit(this.context, command);
    if (answer.status === 0) return new TextDecoder().decode(answer.stdout).trim();
    if (/not a valid ref/.test(answer.stderr)) return null;
    throw failureOf(this.context, command, answer.stderr);
  }

  async holds(sha: Sha): Promise<boolean> {
    return isSha(sha) && (await this.#reader.info(sha)) !== null;
  }

  async has(sha: Sha): Promise<boolean> {
    if (!isSha(sha)) return false;
    if (await this.holds(sha)) return true;
    await this.remote.fetchObjects(this.context, [sha]);
    return (await this.#reader.info(sha)) !== null;
  }

  async treeOf(commit: Sha): Promise<Sha> {
    return this.#tops.of(checked(commit), () => this.#findTree(commit));
  }

  async #findTree(commit: Sha): Promise<Sha> {
    let sha = commit;
    for (;;) {
      const object = await this.#object(sha);
      if (object.type === 'tree') return sha;
      const next = pointedTo(object.bytes);
      if (next === null) throw new Error(`${commit} names a ${object.type}, not a commit or tree`);
      sha = next;
    }
  }

  async entries(tree: Sha, path = ''): Promise<readonly TreeEntry[]> {
    const top = await this.treeOf(tree);
    const all = await this.#listings.of(top, () => listTree(this.#trees, top));
    return path === '' ? all : all.filter((entry) => entry.path.startsWith(`${path}/`));
  }

  view(tree: Sha): Promise<TreeView> {
    return this.#views.of(tree, () => readView(this, tree));
  }

  async blobs(shas: readonly Sha[], limits?: BlobLimits): Promise<ReadonlyMap<Sha, Uint8Array>> {
    const wanted = [...new Set(shas.map(checked))];
    const most = limits?.maxBytes ?? LARGEST_BLOB;
    const sizes = await this.#sizes(wanted);
    const fitting = wanted.filter((sha) => (sizes.get(sha) ?? Infinity) <= most);
    if (limits === undefined && fitting.length < wanted.length)
      throw new Error(`A blob of more than ${LARGEST_BLOB} bytes was asked for in ${this.context.label}`);
    return new Map(await Promise.all(fitting.map(async (sha) => [sha, (await this.#object(sha)).bytes] as const)));
  }

  async file(tree: Sha, path: string): Promise<Uint8Array | null> {
    let at = await this.treeOf(tree);
    const parts = path.split('/');
    for (const [index, part] of parts.entries()) {
      const item = (await this.#trees.of(at)).find(({ name }) => textOf(name) === part);
      if (item === undefined) return null;
      const isFile = item.mode !== '40000' && item.mode !== '160000';
      if (index === parts.length - 1) return isFile ? ((await this.blobs([item.sha])).get(item.sha) ?? null) : null;
      if (item.mode !== '40000') return null;
      at = item.sha;
    }
    return null;
  }

  async changedPaths(from: Sha, to: Sha): Promise<readonly string[]> {
    const [before, after] = await Promise.all([this.treeOf(from), this.treeOf(to)]);
    return compareTrees(this.#trees, before, after);
  }

  async changedLines(from: Sha, to: Sha): Promise<number | null> {
    const options = ['-r', '-z', '--numstat', '--no-renames', '--no-commit-id', '--no-ext-diff', '--no-textconv'];
    const command = { arguments: ['diff-tree', ...options, '--end-of-options', checked(from), checked(to)] };
    const here = await runGit(this.context, command);
    if (here.status === 0) return sumOfLines(here.stdout);
    // A large file that changed is not here yet: once more, and git fetches it.
    const { answer, failure } = await this.remote.run(this.context, command);
    if (answer.status !== 0) throw failure();
    return sumOfLines(answer.stdout);
  }

  async mergeBase(a: Sha, b: Sha): Promise<Sha | null> {
    const commits = [checked(a), checked(b)] as const;
    return this.#bases.of(commits.join(' '), () => this.#findBase(commits));
  }

  async merge(base: Sha, head: Sha): Promise<MergeResult> {
    const commits = [checked(base), checked(head)] as const;
    const known = await this.#merges.of(commits.join(' '), () => this.#merge(commits));
    // Nothing refers to its tree: one of weeks ago may be gone, as after the mirror was made anew.
    return known.kind === 'conflict' || (await this.holds(known.tree)) ? known : this.#merge(commits);
  }

  async #merge(commits: readonly [base: Sha, head: Sha]): Promise<MergeResult> {
    const common = await findMergeBase(this.#commits, ...commits);
    // One side has not moved since: the merge is the other.
    if (common === commits[0]) return { kind: 'merged', tree: await this.treeOf(commits[1]) };
    if (common === commits[1]) return { kind: 'merged', tree: await this.treeOf(commits[0]) };
    const options = ['--write-tree', '-z', '--name-only', '--no-messages'];
    const command = { arguments: ['merge-tree', ...options, ...commits] };
    const here = await runGit(this.context, command);
    const local = toMergeResult(here.status, here.stdout, here.stderr);
    if (local !== null) return local;
    // A large blob that both sides changed is not here yet: once more, and git fetches it.
    const { answer, failure } = await this.remote.run(this.context, command);
    const result = toMergeResult(answer.status, answer.stdout, answer.stderr);
    if (result === null) throw failure();
    return result;
  }

  async presume(base: Sha, head: Sha): Promise<Sha | null> {
    const merged = await this.merge(base, head);
    if (merged.kind === 'conflict') return null;
    const output = await gitOutput(this.context, {
      arguments: ['commit-tree', '--no-gpg-sign', '-m', 'Presumed', '-p', checked(base), merged.tree],
      environment: nobodysEnvironment(),
    });
    return new TextDecoder().decode(output).trim();
  }

  async log(range: LogRange): Promise<readonly Commit[]> {
    const { from, to, paths, limit, walk } = range;
    const walked = await walkLog({ commits: this.#commits, trees: this.#trees }, range);
    if (walked !== 'ask-git') return walked;
    // Full history: git would else follow only one of several parents that agree on the paths.
    const along = walk === 'first-parents' ? '--first-parent' : '--full-history';
    const commits = [checked(to), ...(from === null ? [] : [`^${checked(from)}`])];
    const options = ['-z', along, LOG_FORMAT, `--max-count=${limit}`, '--end-of-options'];
    return parseLog(await this.#remembered.of(['log', ...options, ...commits, '--', ...paths]));
  }

  async #findBase(commits: readonly [Sha, Sha]): Promise<Sha | null> {
    const base = await findMergeBase(this.#commits, ...commits);
    if (base !== 'ask-git') return base;
    const command = { arguments: ['merge-base', '--end-of-options', ...commits] };
    const answer = await runGit(this.context, command);
    if (answer.status === 0) return new TextDecoder().decode(answer.stdout).trim();
    if (answer.status === 1 && answer.stderr === '') return null;
    throw failureOf(this.context, command, answer.stderr);
  }

  async #object(sha: Sha): Promise<StoredObject> {
    const found = (await this.#reader.contents(sha)) ?? (await this.#fetched(sha));
    if (found === null) throw new Unavailable(`${this.context.label} has no object ${sha}`);
    return found;
  }

  async #fetched(sha: Sha): Promise<StoredObject | null> {
    await this.remote.fetchObjects(this.context, [sha]);
    return this.#reader.contents(sha);
  }

  /** Sizes of objects; what is not here yet is fetched, all of it in one go. */
  async #sizes(shas: readonly Sha[]): Promise<ReadonlyMap<Sha, number>> {
    const sizes = new Map<Sha, number>();
    const look = async (wanted: readonly Sha[]): Promise<readonly Sha[]> => {
      const infos = await Promise.all(wanted.map((sha) => this.#reader.info(sha)));
      infos.forEach((info, index) => {
        const sha = wanted[index];
        if (info !== null && sha !== undefined) sizes.set(sha, info.size);
      });
      return wanted.filter((sha) => !sizes.has(sha));
    };
    const missing = await look(shas);
    if (missing.length === 0) return sizes;
    await this.remote.fetchObjects(this.context, missing);
    const [lost] = await look(missing);
    if (lost !== undefined) throw new Unavailable(`${this.context.label} has no object ${lost}`);
    return sizes;
  }
}

/** Null when git could not tell. */
function toMergeResult(status: number, stdout: Uint8Array, stderr: string): MergeResult | null {
  const [tree = '', ...paths] = splitFields(stdout);
  if (status === 0) return { kind: 'merged', tree };
  if (status === 1 && isSha(tree)) return { kind: 'conflict', paths };
  // Nothing in common: no forge would merge it either.
  if (/refusing to merge unrelated histories/.test(stderr)) return { kind: 'conflict', paths: [] };
  return null;
}

/** Of entries in memory, in bytes, about. `copies`: how often each path and what stands beside it is held. */
function weightOf(entries: Iterable<TreeEntry>, copies: number): number {
  let sum = 0;
  for (const { path } of entries) sum += copies * (path.length + 160);
  return sum;
}

function isSha(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** Ids come from forges and from git, but what reaches a command line is checked where it does. */
function checked(sha: Sha): Sha {
  if (!isSha(sha)) throw new Error('Not a git object id');
  return sha;
}
