import { expect, test } from 'vitest';
import type { Check, Commit } from '../core/forge-objects.js';
import type { GateCondition } from '../core/promotion/gates.js';
import { check, commit as commitOf } from '../core/testing/forge-objects.js';
import { conditionText, promotionBody, promotionTitle, type PromotionStory } from './promotion-text.js';
import { conditions, gates } from './testing/gate-conditions.js';

test('gates', () => {
  expect(conditions.map(conditionText)).toMatchInlineSnapshot(`
    [
      "checks \`ci/*\`: \`ci/b\` failed, \`ci/c\` is still running, \`ci/d\` ended without a verdict and \`ci/a\` succeeded",
      "checks \`argocd/*\`: none was reported yet",
      "it has to stand until 2026-11-21 09:30 UTC",
      "it has stood long enough",
      "perf does not hold the same yet",
      "qa holds the same",
    ]
  `);
});

const commit = (subject: string, authorName: string): Commit => commitOf({ subject, message: subject, authorName });
const promotion: PromotionStory = {
  source: { app: 'api', env: 'dev' },
  destination: { app: 'api', env: 'test' },
  from: '1.0.0',
  to: '1.1.0',
  sourceCommit: commit('Bump api', 'alice'),
  commits: [commit('Bump api, fixes #12', 'alice'), commit('`@acme/sre` https://evil.example </details>', '@mallory')],
  gates: gates('passed', [
    conditions[3]!,
    { ...conditions[0]!, state: 'passed', checks: [check('ci/a', 'success')] } as GateCondition,
  ]),
  files: ['deployment.yaml', 'a `b`.yaml'],
  merge: 'manual',
  mergeCommand: '/merge',
  rules: ['test needs one'],
  askedBy: null,
  commitUrl: (sha) => `https://forge.example/acme/config/commit/${sha}`,
};

test('a promotion', () => {
  expect(promotionTitle(promotion)).toBe('Promote api 1.0.0 → 1.1.0 to test');
  expect(promotionTitle({ ...promotion, from: '1.1.0' })).toBe('Promote api to test');
  expect(
    promotionTitle({ ...promotion, destination: { app: `a\n\nTrailer: x ${'y'.repeat(300)}`, env: 'test' } }),
  ).toMatch(/^Promote a Trailer: x y+…$/);
  expect(promotionBody(promotion)).toMatchInlineSnapshot(`
    "This carries **api** from **dev** to **test**, as it stands there since [ccccccc](https://forge.example/acme/config/commit/cccccccccccccccccccccccccccccccccccccccc).

    ### What moves

    Version: \`1.0.0\` → \`1.1.0\`

    Commits:

    - [ccccccc](https://forge.example/acme/config/commit/cccccccccccccccccccccccccccccccccccccccc) Bump api, fixes \\#​12 (alice)
    - [ccccccc](https://forge.example/acme/config/commit/cccccccccccccccccccccccccccccccccccccccc) \\\`@​acme/sre\\\` https:​//evil.example &lt;/details\\> (@​mallory)

    Files: \`deployment.yaml\` and \`\`a \`b\`.yaml\`\`

    ### Why now

    It opened by itself because every gate has passed:

    - it has stood long enough
    - checks \`ci/*\`: \`ci/a\` succeeded

    ### What is still missing

    - the policy: “test needs one” (the comment below says how it stands)
    - then somebody allowed comments \`/merge\`"
  `);
  const many = {
    ...promotion,
    commits: Array(20).fill(commit('x'.repeat(100_000), 'y'.repeat(100_000))) as Commit[],
    files: Array(5000).fill('f'.repeat(4000)) as string[],
    rules: Array(500).fill('r'.repeat(5000)) as string[],
    gates: gates('passed', [
      {
        kind: 'checks',
        glob: '*',
        state: 'passed',
        checks: Array(500).fill(check('c'.repeat(200), 'success')) as Check[],
      },
    ]),
  };
  expect(promotionBody(many).length).toBeLessThan(60_000);
});
