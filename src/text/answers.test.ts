import { expect, test } from 'vitest';
import type { Comment } from '../core/forge-objects.js';
import { answerBody, promotionAnswer } from './answers.js';
import { heldAnswer, mergeAnswer, mergeRefusedAnswer, unheldAnswer, unqueuedAnswer } from './queue-answers.js';
import { blockers } from './testing/blockers.js';
import { gates } from './testing/gate-conditions.js';
import { verdict } from './testing/pending-verdict.js';
import { pullRequest } from './testing/pull-request.js';

test('answers', () => {
  const comment = { body: 'please\n/promote `test` @acme/sre\n', author: { login: 'alice', kind: 'human' } } as Comment;
  const destination = { app: 'api', env: 'test' };
  const answers = [
    mergeAnswer({ kind: 'joined' }),
    mergeAnswer({ kind: 'next' }),
    mergeAnswer({ kind: 'already' }),
    mergeAnswer({ kind: 'waiting', blockers: blockers.slice(7, 8) }),
    mergeRefusedAnswer(blockers.slice(4, 5), verdict()),
    unqueuedAnswer('out', '/merge'),
    unqueuedAnswer('out-for-now', '/merge'),
    unqueuedAnswer('was-not-in', '/merge'),
    heldAnswer({ by: 'alice', at: 0, reason: 'load *test*' }, true),
    heldAnswer({ by: 'alice', at: 0, reason: null }, false),
    unheldAnswer({ by: 'alice', at: 0, reason: null }, { by: '/merge' }),
    unheldAnswer({ by: 'alice', at: 0, reason: null }, 'by-itself'),
    unheldAnswer(null, 'by-itself'),
    promotionAnswer({ destination, decision: { kind: 'wait-for-gates', gates: gates('pending') }, pullRequest: null }),
    promotionAnswer({ destination, decision: { kind: 'keep', pullRequest, why: 'current' }, pullRequest }),
    promotionAnswer({ destination, decision: { kind: 'open', gates: gates('passed') }, pullRequest: null }),
    promotionAnswer({
      destination,
      decision: { kind: 'impossible', why: { kind: 'no-source-commit', source: { app: 'a*i', env: 'dev' } } },
      pullRequest: null,
    }),
  ];
  expect(answerBody(comment, answers)).toMatchInlineSnapshot(`
    "> \`\`/promote \`test\` @acme/sre\`\` (\`alice\`)

    It is in the merge queue and ready: it is merged when its turn comes.

    It is in the merge queue and ready, before all entries that are not as urgent.

    It is in the merge queue already; \`/why\` says what it waits for.

    It is in the merge queue and waits for:

    - the required check \`ci/build\` has not succeeded yet

    Refused. Ask again once this has changed:

    - the policy is not satisfied yet (its section says what is missing)

    The policy:

    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push

    It is not in the merge queue any more. \`/merge\` puts it back.

    It is not in the merge queue any more. It joins again by itself once something about it changes (a push, a review, a check, or the target branch); \`/hold\` keeps it out for good, and \`/merge\` puts it back now.

    Nothing to do: it was not in the merge queue.

    Held (load \\*test\\*): it is not merged by me until somebody who may writes \`/unhold\`. It leaves the merge queue.

    Held: it is not merged by me until somebody who may writes \`/unhold\`.

    The hold of \`alice\` is ended. \`/merge\` puts it into the merge queue.

    The hold of \`alice\` is ended. It joins the merge queue by itself once nothing else stands in the way.

    Nothing to do: it was not held.

    api to test: not yet. It waits for:

    - checks \`ci/*\`: \`ci/b\` failed, \`ci/c\` is still running, \`ci/d\` ended without a verdict and \`ci/a\` succeeded
    - checks \`argocd/*\`: none was reported yet
    - it has to stand until 2026-11-21 09:30 UTC
    - perf does not hold the same yet

    api to test: [\\#​7](https://forge.example/acme/config/pull/7) carries it already.

    api to test: people have pushed to \`lockkeeper/promote/test/api\`, so it is left alone; delete that branch and ask again.

    api to test: not possible, no commit in reach says where a\\*i in dev comes from."
  `);
  expect(answerBody(comment, Array(2000).fill('x'.repeat(100)) as string[]).length).toBeLessThanOrEqual(60_000);
});
