/**
 * The bot's own branches. Each commit the bot makes says in a signed trailer what it changed on which parent, so that git alone tells
 * whether a branch still holds nothing but the bot's work: only then may it be moved by force (I6).
 */
import type { Commit } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { blobId } from '../../core/tree/blob-id.js';
import type { FileChange } from '../../ports/contents.js';
import type { Mirror } from '../../ports/repository.js';
import type { App } from '../app.js';

const TRAILER = 'Lockkeeper-Made';

/** Commits of one pull request that are looked at, at most: a longer branch counts as touched by people. */
const MAX_COMMITS = 250;

interface OwnCommit {
  readonly branch: string;
  readonly parent: Sha;
  readonly changes: readonly FileChange[];
}

/** The message with the trailer that makes the commit the bot's own. `trailers`: further `Key: value` lines. */
export function signedMessage(app: App, commit: OwnCommit, text: string, trailers: readonly string[]): string {
  const made = `${TRAILER}: ${app.sign(
    signedText(
      commit.branch,
      commit.parent,
      commit.changes.map((change) => changeKey(change, commit.parent)),
    ),
  )}`;
  return `${text}\n\n${[...trailers, made].join('\n')}\n`;
}

/** `ours`: every commit of `head` that `tip` lacks was made by the bot for this branch. */
export async function branchOwner(
  app: App,
  mirror: Mirror,
  place: { branch: string; tip: Sha; head: Sha },
): Promise<'ours' | 'touched'> {
  const commits = await mirror.log({
    from: place.tip,
    to: place.head,
    paths: [],
    limit: MAX_COMMITS,
    walk: 'every-commit',
  });
  if (commits.length === MAX_COMMITS) return 'touched';
  for (const commit of commits) {
    if (!(await isOwnCommit(app, mirror, place.branch, commit))) return 'touched';
  }
  return 'ours';
}

/** Made by the bot, on this parent, with just these changes. */
export async function isOwnCommit(app: App, mirror: Mirror, branch: string, commit: Commit): Promise<boolean> {
  const [parent, ...others] = commit.parents;
  const signature = trailerValues(commit.message, TRAILER).at(-1);
  if (parent === undefined || others.length > 0 || signature === undefined) return false;
  const paths = await mirror.changedPaths(parent, commit.sha);
  const entries = new Map((await mirror.entries(commit.sha)).map((entry) => [entry.path, entry]));
  const keys = paths.map((path) => {
    const entry = entries.get(path);
    return entry === undefined ? `delete ${path}` : `write ${entry.mode} ${entry.sha} ${path}`;
  });
  return signature === app.sign(signedText(branch, parent, keys));
}

/** Without the changes that would write what `parent` holds already: git would not show them, and the signature is checked against git. */
export async function effectiveChanges(
  mirror: Mirror,
  parent: Sha,
  changes: readonly FileChange[],
): Promise<readonly FileChange[]> {
  const entries = new Map((await mirror.entries(parent)).map((entry) => [entry.path, entry]));
  return changes.filter((change) => {
    const entry = entries.get(change.path);
    if (change.kind === 'delete') return entry !== undefined;
    return entry === undefined || entry.mode !== change.mode || entry.sha !== blobOf(change, parent);
  });
}

function signedText(branch: string, parent: Sha, keys: readonly string[]): string {
  return JSON.stringify(['commit', branch, parent, [...keys].sort()]);
}

function changeKey(change: FileChange, parent: Sha): string {
  if (change.kind === 'delete') return `delete ${change.path}`;
  return `write ${change.mode} ${blobOf(change, parent)} ${change.path}`;
}

/** By git's name of its content the written file is recognised without being read. */
function blobOf({ blob, content }: FileChange & { readonly kind: 'write' }, parent: Sha): Sha {
  return blob ?? blobId(content, parent);
}

/** The bot's trailers of a commit message but its signature, as lines. */
export function trailerLines(message: string): readonly string[] {
  return message
    .split('\n')
    .filter((line) => /^Lockkeeper-[A-Za-z-]+: /.test(line) && !line.startsWith(`${TRAILER}: `));
}

/** Values of a trailer in a commit message, in order. */
export function trailerValues(message: string, key: string): readonly string[] {
  return message
    .split('\n')
    .filter((line) => line.startsWith(`${key}: `))
    .map((line) => line.slice(key.length + 2).trim());
}
