/** The branches the bot makes, and what a pull request is by the branch it comes from. */
import type { PullRequestKind } from './configuration.js';
import type { Person, PullRequest } from './forge-objects.js';
import type { TargetName } from './ids.js';

const PREFIX = 'lockkeeper/';

/** `lockkeeper/promote/test/api`: one for each target, so that two promotions of one target can't be open (I4). */
export function promotionBranch(target: TargetName): string {
  return `${PREFIX}promote/${refPart(target.env)}/${refPart(target.app)}`;
}

/** `lockkeeper/bump/dev`: one for each environment; it gathers every bump of that moment. */
export function bumpBranch(environment: string): string {
  return `${PREFIX}bump/${refPart(environment)}`;
}

/** `lockkeeper/rollback/prod/api`: one for each target. */
export function rollbackBranch(target: TargetName): string {
  return `${PREFIX}rollback/${refPart(target.env)}/${refPart(target.app)}`;
}

/** `lockkeeper/stopped/main`: while it is there nothing is merged into that branch. */
export function stopBranch(branch: string): string {
  return `${PREFIX}stopped/${refPart(branch)}`;
}

/** What the bot remembers of a whole repository. */
export const STATE_BRANCH = `${PREFIX}state`;

/** A pull request counts as the bot's own only if the bot opened it from a branch of its own in the same repository. */
export function pullRequestKind(pullRequest: PullRequest, self: Person): PullRequestKind {
  const { branch, origin } = pullRequest.head;
  if (pullRequest.author.login !== self.login || origin !== 'same-repository') return 'other';
  if (branch.startsWith(`${PREFIX}promote/`)) return 'promotion';
  if (branch.startsWith(`${PREFIX}bump/`)) return 'bump';
  if (branch.startsWith(`${PREFIX}rollback/`)) return 'rollback';
  return 'other';
}

/** Any name as one legal part of a ref (git-check-ref-format): what git forbids is percent-encoded, so different names stay different. */
export function refPart(name: string): string {
  const encode = (text: string) =>
    [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const safe = name.replace(/[^\w.-]+/gu, encode).replace(/\.{2,}|^[.-]+|\.$|\.lock$/g, encode);
  // No name encodes to this: `%` itself becomes `%25`.
  return safe === '' ? '%' : safe;
}
