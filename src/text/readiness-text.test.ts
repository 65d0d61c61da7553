import { expect, test } from 'vitest';
import { blockerText } from './readiness-text.js';
import { blockers } from './testing/blockers.js';

test('blockers', () => {
  expect(blockers.map(blockerText)).toMatchInlineSnapshot(`
    [
      "it is not open any more",
      "it is a draft (mark it as ready for review)",
      "the plan is still being made",
      "the plan failed (its section says why)",
      "the policy is not satisfied yet (its section says what is missing)",
      "the policy refuses it (its section says why)",
      "it conflicts with the target branch (rebase it or merge the target branch into it)",
      "the required check \`ci/build\` has not succeeded yet",
      "the required check \`\` ci/\`test\` \`\` failed",
      "\`alice\` holds it: load \\*test\\* (\`/unhold\` ends that)",
      "\`alice\` holds it (\`/unhold\` ends that)",
      "prod is frozen by \`bob\` until 1970-01-02 00:00 UTC: end of year (\`/unfreeze prod\` ends that)",
      "prod is frozen by \`bob\`: audit (\`/unfreeze prod\` ends that)",
      "it is not known what is frozen, and so nothing is merged: somebody put lockkeeper/state back to an older state (\`/unfreeze ENV\` writes it anew)",
    ]
  `);
});
