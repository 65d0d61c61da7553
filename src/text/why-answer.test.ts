import { expect, test } from 'vitest';
import { blockers } from './testing/blockers.js';
import { gates } from './testing/gate-conditions.js';
import { verdict } from './testing/pending-verdict.js';
import { pullRequest } from './testing/pull-request.js';
import { whyAnswer, type WhyStory } from './why-answer.js';

const story: WhyStory = {
  state: 'open',
  forge: 'gitlab',
  number: 7,
  ticket: null,
  left: null,
  self: 'lockkeeper',
  view: null,
  readiness: { state: 'ready', head: 'e', digest: 'd' },
  verdict: verdict({ state: 'passed' }),
  joining: 'on-command',
  mergeCommand: '@lockkeeper /merge',
  promotions: [],
};
const destination = { app: 'api', env: 'test' };

test.each<[string, Partial<WhyStory>, string]>([
  ['ready', {}, 'It is ready. Comment `@lockkeeper /merge` to put it into the merge queue.'],
  ['ready and on its way', { joining: 'by-itself' }, 'It is ready. It joins the merge queue by itself.'],
  [
    'queued, as the comment says it',
    { ticket: { by: 'alice', at: 0, head: 'e' }, readiness: { state: 'waiting', blockers: blockers.slice(7, 8) } },
    'In the merge queue since 1970-01-01 00:00 UTC: `alice` asked for it. It waits because the required check `ci/build` has not succeeded yet.',
  ],
  [
    'refused by the forge, though nothing else is in the way',
    { left: 'the forge does not allow the merge: no' },
    'It left the merge queue: the forge does not allow the merge: no.\n\nIt is ready. Comment `@lockkeeper /merge` to put it into the merge queue again.',
  ],
  [
    'not queued while a check runs',
    { readiness: { state: 'waiting', blockers: blockers.slice(7, 8) } },
    'It is not merged because:\n\n- the required check `ci/build` has not succeeded yet\n\nComment `@lockkeeper /merge` to put it into the merge queue.',
  ],
  [
    'merged, whatever its policy says now',
    { state: 'merged', readiness: { state: 'blocked', blockers }, verdict: verdict() },
    'Nothing waits here.',
  ],
])('%s', (_what, over, words) => {
  expect(whyAnswer({ ...story, ...over })).toBe(words);
});

test('names what is in the way, whose approval is missing, and what is due', () => {
  const promotions: WhyStory['promotions'] = [
    { destination, decision: { kind: 'open', gates: gates('passed') }, pullRequest: null },
    { destination, decision: { kind: 'update', pullRequest, gates: gates('passed') }, pullRequest },
    { destination, decision: { kind: 'wait-for-command' }, pullRequest: null },
  ];
  const readiness = { state: 'blocked', blockers: blockers.slice(4, 5) } as const;
  expect(whyAnswer({ ...story, readiness, verdict: verdict(), promotions })).toMatchInlineSnapshot(`
    "It is not merged because:

    - the policy is not satisfied yet (its section says what is missing)

    The policy:

    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push

    api to test: nothing is missing; it is opened with the bot’s next look.

    api to test: nothing is missing; [\\#​7](https://forge.example/acme/config/pull/7) is brought up to date with the bot’s next look.

    api to test: waits for \`/promote test\`."
  `);
});
