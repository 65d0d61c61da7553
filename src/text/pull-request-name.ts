/** How a forge writes the number of a pull request: `#5` on GitHub; `!5` on GitLab, where `#5` is an issue. */
import type { PullRequest } from '../core/forge-objects.js';
import type { ForgeKind } from '../core/ids.js';
import { link } from './markdown.js';

export function pullRequestName(forge: ForgeKind, number: number): string {
  return `${forge === 'gitlab' ? '!' : '#'}${number}`;
}

export function pullRequestLink({
  repository,
  number,
  url,
}: Pick<PullRequest, 'number' | 'url' | 'repository'>): string {
  return link(pullRequestName(repository.forge, number), url);
}
