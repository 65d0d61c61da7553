/** The pull request that tests of words tell of. */
import type { PullRequest } from '../../core/forge-objects.js';

export const pullRequest = {
  repository: { forge: 'github', path: 'acme/config' },
  number: 7,
  title: 'Promote api',
  url: 'https://forge.example/acme/config/pull/7',
  state: 'open',
  head: { branch: 'b', sha: 'e'.repeat(40), origin: 'same-repository' },
} as PullRequest;
