/** Git objects of the simulated forge, read without starting git and kept: what a name stands for never changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Commit, TreeEntry } from '../../../src/core/forge-objects.js';
import type { TreeEntry as SimulatedEntry } from '../../../src/simulator/git/git-objects.js';

interface StoredCommit extends Commit {
  readonly tree: string;
}

type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export type TreeFiles = ReadonlyMap<string, Pick<TreeEntry, 'mode' | 'sha'>>;

export class ObjectStore {
  readonly #objects = new Map<string, Buffer>();
  readonly #types = new Map<string, string>();
  readonly #commits = new Map<string, StoredCommit>();
  readonly #files = new Map<string, TreeFiles>();
  readonly #entries = new Map<string, readonly SimulatedEntry[]>();
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  /** @param directory a bare repository whose objects are all loose */
  constructor(private readonly directory: string) {}

  holds(sha: string): boolean {
    try {
      this.#read(sha);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  }

  blob(sha: string): Buffer {
    return this.#read(sha);
  }

  treeOf(sha: string): string {
    this.#read(sha);
    return this.#types.get(sha) === 'tree' ? sha : this.commit(sha).tree;
  }

  commit(sha: string): StoredCommit {
    const known = this.#commits.get(sha);
    if (known !== undefined) return known;
    const commit = parseCommit(sha, this.#read(sha).toString('utf8'));
    this.#commits.set(sha, commit);
    return commit;
  }

  typeOf(sha: string): ObjectType {
    this.#read(sha);
    return this.#types.get(sha) as ObjectType;
  }

  /** As stored. */
  commitObject(sha: string): Buffer {
    return this.#read(sha);
  }

  /** Files and folders at every depth, as `git ls-tree -r -t -l` lists them. */
  entries(treeish: string): readonly SimulatedEntry[] {
    const tree = this.treeOf(treeish);
    const known = this.#entries.get(tree);
    if (known !== undefined) return known;
    const entries: SimulatedEntry[] = [];
    this.#list(tree, '', entries);
    this.#entries.set(tree, entries);
    return entries;
  }

  /** Children before their parents, and of those that are free to choose the newest. */
  newestFirst(shas: readonly string[]): readonly string[] {
    const left = new Set(shas);
    const children = new Map<string, number>();
    for (const sha of left)
      for (const parent of this.commit(sha).parents) children.set(parent, (children.get(parent) ?? 0) + 1);
    const sorted: string[] = [];
    while (left.size > 0) {
      const [next] = [...left]
        .filter((sha) => (children.get(sha) ?? 0) === 0)
        .toSorted((one, other) => this.commit(other).committedAt - this.commit(one).committedAt);
      if (next === undefined) throw new Error('commits in a circle');
      left.delete(next);
      sorted.push(next);
      for (const parent of this.commit(next).parents) children.set(parent, (children.get(parent) ?? 0) - 1);
    }
    return sorted;
  }

  /** Every file of a commit or tree by its path, in byte order. */
  files(treeish: string): TreeFiles {
    const tree = this.treeOf(treeish);
    const known = this.#files.get(tree);
    if (known !== undefined) return known;
    const files = new Map(
      this.entries(tree).flatMap((entry) =>
        entry.type === 'blob' ? [[entry.path, { mode: entry.mode as TreeEntry['mode'], sha: entry.sha }] as const] : [],
      ),
    );
    this.#files.set(tree, files);
    return files;
  }

  text(treeish: string, path: string): string | null {
    const file = this.files(treeish).get(path);
    return file === undefined ? null : this.blob(file.sha).toString('utf8');
  }

  changedPaths(from: string, to: string): readonly string[] {
    const [before, after] = [this.files(from), this.files(to)];
    return [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
      const [one, other] = [before.get(path), after.get(path)];
      return one?.sha !== other?.sha || one?.mode !== other?.mode;
    });
  }

  /** The commit and all its ancestors. */
  ancestors(sha: string): ReadonlySet<string> {
    const known = this.#ancestors.get(sha);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const left = [sha];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      left.push(...this.commit(next).parents);
    }
    this.#ancestors.set(sha, found);
    return found;
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return this.ancestors(descendant).has(ancestor);
  }

  /** Commits that are ancestors of both and of no other such commit. */
  mergeBases(one: string, other: string): readonly string[] {
    const others = this.ancestors(other);
    const common = [...this.ancestors(one)].filter((sha) => others.has(sha));
    const behind = new Set(
      common.flatMap((sha) => this.commit(sha).parents).flatMap((sha) => [...this.ancestors(sha)]),
    );
    return common.filter((sha) => !behind.has(sha));
  }

  /** Git sorts folders as if their names ended in a slash: listed in that order, paths are in byte order. */
  #list(tree: string, prefix: string, into: SimulatedEntry[]): void {
    const bytes = this.#read(tree);
    for (let at = 0; at < bytes.length;) {
      const space = bytes.indexOf(0x20, at);
      const zero = bytes.indexOf(0, space);
      const mode = bytes.toString('latin1', at, space);
      const path = prefix + bytes.toString('utf8', space + 1, zero);
      const sha = bytes.toString('hex', zero + 1, zero + 21);
      if (mode === '40000') {
        into.push({ mode: '040000', type: 'tree', sha, path });
        this.#list(sha, `${path}/`, into);
      } else {
        into.push({ mode, type: 'blob', sha, path, size: this.#read(sha).length });
      }
      at = zero + 21;
    }
  }

  #read(sha: string): Buffer {
    const known = this.#objects.get(sha);
    if (known !== undefined) return known;
    const bytes = inflateSync(readFileSync(join(this.directory, 'objects', sha.slice(0, 2), sha.slice(2))));
    const end = bytes.indexOf(0);
    const content = bytes.subarray(end + 1);
    this.#types.set(sha, bytes.toString('latin1', 0, bytes.indexOf(0x20)));
    this.#objects.set(sha, content);
    return content;
  }
}

function parseCommit(sha: string, text: string): StoredCommit {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const values = (key: string): readonly string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const author = parsePerson(values('author')[0] ?? '');
  const committer = parsePerson(values('committer')[0] ?? '');
  const message = text.slice(end + 2);
  return {
    sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    subject: message.split('\n')[0] ?? '',
    message,
    authorName: author.name,
    authorEmail: author.email,
    committerName: committer.name,
    committerEmail: committer.email,
    committedAt: committer.at,
  };
}

function parsePerson(line: string): { readonly name: string; readonly email: string; readonly at: number } {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) /.exec(line) ?? [];
  return { name, email, at: Number(seconds) * 1000 };
}
