/** The simulation itself: it replays, it finds what was planted, it makes stories short, and its command line is understood. */
import { describe, expect, it } from 'vitest';
import { PLANTED_BUGS } from './bugs/planted-bugs.js';
import { readOptions, type ReadOptions } from './options.js';
import { play, type PlaySettings } from './play/play.js';
import { writeScenario } from './play/script.js';
import { shrink } from './play/shrink.js';
import { Random } from './random.js';

describe.each([
  ['github', 2],
  ['gitlab', 3],
] as const)('%s', (forge, seed) => {
  it('plays a seed twice alike, on memory and on SQLite, and breaks nothing', async () => {
    const real = { fetch: globalThis.fetch, Date: globalThis.Date };
    const scenario = writeScenario(seed, 6);
    expect(scenario.forge).toBe(forge);
    const [one, other] = [await play(scenario), await play(scenario, { store: 'sqlite' })];
    expect(one.violation).toBeNull();
    expect(other.fingerprint).toBe(one.fingerprint);
    expect(other.story).toEqual(one.story);
    expect({ fetch: globalThis.fetch, Date: globalThis.Date }).toEqual(real);
  });
});

it('finds a planted bug and makes its story short', async () => {
  const settings = (): PlaySettings => ({ planted: PLANTED_BUGS['comment-not-edited'].plant() });
  const scenario = writeScenario(4, 8);
  const failing = await play(scenario, settings());
  expect(failing.violation?.invariant).toBe('one comment');
  const short = await shrink(scenario, failing, { settings, tries: 12 });
  expect(short.scenario.steps.length).toBeLessThan(scenario.steps.length);
  expect(short.played.violation?.invariant).toBe('one comment');
});

it('draws the same numbers from the same seed', () => {
  const draw = (seed: number): readonly number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(Math.max(...draw(7))).toBeLessThan(1000);
});

it('writes the same scenario for a seed, and a longer one begins like a shorter one', () => {
  expect(writeScenario(11, 10)).toEqual(writeScenario(11, 10));
  expect(writeScenario(11, 20).steps.slice(0, 10)).toEqual(writeScenario(11, 10).steps);
});

describe('the command line', () => {
  const problem = (...words: readonly string[]): string => {
    const read: ReadOptions = readOptions(words, 2);
    return read.kind === 'problem' ? read.words : 'understood';
  };

  it('has defaults, and plays one seed that is named', () => {
    expect(readOptions([], 2)).toEqual({
      kind: 'options',
      options: { seeds: 50, firstSeed: 1, steps: 24, json: false, workers: 2, planted: [], store: 'memory' },
    });
    expect(readOptions(['--seed', '9', '--json'], 2)).toMatchObject({
      options: { seeds: 1, firstSeed: 9, json: true, workers: 1 },
    });
  });

  it.each([
    [['--seeds'], '--seeds needs a whole number, 1 or more.'],
    [['--seeds', '0'], '--seeds needs a whole number, 1 or more.'],
    [['--seeds', 'many'], '--seeds needs a whole number, 1 or more.'],
    [['--sedes', '3'], '"--sedes" is not understood.'],
    [['--store', 'redis'], '--store is one of memory, sqlite.'],
    [['--planted', 'nothing'], 'There is no planted bug "nothing".'],
  ])('refuses %j', (words, said) => {
    expect(problem(...words)).toBe(said);
  });

  it('takes planted bugs by name, or all', () => {
    expect(readOptions(['--planted', 'stale-plan,fence-ignored'], 2)).toMatchObject({
      options: { planted: ['stale-plan', 'fence-ignored'], seeds: 500 },
    });
    expect(Object.keys(PLANTED_BUGS).length).toBeGreaterThanOrEqual(12);
    expect(problem('--planted', 'all')).toBe('understood');
  });
});
