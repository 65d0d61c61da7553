/** The words of every message, pinned: a change of wording shows here. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Check, Comment, Commit, PullRequest } from '../core/forge-objects.js';
import type { Plan } from '../core/plan/plan.js';
import type { RuleResult, Verdict } from '../core/policy/verdict.js';
import type { ApprovalsNode } from '../core/policy/verdict-node.js';
import type { GateCondition, GateResult } from '../core/promotion/gates.js';
import type { Blocker } from '../core/standing/readiness.js';
import { initialState } from '../core/standing/sticky-state.js';
import { answerBody, promotionAnswer } from './answers.js';
import { bumpBody, bumpTitle } from './bump-text.js';
import { mergeMessage, mergeTitle } from './merge-text.js';
import { policySection, policyTitle } from './policy-text.js';
import { conditionText, promotionBody, promotionTitle, type PromotionStory } from './promotion-text.js';
import { heldAnswer, mergeAnswer, mergeRefusedAnswer, unheldAnswer, unqueuedAnswer } from './queue-answers.js';
import { blockerText } from './readiness-text.js';
import { byteLength } from './room.js';
import { closedBody, leaveText, stickyBody } from './sticky-text.js';

const LIMIT = 64_000;
const ROOM = { characters: LIMIT, bytes: 250_000 };
const blockers: readonly Blocker[] = [
  { kind: 'closed' },
  { kind: 'draft' },
  { kind: 'plan-missing' },
  { kind: 'plan-failed' },
  { kind: 'policy-pending' },
  { kind: 'policy-refused' },
  { kind: 'conflict' },
  { kind: 'check-pending', name: 'ci/build' },
  { kind: 'check-failed', name: 'ci/`test`' },
  { kind: 'held', hold: { by: 'alice', at: 0, reason: 'load *test*' } },
  { kind: 'held', hold: { by: 'alice', at: 0, reason: null } },
  { kind: 'frozen', freeze: { env: 'prod', by: 'bob', at: 0, until: 86_400_000, reason: 'end of year' } },
  { kind: 'frozen', freeze: { env: 'prod', by: 'bob', at: 0, until: null, reason: 'audit' } },
  { kind: 'freezes-unknown', why: 'why' },
];
const approvals = (over: Partial<ApprovalsNode> = {}): ApprovalsNode => ({
  kind: 'approvals',
  state: 'pending',
  unknown: [],
  required: 2,
  countedApprovals: [{ login: 'alice', commit: 'a1b2c3d4e5', at: 0 }],
  discounted: [{ login: 'bob', commit: 'f00dfeed11', at: 0, why: { kind: 'not-current-head' } }],
  missing: 1,
  owners: [],
  whoCanStill: {
    approvers: { users: [], teams: ['acme/sre'], permission: null, codeowners: 'ignore' },
    except: ['alice'],
    people: 4,
  },
  ...over,
});
const rule = (over: Partial<RuleResult> = {}): RuleResult => ({
  name: 'production needs two',
  state: 'pending',
  decides: [{ kind: 'target', target: { app: 'api', env: 'prod' } }],
  requirement: approvals(),
  vetoes: [],
  passedOver: [],
  ...over,
});
const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  state: 'pending',
  rules: [rule()],
  undecided: [],
  vetoes: [],
  rego: null,
  reconsiderAt: null,
  ...over,
});
const plan = {
  digest: 'd'.repeat(64),
  base: 'b'.repeat(40),
  head: 'e'.repeat(40),
  targets: [],
  outside: [],
  problems: [],
  warnings: [],
  hidden: [],
  changes: 'none',
} as unknown as Plan;
const pullRequest = {
  repository: { forge: 'github', path: 'acme/config' },
  number: 7,
  title: 'Promote api',
  url: 'https://forge.example/acme/config/pull/7',
  state: 'open',
  head: { branch: 'b', sha: 'e'.repeat(40), origin: 'same-repository' },
} as PullRequest;
const check = (name: string, state: Check['state']): Check => ({ name, state, description: '', url: null });
const conditions: readonly GateCondition[] = [
  {
    kind: 'checks',
    glob: 'ci/*',
    state: 'failed',
    checks: [check('ci/a', 'success'), check('ci/b', 'failure'), check('ci/c', 'pending'), check('ci/d', 'neutral')],
  },
  { kind: 'checks', glob: 'argocd/*', state: 'pending', checks: [] },
  { kind: 'soak', state: 'pending', until: Date.UTC(2026, 10, 21, 9, 30) },
  { kind: 'soak', state: 'passed', until: 0 },
  { kind: 'agreement', state: 'pending', environment: 'perf' },
  { kind: 'agreement', state: 'passed', environment: 'qa' },
];
const gates = (state: GateResult['state'], of: readonly GateCondition[] = conditions): GateResult => ({
  state,
  conditions: of,
  recheckAt: null,
});

test('blockers', () => {
  expect(blockers.map(blockerText)).toMatchInlineSnapshot(`
    [
      "it is not open any more",
      "it is a draft (mark it as ready for review)",
      "the plan is still being made",
      "the plan failed (its section says why)",
      "approvals are missing (the policy says whose would count)",
      "the policy refuses it (its section says why)",
      "it conflicts with the target branch (rebase it or merge the target branch into it)",
      "the required check \`ci/build\` has not succeeded yet",
      "the required check \`\` ci/\`test\` \`\` failed",
      "\`alice\` holds it: load \\*test\\* (\`/unhold\` ends that)",
      "\`alice\` holds it (\`/unhold\` ends that)",
      "prod is frozen by \`bob\` until 1970-01-02 00:00 UTC: end of year (\`/unfreeze prod\` ends that)",
      "prod is frozen by \`bob\`: audit (\`/unfreeze prod\` ends that)",
      "it is not known what is frozen, and so nothing is merged: why (\`/unfreeze ENV\` writes it anew)",
    ]
  `);
  expect(leaveText({ kind: 'blocked', blockers: [...blockers, ...blockers] }).length).toBeLessThan(500);
});

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

test('the policy', () => {
  const vetoed = verdict({
    state: 'refused',
    vetoes: [{ login: 'carol', at: 0, url: null }],
    undecided: [{ kind: 'no-rule-fits', part: { kind: 'outside' } }],
  });
  expect(policySection(verdict())).toMatchInlineSnapshot(`
    "**The policy is waiting.**

    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push"
  `);
  expect(policySection(vetoed)).toMatchInlineSnapshot(`
    "**The policy refuses this.**

    - \`carol\` asked for changes; it is refused until they approve or their review is dismissed
    - No rule fits files of no environment, so it is refused: add a last rule for the rest to \`policy\` in \`.lockkeeper.yaml\`
    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push"
  `);
  expect([verdict(), vetoed, verdict({ state: 'passed' }), verdict({ state: 'refused', rules: [] })].map(policyTitle))
    .toMatchInlineSnapshot(`
    [
      "production needs two: 1 approval missing",
      "Changes requested by carol",
      "Satisfied",
      "No rule decides about this change",
    ]
  `);
});

describe('the comment', () => {
  const story = {
    plan,
    verdict: verdict(),
    state: initialState('e'.repeat(40)),
    merge: 'auto',
    mergeCommand: '/merge',
    planUrl: null,
    number: 7,
    queue: null,
  } as const;
  it('says the plan, the policy and the queue', () => {
    expect(stickyBody({ ...story, readiness: { state: 'blocked', blockers: blockers.slice(4, 6) } }, ROOM))
      .toMatchInlineSnapshot(`
      "### Plan

      Nothing changes.

      ### Policy

      **The policy is waiting.**

      - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
        - counts: \`alice\` approved \`a1b2c3d\`
        - does not count: \`bob\` approved \`f00dfee\`, before the last push

      ### Merge

      It joins the merge queue by itself once this has changed:

      - approvals are missing (the policy says whose would count)
      - the policy refuses it (its section says why)

      <sub>Plan \`dddddddddddd\` for \`eeeeeee\` on \`bbbbbbb\`. Commands: \`/plan\`, \`/merge\`, \`/promote ENV\`, \`/why\`, \`/help\`.</sub>"
    `);
  });

  it('says in the queue what it waits for', () => {
    const state = { ...story.state, ticket: { by: 'alice', at: 0, head: 'e' } };
    const body = (readiness: Parameters<typeof stickyBody>[0]['readiness']) =>
      stickyBody({ ...story, state, readiness }, ROOM)
        .split('### Merge')[1]
        ?.split('<sub>')[0]
        ?.trim();
    expect(body({ state: 'waiting', blockers: blockers.slice(7, 8) })).toMatchInlineSnapshot(
      `"In the merge queue since \`alice\` asked for it. It waits because the required check \`ci/build\` has not succeeded yet."`,
    );
    expect(body({ state: 'ready', head: 'e', digest: 'd' })).toMatchInlineSnapshot(
      `"In the merge queue since \`alice\` asked for it. It is merged as soon as the entries before it are."`,
    );
  });

  it('says at the end how it ended, in place of what it waited for', () => {
    const body = stickyBody({ ...story, readiness: { state: 'blocked', blockers } }, ROOM);
    const closed = closedBody(body, 'merged');
    expect(closed.endsWith('### Merge\n\nMerged.')).toBe(true);
    expect(closed.startsWith(body.slice(0, body.indexOf('### Merge')))).toBe(true);
    expect(closedBody(closed, 'merged')).toBe(closed);
    expect(closedBody('The plan is being made.', 'closed')).toBe(
      'The plan is being made.\n\n### Merge\n\nClosed without being merged.',
    );
  });

  it('fits whatever the policy and the checks hold', () => {
    const long = fc.integer({ min: 0, max: 3000 }).map((size) => 'long'.repeat(size));
    const rules = fc.array(fc.tuple(long, fc.array(long, { maxLength: 50 })), { maxLength: 40 });
    fc.assert(
      fc.property(
        rules,
        fc.array(long, { maxLength: 200 }),
        fc.integer({ min: 10_000, max: LIMIT }),
        (some, checks, limit) => {
          const results = some.map(([name, logins]) =>
            rule({
              name,
              requirement: approvals({
                discounted: logins.map((login) => ({ login, commit: null, at: 0, why: { kind: 'author' } })),
              }),
            }),
          );
          const waits = checks.map((name): Blocker => ({ kind: 'check-failed', name }));
          const body = stickyBody(
            { ...story, verdict: verdict({ rules: results }), readiness: { state: 'blocked', blockers: waits } },
            { characters: limit, bytes: Math.max(limit, 40_000) },
          );
          expect(body.length).toBeLessThanOrEqual(limit);
          expect(byteLength(body)).toBeLessThanOrEqual(Math.max(limit, 40_000));
          expect(body).toContain('<sub>Plan');
        },
      ),
      { numRuns: 50 },
    );
  });
});

const commit = (subject: string, authorName: string): Commit => ({
  sha: 'c'.repeat(40),
  parents: [],
  subject,
  message: subject,
  authorName,
  authorEmail: '',
  committerName: '',
  committerEmail: '',
  committedAt: 0,
});
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

test('a bump', () => {
  const image = {
    app: 'api',
    image: 'ghcr.io/acme/api',
    version: '1.1.0@sha256:abc',
    source: 'https://ci.example/run/1',
  };
  expect(bumpTitle('dev', [image, { ...image, app: 'web' }])).toBe('Bump api to 1.1.0 and web to 1.1.0 in dev');
  expect(bumpTitle('dev', Array(9).fill(image) as (typeof image)[])).toBe(
    'Bump api to 1.1.0, api to 1.1.0, api to 1.1.0 and 6 more in dev',
  );
  expect(bumpBody('dev', [image])).toMatchInlineSnapshot(`
    "New images for **dev**:

    - **api**: \`ghcr.io/acme/api\` to \`1.1.0@sha256:abc\` (from \`https://ci.example/run/1\`)

    Further bumps of this moment join this pull request until it is merged."
  `);
  expect(bumpBody('dev', Array(5000).fill(image) as (typeof image)[]).length).toBeLessThan(65_000);
});

test('a merge', () => {
  expect(mergeTitle(pullRequest)).toBe('Promote api (#7)');
  const passed = verdict({ state: 'passed', rules: [rule(), rule()] });
  expect(mergeMessage({ pullRequest, digest: 'd1', verdict: passed, ticket: { by: 'bob', at: 0, head: 'e' } }))
    .toMatchInlineSnapshot(`
    "Lockkeeper-Pull-Request: https://forge.example/acme/config/pull/7
    Lockkeeper-Head: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
    Lockkeeper-Plan: d1
    Lockkeeper-Approved-By: alice
    Lockkeeper-Queued-By: bob"
  `);
});

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
    promotionAnswer({ destination, decision: { kind: 'impossible', reason: 'x' }, pullRequest: null }),
  ];
  expect(answerBody(comment, answers)).toMatchInlineSnapshot(`
    "> \`\`/promote \`test\` @acme/sre\`\` (\`alice\`)

    It is in the merge queue and ready: it is merged as soon as the entries before it are.

    It is in the merge queue and ready, before all entries that are not as urgent.

    It is in the merge queue already.

    It is in the merge queue and waits for:

    - the required check \`ci/build\` has not succeeded yet

    Refused, because:

    - approvals are missing (the policy says whose would count)

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

    api to test: not possible, x."
  `);
  expect(answerBody(comment, Array(2000).fill('x'.repeat(100)) as string[]).length).toBeLessThanOrEqual(60_000);
});
