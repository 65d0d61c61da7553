/** Builds what a policy is asked about, for tests: a pull request of ann’s with commits of carl’s, and reviews of it. */
import type { Review } from '../../forge-objects.js';
import { NOTHING_KNOWN, type PolicyFacts } from '../policy-facts.js';

export const HEAD = 'h'.repeat(40);
export const OLD = 'o'.repeat(40);
export const DEV = { app: 'api', env: 'dev' };
export const PROD = { app: 'api', env: 'prod' };

export const review = (login: string, more: Partial<Review> = {}): Review => ({
  person: { login, kind: 'human' },
  state: 'approved',
  commit: HEAD,
  at: 100,
  url: null,
  ...more,
});

export const facts = (more: Partial<PolicyFacts> = {}): PolicyFacts => ({
  ...NOTHING_KNOWN,
  now: 1000,
  head: HEAD,
  author: { login: 'ann', kind: 'human' },
  committers: [{ login: 'carl', email: 'carl@example.test', roles: ['author'] }],
  affected: { targets: [DEV], outside: [] },
  changes: 'other',
  reviews: [],
  planSince: 50,
  permissions: {
    ann: 'write',
    bob: 'write',
    carl: 'write',
    dora: 'maintain',
    rita: 'read',
    noel: 'none',
    bot: 'write',
  },
  teams: { 'acme/sre': ['bob', 'Dora'] },
  ...more,
});
