import { expect, test } from 'vitest';
import { blockers } from './testing/blockers.js';
import { gates } from './testing/gate-conditions.js';
import { verdict } from './testing/pending-verdict.js';
import { pullRequest } from './testing/pull-request.js';
import { whyAnswer, type WhyStory } from './why-answer.js';

const story: WhyStory = {
  state: 'open',
  readiness: { state: 'ready', head: 'e', digest: 'd' },
  verdict: verdict({ state: 'passed' }),
  queue: 'not-queued',
  merge: 'manual',
  mergeCommand: '@lockkeeper /merge',
  promotions: [],
};
const destination = { app: 'api', env: 'test' };

test.each<[string, Partial<WhyStory>, string]>([
  ['ready', {}, 'It is ready: comment `@lockkeeper /merge` to put it into the merge queue.'],
  ['ready and on its way', { merge: 'auto' }, 'It is ready, and joins the merge queue by itself.'],
  ['queued', { queue: 'queued' }, 'It is in the merge queue and ready; the comment above says what comes before it.'],
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
