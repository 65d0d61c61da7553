/** What a pull request is: the bot's own only while its branch holds nothing but the bot's work. */
import { pullRequestKind } from '../../core/branch-names.js';
import type { PullRequestKind } from '../../core/configuration.js';
import type { Person, PullRequest } from '../../core/forge-objects.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from './gather-repository.js';
import { branchOwner } from '../branch/own-branch.js';

/** What people have pushed to is an ordinary pull request (I5): nothing that is granted to the bot's own work holds for it. */
export async function gatherKind(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  self: Person,
): Promise<PullRequestKind> {
  const kind = pullRequestKind(pullRequest, self);
  if (kind === 'other') return kind;
  const { mirror, tip } = repository;
  const { branch, sha } = pullRequest.head;
  if (!(await mirror.has(sha))) return 'other';
  return (await branchOwner(app, mirror, { branch, tip, head: sha })) === 'ours' ? kind : 'other';
}
