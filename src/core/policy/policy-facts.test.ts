import { describe, expect, it } from 'vitest';
import { loginOfNoreplyAddress, reviewersOf } from './policy-facts.js';
import { policyNeeds } from './policy-needs.js';
import { BUMPS, SRE, policy } from './testing/policy-rules.js';
import { review } from './testing/pull-request-facts.js';

describe('what must be gathered', () => {
  it('names reviewers and teams once', () => {
    expect(reviewersOf([review('Bob'), review('bob'), review('x', { state: 'commented' })])).toEqual(['bob']);
    expect(policyNeeds(policy([SRE, SRE, BUMPS])).teams).toEqual(['acme/sre']);
  });

  it.each([
    ['12+alice@users.noreply.github.com', 'github', 'alice'],
    ['alice@users.noreply.github.com', 'github', 'alice'],
    ['12-alice@users.noreply.github.com', 'github', '12-alice'],
    ['9+keeper[bot]@users.noreply.github.com', 'github', 'keeper[bot]'],
    ['12-alice@users.noreply.gitlab.com', 'gitlab', 'alice'],
    ['alice@example.test', 'github', null],
  ] as const)('%s on %s is %s', (email, forge, login) => {
    expect(loginOfNoreplyAddress(email, forge)).toBe(login);
  });
});
