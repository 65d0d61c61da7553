/** A head that only took in its target branch keeps its place in the queue; anything else is a push. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headMove } from '../../src/app/queue/head-move.js';
import { RenderWorld } from '../contract/renderer-contract.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

const START = { base: '1', work: '1' };
const BASE_MOVED = { base: '2', work: '1' };
const WORK = { base: '1', work: '2' };
const BOTH = { base: '2', work: '2' };

/** What became of a head with `WORK` when it is followed by these files. */
function play(after: Readonly<Record<string, string>>, parents: (from: string, tip: string) => readonly string[]) {
  const { origin, mirror } = world;
  const start = origin.commit(START);
  const tip = origin.commit(BASE_MOVED, { parents: [start] });
  const from = origin.commit(WORK, { parents: [start] });
  const to = origin.commit(after, { parents: parents(from, tip) });
  return mirror.has(tip).then(() => headMove(mirror, { from, to, tip }));
}

test.each<[string, Readonly<Record<string, string>>, (from: string, tip: string) => readonly string[], string]>([
  ['the target branch merged into it', BOTH, (from, tip) => [from, tip], 'updated'],
  ['rebased onto it', BOTH, (_from, tip) => [tip], 'updated'],
  ['merged, with a change of its own hidden in it', { ...BOTH, more: 'x' }, (from, tip) => [from, tip], 'pushed'],
  ['merged, and what it changed undone', BASE_MOVED, (from, tip) => [from, tip], 'pushed'],
  ['another commit', { ...WORK, more: 'x' }, (from) => [from], 'pushed'],
  ['the same content as another commit', WORK, (from) => [from], 'pushed'],
])('%s', async (_what, after, parents, expected) => {
  expect(await play(after, parents)).toBe(expected);
});

test('the same head has not moved, and one that is not here counts as pushed', async () => {
  const { origin, mirror } = world;
  const head = origin.commit(START);
  expect(await headMove(mirror, { from: head, to: head, tip: head })).toBe('none');
  expect(await headMove(mirror, { from: '0123456789'.repeat(4), to: head, tip: head })).toBe('pushed');
});
