/**
 * A person's own repository made readable for the planner without touching it: a temporary bare repository that borrows its objects and
 * holds two branches, `base` and `head`. What is not committed yet (`worktree`) becomes a commit there, never in the person's own.
 */
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ProcessOutcome, Processes } from '../../ports/processes.js';

interface StageRequest {
  /** Any directory inside the repository. */
  readonly repository: string;
  /** A branch, tag or commit; null for the default branch. */
  readonly base: string | null;
  readonly head: { readonly kind: 'ref'; readonly ref: string } | { readonly kind: 'worktree' };
  /** An empty directory to work in. */
  readonly temporary: string;
}

type Staging =
  | {
      readonly kind: 'staged';
      readonly path: string;
      readonly base: string;
      readonly head: string;
      readonly baseName: string;
    }
  | { readonly kind: 'impossible'; readonly message: string };

/** Tried in this order when no base is named. */
const DEFAULT_BASES = ['refs/remotes/origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

export async function stageRepository(processes: Processes, request: StageRequest): Promise<Staging> {
  if (!(await isDirectory(request.repository))) return impossible(`There is no directory ${request.repository}.`);
  const git = new Git(processes, resolve(request.repository));
  const objects = await git.line(['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  if (objects === null) return impossible(`${request.repository} is no git repository: ${git.complaint}`);
  if ((await git.line(['rev-list', '--max-count=1', '--all'])) === '' && (await git.commit('HEAD')) === null)
    return impossible(`${request.repository} has no commits yet: there is nothing to plan.`);
  if (request.head.kind === 'worktree' && (await git.line(['rev-parse', '--is-inside-work-tree'])) !== 'true')
    return impossible(`${request.repository} has no work tree: leave out --worktree.`);
  const base = await findBase(git, request.base);
  if (base === null) return impossible(noBase(request.base));
  const path = join(request.temporary, 'repository.git');
  await git.line(['init', '--quiet', '--bare', path]);
  await borrowObjects(git, path, objects);
  const head =
    request.head.kind === 'ref'
      ? await git.commit(request.head.ref)
      : await commitWorktree(git, path, request.temporary);
  if (head === null)
    return impossible(
      request.head.kind === 'ref' ? unknownRef(request.head.ref) : `The work tree can’t be read: ${git.complaint}`,
    );
  const staged = new Git(processes, path);
  await staged.line(['update-ref', 'refs/heads/base', base.commit]);
  await staged.line(['update-ref', 'refs/heads/head', head]);
  if ((await staged.line(['merge-base', base.commit, head])) === null) {
    return impossible(
      `${base.name} and the head have no commit in common here. In a shallow clone fetch more of the history: git fetch --unshallow`,
    );
  }
  return { kind: 'staged', path, base: base.commit, head, baseName: base.name };
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

function impossible(message: string): Staging {
  return { kind: 'impossible', message };
}

function unknownRef(ref: string): string {
  return `There is no commit called ${ref} here. In a shallow clone, fetch it first: git fetch origin ${ref.replace(/^origin\//, '')}`;
}

function noBase(named: string | null): string {
  return named === null ? 'Nothing here looks like the default branch: name it with --base.' : unknownRef(named);
}

async function findBase(git: Git, named: string | null): Promise<{ commit: string; name: string } | null> {
  for (const name of named === null ? DEFAULT_BASES : [named, `origin/${named}`]) {
    const commit = await git.commit(name);
    if (commit !== null) return { commit, name: name.replace(/^refs\/remotes\//, '') };
  }
  return null;
}

async function borrowObjects(git: Git, path: string, objects: string): Promise<void> {
  await mkdir(join(path, 'objects', 'info'), { recursive: true });
  await writeFile(join(path, 'objects', 'info', 'alternates'), `${objects}\n`);
  const shallow = await git.line(['rev-parse', '--path-format=absolute', '--git-path', 'shallow']);
  if (shallow === null || (await git.line(['rev-parse', '--is-shallow-repository'])) !== 'true') return;
  await copyFile(shallow, join(path, 'shallow'));
}

/** Everything a `git add --all` would take, as one commit on top of HEAD, with an index and objects of its own. */
async function commitWorktree(git: Git, path: string, temporary: string): Promise<string | null> {
  const top = await git.line(['rev-parse', '--show-toplevel']);
  const objects = await git.line(['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  const parent = await git.commit('HEAD');
  if (top === null || objects === null || parent === null) return null;
  const apart = {
    GIT_INDEX_FILE: join(temporary, 'index'),
    GIT_OBJECT_DIRECTORY: join(path, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
  };
  const own = git.with(top, apart);
  await own.line(['read-tree', parent]);
  if ((await own.line(['add', '--all', '--ignore-errors'])) === null) return null;
  const tree = await own.line(['write-tree']);
  return tree === null ? null : own.line(['commit-tree', tree, '-p', parent, '-m', 'What is not committed yet']);
}

const LIMITS = { milliseconds: 120_000, outputBytes: 10_000_000 };

/** git as the person has it set up, but without prompts, hooks or pagers. */
class Git {
  complaint = '';

  constructor(
    private readonly processes: Processes,
    private readonly directory: string,
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {}

  with(directory: string, environment: Readonly<Record<string, string>>): Git {
    return new Git(this.processes, directory, environment);
  }

  /** What git printed, trimmed; null if it failed. */
  async line(words: readonly string[]): Promise<string | null> {
    const outcome = await this.processes.run({
      program: 'git',
      arguments: ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'safe.directory=*', ...words],
      environment: { ...IDENTITY, GIT_TERMINAL_PROMPT: '0', HOME: '/nonexistent', ...this.environment },
      directory: this.directory,
      limits: LIMITS,
    });
    if (outcome.kind === 'ended' && outcome.status === 0) return Buffer.from(outcome.stdout).toString('utf8').trim();
    this.complaint = complaintOf(outcome);
    return null;
  }

  async commit(ref: string): Promise<string | null> {
    return this.line(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  }
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'work tree',
  GIT_AUTHOR_EMAIL: 'worktree@localhost',
  GIT_COMMITTER_NAME: 'work tree',
  GIT_COMMITTER_EMAIL: 'worktree@localhost',
};

function complaintOf(outcome: ProcessOutcome): string {
  if (outcome.kind === 'not-found') return 'git is not installed';
  if (outcome.kind === 'killed') return `git was ended (${outcome.why})`;
  const [first = ''] = outcome.stderr.trim().split('\n');
  return first === '' ? `git ended with status ${outcome.status}` : first;
}
