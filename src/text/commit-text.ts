/** The messages of the commits that the bot makes on branches of its own, without their trailers. */
import type { ForgeKind } from '../core/ids.js';
import { pullRequestName } from './pull-request-name.js';

interface BatchStory {
  readonly forge: ForgeKind;
  readonly numbers: readonly number[];
  /** What it is merged after; empty for the batch itself. */
  readonly after: readonly number[];
  /** The target branch. */
  readonly branch: string;
}

export function batchMessage({ forge, numbers, after, branch }: BatchStory): string {
  const named = (some: readonly number[]) => some.map((number) => pullRequestName(forge, number)).join(', ');
  const follows = after.length === 0 ? '' : `, after ${named(after)}`;
  return `Verify ${named(numbers)} together for ${branch}${follows}`;
}

/** `text`: why, as the branch has it. */
export function stopMessage(branch: string, text: string): string {
  return `Stop the merge queue of ${branch}\n\n${text}`;
}

export type FreezeChange = { readonly kind: 'frozen' | 'ended'; readonly env: string };

/** Nothing that is built from: CI need not look. */
export function freezeMessage({ kind, env }: FreezeChange): string {
  return `${kind === 'frozen' ? 'Freeze' : 'End the freeze of'} ${env} [skip ci]\n`;
}
