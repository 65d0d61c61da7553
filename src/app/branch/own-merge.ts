/**
 * Merges that the bot asked for. What such a commit says of itself is signed together with the commit that it was put upon: nobody else can
 * write such words, nor use once more what the bot wrote of another merge.
 */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { Commit } from '../../core/forge-objects.js';
import type { App } from '../app.js';
import { trailerLines, trailerValues } from './own-branch.js';

const TRAILER = 'Lockkeeper-Signature';

interface OwnMerge {
  readonly repository: RepositoryId;
  /** What the target branch stood at. */
  readonly onto: Sha;
}

/** `trailers`: the last paragraph of its message, without a signature. */
export function signedMerge(app: App, merge: OwnMerge, trailers: string): string {
  return `${trailers}\n${TRAILER}: ${app.sign(signedText(merge, trailerLines(trailers)))}`;
}

/** Null: not merged by the bot, or not on what was planned. A rebase carries no words of the bot's and is none, so far as git tells. */
export function ownMergeTrailers(app: App, repository: RepositoryId, commit: Commit): readonly string[] | null {
  const [onto] = commit.parents;
  // The first line is the title that people gave.
  const words = commit.message.split('\n').slice(1).join('\n');
  const signature = trailerValues(words, TRAILER).at(-1);
  if (onto === undefined || signature === undefined) return null;
  const lines = trailerLines(words).filter((line) => !line.startsWith(`${TRAILER}: `));
  return signature === app.sign(signedText({ repository, onto }, lines)) ? lines : null;
}

function signedText({ repository, onto }: OwnMerge, lines: readonly string[]): string {
  return JSON.stringify(['merge', repositoryKey(repository), onto, lines]);
}
