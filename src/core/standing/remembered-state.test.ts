import { expect, test } from 'vitest';
import { rememberedState, type RememberedFacts } from './remembered-state.js';
import { initialState, type StickyState } from './sticky-state.js';

const sticky: StickyState = { ...initialState('h1'), digest: 'd', since: 3 };
const reported = [{ name: 'ci/build' }, { name: 'lockkeeper/plan' }];
const foreign = [{ name: 'ci/build' }];
const reviews = [{ at: 5 }, { at: 9 }];

test.each<[string, Partial<RememberedFacts>, StickyState]>([
  ['what the comment says, whatever was reported', { sticky, checks: reported }, sticky],
  ['nothing of one that was never seen: every review counts', { checks: foreign }, initialState('h1')],
  ['of a deleted comment that no review so far counts', { checks: reported }, { ...initialState('h1'), since: 10 }],
  ['nothing lost where nobody reviewed', { checks: reported, reviews: [] }, initialState('h1')],
])('remembers %s', (_what, facts, expected) => {
  expect(rememberedState({ sticky: null, head: 'h1', checks: [], reviews, ...facts })).toEqual(expected);
});
