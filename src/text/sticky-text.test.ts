import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../core/plan/plan.js';
import type { Blocker } from '../core/standing/readiness.js';
import { initialState } from '../core/standing/sticky-state.js';
import { byteLength } from './room.js';
import { closedBody, stickyBody, type StickyStory } from './sticky-text.js';
import { blockers } from './testing/blockers.js';
import { approvals, rule, verdict } from './testing/pending-verdict.js';

const LIMIT = 64_000;
const ROOM = { characters: LIMIT, bytes: 250_000 };

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

describe('the comment', () => {
  const story = {
    plan,
    verdict: verdict(),
    state: initialState('e'.repeat(40)),
    joining: 'by-itself',
    self: 'lockkeeper',
    mergeCommand: '/merge',
    planUrl: null,
    forge: 'github',
    number: 7,
    queue: null,
    policyChange: null,
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

      - the policy is not satisfied yet (its section says what is missing)
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
      `"In the merge queue since 1970-01-01 00:00 UTC: \`alice\` asked for it. It waits because the required check \`ci/build\` has not succeeded yet."`,
    );
    expect(body({ state: 'ready', head: 'e', digest: 'd' })).toMatchInlineSnapshot(
      `"In the merge queue since 1970-01-01 00:00 UTC: \`alice\` asked for it. It is ready, and merged when its turn comes."`,
    );
  });

  it.each<[Partial<StickyStory>, Blocker['kind'][], string]>([
    [{ joining: 'on-command' }, [], 'Comment `/merge` to put it into the merge queue.'],
    [{ joining: 'by-itself' }, [], 'It joins the merge queue by itself.'],
    [
      { joining: 'after-a-change' },
      [],
      'It joins the merge queue by itself again once something about it changes (a push, a review, a check, or the target branch); `/merge` puts it back now.',
    ],
    // A check that still runs is no reason to wait with the command.
    [
      { joining: 'on-command' },
      ['conflict', 'policy-refused', 'check-pending'],
      'Comment `/merge` to put it into the merge queue once this has changed:\n\n- it conflicts with the target branch (rebase it or merge the target branch into it)',
    ],
  ])('says how it comes to be in the queue: %j, %j', (over, kinds, words) => {
    const found = blockers.filter(({ kind }) => kinds.includes(kind));
    const readiness: StickyStory['readiness'] =
      found.length === 0 ? { state: 'ready', head: 'e', digest: 'd' } : { state: 'blocked', blockers: found };
    const body = (left: string | null) =>
      stickyBody({ ...story, ...over, state: { ...story.state, left }, readiness }, ROOM)
        .split('### Merge\n\n')[1]
        ?.split('\n\n<sub>')[0];
    expect(body(null)).toBe(words);
    expect(body('a new commit was pushed')).toMatch(/^It left the merge queue: a new commit was pushed\.\n\n[IC]/);
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
