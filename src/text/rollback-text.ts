/** Rollbacks in words: the pull request, and the answers to `/rollback`. */
import type { PullRequest } from '../core/forge-objects.js';
import type { TargetName } from '../core/ids.js';
import type { CarryProblem } from '../core/promotion/carried-set.js';
import { unreachable } from '../core/unreachable.js';
import { code, link, listed, listedFew, oneLine, plain, shortSha } from './markdown.js';
import { fileProblemText } from './obstacle-text.js';
import { TITLE_LIMIT } from './promotion-text.js';
import { pullRequestLink } from './pull-request-name.js';

export interface RollbackStory {
  readonly target: TargetName;
  /** Versions by image tags; null where nothing names one. */
  readonly from: string | null;
  readonly to: string | null;
  /** With which the target stood as it is to stand again. */
  readonly commit: string;
  readonly commitUrl: string;
  readonly files: readonly string[];
  readonly by: string;
  readonly askedOn: Pick<PullRequest, 'number' | 'url' | 'repository'>;
  /** As it is written on this forge. */
  readonly mergeCommand: string;
}

export function rollbackTitle({
  target,
  from,
  to,
  commit,
}: Pick<RollbackStory, 'target' | 'from' | 'to' | 'commit'>): string {
  const versions = from === to ? ` to ${shortSha(commit)}` : ` ${from ?? 'nothing'} → ${to ?? 'nothing'}`;
  return oneLine(`Roll back ${target.app}${versions} in ${target.env}`, TITLE_LIMIT);
}

export function rollbackBody(story: RollbackStory): string {
  const { target, from, to, files } = story;
  const version =
    from === to
      ? 'The version stays the same; other files change.'
      : `Version: ${code(from ?? 'nothing')} → ${code(to ?? 'nothing')}`;
  const listing = listedFew(
    files.map((file) => code(oneLine(file, 200))),
    20,
    'file',
  );
  return [
    `This restores **${plain(target.app)}** in **${plain(target.env)}** as it stood with ${link(shortSha(story.commit), story.commitUrl)}.`,
    `### What moves\n\n${version}\n\nFiles: ${listing}\n\nOnly what travels with promotions is restored; what is the environment’s own stays as it is.`,
    `### Why\n\n${code(story.by)} asked for it with ${code('/rollback')} on ${pullRequestLink(story.askedOn)}.`,
    `### What is still missing\n\nIt is planned, judged by the policy and merged like every other: when the policy passes, somebody allowed comments ${code(story.mergeCommand)}. While ${plain(target.env)} is frozen it waits for ${code(`/unfreeze ${target.env}`)}.`,
  ].join('\n\n');
}

export function rollbackOpenedAnswer(story: RollbackStory, opened: PullRequest): string {
  const { target, from, to } = story;
  const versions = from === to ? '' : ` from ${code(from ?? 'nothing')} to ${code(to ?? 'nothing')}`;
  return `${pullRequestLink(opened)} rolls ${plain(target.app)} in ${plain(target.env)} back${versions}, as it stood with ${link(shortSha(story.commit), story.commitUrl)}. Approve and merge it there.`;
}

export function rollbackTouchedAnswer(target: TargetName, branch: string): string {
  return `Not done: people have pushed to ${code(branch)}, so it is theirs. Merge or close what is open for ${plain(target.app)} in ${plain(target.env)}, delete the branch and ask again.`;
}

/** `named`: as it was written, or null where the pull request was to tell. */
export function whichApplicationAnswer(env: string, named: string | null, known: readonly string[]): string {
  const there = known.length === 0 ? 'there are none' : `there are ${listed(known.map(code))}`;
  if (named !== null) return `There is no application ${code(named)} in ${plain(env)}; ${there}.`;
  return `Which application? This pull request does not touch exactly one of ${plain(env)}: write ${code(`/rollback ${env} APP`)}; ${there}.`;
}

type NoRollback =
  | { readonly kind: 'nothing-earlier' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'holds-it-already'; readonly commit: string }
  | { readonly kind: 'impossible'; readonly path: string; readonly problem: CarryProblem };

export function noRollbackAnswer(target: TargetName, to: string | null, why: NoRollback): string {
  const what = `${plain(target.app)} in ${plain(target.env)}`;
  const wanted = to === null ? 'That' : code(to);
  switch (why.kind) {
    case 'nothing-earlier':
      return `Nothing to roll back to: nothing that travels with promotions has changed for ${what} in the history that I looked through. Name a commit with ${code(`/rollback ${target.env} ${target.app} to COMMIT`)}.`;
    case 'unknown':
      return `${wanted} is neither a commit of the branch (seven characters or more of its id) with files for ${what}, nor a version that it lately had.`;
    case 'holds-it-already':
      return `Nothing to do: ${what} holds the same already as with ${code(shortSha(why.commit))}.`;
    case 'impossible':
      return `Not possible: ${code(why.path)} can’t be restored, ${plain(fileProblemText(why.problem))}.`;
    default:
      return unreachable(why);
  }
}
