import { expect, test } from 'vitest';
import { mergeMessage, mergeTitle } from './merge-text.js';
import { rule, verdict } from './testing/pending-verdict.js';
import { pullRequest } from './testing/pull-request.js';

test('a merge', () => {
  expect(mergeTitle(pullRequest)).toBe('Promote api (#7)');
  const passed = verdict({ state: 'passed', rules: [rule(), rule()] });
  const ticket = { by: 'bob', at: 0, head: 'e' };
  expect(mergeMessage({ pullRequest, digest: 'd1', plannedOn: 'b1', verdict: passed, ticket })).toMatchInlineSnapshot(`
    "Lockkeeper-Pull-Request: https://forge.example/acme/config/pull/7
    Lockkeeper-Head: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
    Lockkeeper-Planned-On: b1
    Lockkeeper-Plan: d1
    Lockkeeper-Approved-By: alice
    Lockkeeper-Queued-By: bob"
  `);
});
