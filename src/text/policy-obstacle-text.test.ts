import { expect, test } from 'vitest';
import type { PolicyObstacle } from '../core/policy/policy-obstacle.js';
import { policyObstacleText } from './policy-obstacle-text.js';

const repository = 'acme/policy';
const problem = (line: number) => ({ file: 'policy.yaml', line, column: 3, message: 'Unknown key `x`.' });

test.each<[PolicyObstacle, string]>([
  [{ kind: 'no-access', repository }, 'the bot has no access to acme/policy'],
  [{ kind: 'forbidden', repository, message: 'no permission' }, 'acme/policy may not be read: no permission'],
  [{ kind: 'no-answer', repository, message: 'it is down' }, 'acme/policy does not answer: it is down'],
  [{ kind: 'no-branch', repository, branch: 'main' }, 'acme/policy has no branch main'],
  [{ kind: 'no-file', repository, file: 'policy.yaml' }, 'there is no policy.yaml in acme/policy'],
  [
    { kind: 'broken', repository, problems: [problem(2)] },
    'it is broken in acme/policy: policy.yaml:2:3 Unknown key `x`.',
  ],
  [
    { kind: 'broken', repository, problems: [1, 2, 3, 4, 5].map(problem) },
    'it is broken in acme/policy: policy.yaml:1:3 Unknown key `x`. policy.yaml:2:3 Unknown key `x`. policy.yaml:3:3 Unknown key `x`. And 2 more.',
  ],
])('%j', (why, words) => {
  expect(policyObstacleText(why)).toBe(words);
});
