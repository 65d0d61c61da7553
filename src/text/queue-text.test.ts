import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { planRound, type Batch, type RoundEntry } from '../core/queue/plan-round.js';
import { changedEntries, viewQueue, type EntryWait, type QueueView, type ViewFacts } from '../core/queue/queue-view.js';
import type { Readiness } from '../core/standing/readiness.js';
import { queueCheck, queuedText, stopText, type QueueStory } from './queue-text.js';

const NOON = Date.UTC(2026, 0, 5, 12);
const ready: Readiness = { state: 'ready', head: 'h7', digest: 'd' };
const ticket = { by: 'alice', at: NOON, head: 'h7' };

function view(wait: EntryWait, over: Partial<QueueView> = {}): QueueView {
  const entry = {
    number: 7,
    title: 'Promote api',
    kind: 'promotion',
    by: 'alice',
    since: NOON,
    urgency: 'in-turn',
    position: 2,
    wait,
    expected: NOON + 90_000,
  } as const;
  return { branch: 'main', at: NOON, entries: [{ ...entry, number: 6, position: 1 }, entry], stopped: null, ...over };
}

function story(wait: EntryWait, over: Partial<QueueStory> = {}): QueueStory & { ticket: typeof ticket } {
  return {
    forge: 'github',
    number: 7,
    left: null,
    self: 'lockkeeper',
    readiness: ready,
    view: view(wait),
    ...over,
    ticket,
  };
}

describe('the comment of what is queued', () => {
  test.each<[string, EntryWait]>([
    ['It is ready, and merged next.', { kind: 'merging' }],
    [
      'It is ready, and waits for #6, which comes before it and touches something that it touches too.',
      { kind: 'entry', entry: 6, because: 'meets' },
    ],
    [
      'It is ready, and waits for #6, which comes before it: one is merged at a time.',
      { kind: 'entry', entry: 6, because: 'in-turn' },
    ],
    [
      'It waits for the checks of abcdef0, which is the merge of #6 and #7.',
      { kind: 'its-batch', numbers: [6, 7], commit: 'abcdef0123', checks: 'awaited' },
    ],
    [
      'It waits for the checks of abcdef0, which is the merge of #6 and #7. None has been reported there for 10 minutes or more: CI must run on pushes to `lockkeeper/queue/**`.',
      { kind: 'its-batch', numbers: [6, 7], commit: 'abcdef0123', checks: 'long-silent' },
    ],
    ['It is verified together with others once the checks of those before it are done.', { kind: 'next-batch' }],
    ['It is ready, and merged when its turn comes.', { kind: 'itself' }],
  ])('%s', (words, wait) => {
    expect(queuedText(story(wait))).toBe(
      `In the merge queue since 2026-01-05 12:00 UTC, at place 2: \`alice\` asked for it. ${words} By what merging took here lately, it is merged at about 2026-01-05 12:02 UTC.`,
    );
  });

  it('names what is missing, whatever the last round said', () => {
    const readiness: Readiness = { state: 'waiting', blockers: [{ kind: 'check-pending', name: 'ci' }] };
    expect(queuedText(story({ kind: 'merging' }, { readiness }))).toContain(
      'It waits because the required check `ci` has not succeeded yet.',
    );
  });

  it('says of a promotion which gates have not passed', () => {
    const gates = {
      state: 'failed',
      recheckAt: null,
      conditions: [{ kind: 'soak', state: 'pending', until: NOON }],
    } as const;
    expect(queuedText(story({ kind: 'gates', gates }))).toMatch(/waits for its gates.*\n\n- it has to stand until/);
  });

  it('says that the queue is stopped, and why', () => {
    const stopped = { view: view({ kind: 'itself' }, { stopped: { pullRequest: 3 } }) };
    expect(queuedText(story({ kind: 'itself' }, stopped))).toMatch(
      /is stopped.*merge of #3 .*`lockkeeper\/stopped\/main`.*`\/retry`/,
    );
    expect(queueCheck(story({ kind: 'itself' }, stopped))).toMatchObject({ state: 'failure' });
  });

  it('names pull requests as their forge writes them', () => {
    const waiting = story({ kind: 'entry', entry: 6, because: 'meets' }, { forge: 'gitlab' });
    expect(queuedText(waiting)).toContain('waits for !6, which');
    const ahead = { kind: 'ahead', numbers: [7, 8], after: [6], commit: 'abcdef0123' } as const;
    expect(queuedText(story(ahead, { forge: 'gitlab' }))).toMatch(/!6 is merged before it.* the merge of !7 and !8/);
    const stopped = { forge: 'gitlab', view: view({ kind: 'itself' }, { stopped: { pullRequest: 3 } }) } as const;
    expect(queuedText(story({ kind: 'itself' }, stopped))).toContain('the merge of !3 is');
  });

  it('says who put it there', () => {
    const asked = (by: object) => queuedText({ ...story({ kind: 'merging' }), ticket: { ...ticket, ...by } });
    expect(asked({ by: 'lockkeeper' })).toContain(': it joined by itself.');
    expect(asked({ by: 'bob', urgency: 'now' })).toContain(': `bob` put it first.');
  });

  it('makes do before the first round', () => {
    expect(queuedText(story({ kind: 'itself' }, { view: null }))).toBe(
      'In the merge queue since 2026-01-05 12:00 UTC: `alice` asked for it. It is ready, and merged when its turn comes.',
    );
  });
});

test('the check is a success only when it is merged next', () => {
  const states = [{ kind: 'merging' }, { kind: 'next-batch' }] as const;
  expect(states.map((wait) => queueCheck(story(wait)).state)).toEqual(['success', 'pending']);
  const out = { ...story({ kind: 'itself' }), ticket: null };
  expect(queueCheck(out)).toMatchObject({ state: 'neutral', title: 'Not in the merge queue' });
  // Where there is no room for a summary, the title has to say why.
  expect(queueCheck({ ...out, left: 'a new commit was pushed' })).toMatchObject({
    title: 'It left the merge queue: a new commit was pushed',
    summary: 'It left the merge queue: a new commit was pushed.',
  });
  // No Markdown is read there.
  expect(queueCheck({ ...out, left: '`ci` failed: a\\_b\\#\u200b1 &lt; c' }).title).toBe(
    'It left the merge queue: ci failed: a_b#1 < c',
  );
  expect(queueCheck({ ...out, left: 'long '.repeat(100) }).title).toHaveLength(140);
});

test('words for the branch that stops a queue', () => {
  expect(stopText({ branch: 'main', pullRequest: 3, commit: 'c1', tip: 't1' })).toContain('comment /retry');
});

describe('the view of a queue', () => {
  const entry = (number: number): RoundEntry => ({
    number,
    head: `h${number}`,
    touches: { kind: 'everything' },
    standing: 'ready',
    evidence: 'fresh',
    consent: 'none-needed',
    patience: 'left',
  });
  const batchOf = (numbers: readonly number[]): Batch => ({
    entries: numbers.map((number) => ({ number, head: `h${number}` })),
    suspects: [],
    result: 'pending',
    evidence: 'holds',
    size: 8,
  });
  const facts = (numbers: readonly number[], over: Partial<ViewFacts> = {}): ViewFacts => ({
    branch: 'main',
    now: NOON,
    entries: numbers.map((number) => ({
      number,
      title: '',
      kind: 'other',
      by: 'alice',
      since: NOON - 1000,
      urgency: 'in-turn',
      gates: null,
    })),
    round: planRound({ entries: numbers.map(entry), parallel: 'on', verify: 'head', batch: null }),
    batch: null,
    ahead: null,
    stopped: null,
    median: 60_000,
    before: null,
    ...over,
  });

  it('says what the round decided', () => {
    expect(viewQueue(facts([1, 2])).entries.map(({ position, wait }) => [position, wait])).toEqual([
      [1, { kind: 'merging' }],
      [2, { kind: 'entry', entry: 1, because: 'meets' }],
    ]);
  });

  it('says what is verified ahead of its turn', () => {
    const after = [{ number: 1, head: 'h1' }];
    const ahead = { ...batchOf([2, 3]), after, commit: 'abcdef0123' };
    const entries = [1, 2, 3].map(entry);
    const round = planRound({ entries, parallel: 'on', verify: 'batch', batch: batchOf([1]) });
    const view = viewQueue(
      facts([1, 2, 3], { round, batch: { ...batchOf([1]), commit: 'fedcba', silentSince: null }, ahead }),
    );
    const wait = { kind: 'ahead', numbers: [2, 3], after: [1], commit: 'abcdef0123' };
    expect(view.entries.map((each) => each.wait)).toEqual([expect.objectContaining({ kind: 'its-batch' }), wait, wait]);
    const ticket = { by: 'alice', at: NOON - 1000, head: 'h2' };
    const readiness = { state: 'ready', head: 'h2', digest: 'd' } as const;
    expect(
      queuedText({ forge: 'github', number: 2, ticket, left: null, self: 'lockkeeper', readiness, view }),
    ).toContain(
      '#1 is merged before it. Meanwhile the checks of abcdef0 run, which is the merge of #2 and #3 after that.',
    );
  });

  it('keeps an estimate while the place is the same, until its time has come', () => {
    const expectedIn = (view: QueueView) => view.entries.map(({ expected }) => expected);
    const before = viewQueue(facts([1, 2], { median: 600_000 }));
    const later = viewQueue(facts([1, 2], { median: 900_000, now: NOON + 500_000, before }));
    expect(expectedIn(later)).toEqual(expectedIn(before));
    const moved = viewQueue(facts([2], { median: 900_000, now: NOON + 500_000, before }));
    expect(expectedIn(moved)[0]).toBeGreaterThan(expectedIn(before)[1] ?? 0);
    const late = viewQueue(facts([1, 2], { median: 900_000, now: NOON + 700_000, before }));
    expect(expectedIn(late)).toEqual([null, null]);
    expect(changedEntries(before, late)).toEqual([1, 2]);
    expect(expectedIn(viewQueue(facts([1], { median: 300_000, now: NOON + 300_000 })))).toEqual([null]);
    expect(expectedIn(viewQueue(facts([1], { median: null })))).toEqual([null]);
  });

  it('asks after the checks of a batch of which nothing was heard for long', () => {
    const round = planRound({ entries: [entry(1)], parallel: 'on', verify: 'batch', batch: batchOf([1]) });
    const heard = (silentSince: number | null) =>
      viewQueue(facts([1], { round, batch: { ...batchOf([1]), commit: 'fedcba', silentSince } })).entries[0]?.wait;
    expect(heard(NOON - 600_000)).toMatchObject({ kind: 'its-batch', checks: 'long-silent' });
    expect(heard(NOON - 599_000)).toMatchObject({ checks: 'awaited' });
    expect(heard(null)).toMatchObject({ checks: 'awaited' });
  });

  it('has only those told anew whose words are others', () => {
    const before = viewQueue(facts([1, 2, 3]));
    expect(changedEntries(null, before)).toEqual([1, 2, 3]);
    expect(changedEntries(before, viewQueue(facts([1, 2, 3], { now: NOON + 9000, before })))).toEqual([]);
    expect(changedEntries(before, viewQueue(facts([2, 3], { before })))).toEqual([2, 3]);
    const many = Array.from({ length: 30 }, (_, index) => index + 1);
    const long = viewQueue(facts(many, { round: null }));
    expect(changedEntries(long, viewQueue(facts(many.slice(1), { before: long, round: null })))).toHaveLength(10);
    const stopped = viewQueue(facts([1, 2, 3], { before, stopped: { pullRequest: 9 } }));
    expect(changedEntries(before, stopped)).toEqual([1, 2, 3]);
  });

  it('leaves nobody with words that are not true any more', () => {
    const queue = fc.shuffledSubarray([...Array(14).keys()]);
    fc.assert(
      fc.property(queue, queue, fc.nat(600_000), (first, second, later) => {
        const before = viewQueue(facts(first));
        const after = viewQueue(facts(second, { now: NOON + later, before }));
        const told = changedEntries(before, after);
        const wordsOf = (view: QueueView, number: number): string =>
          queuedText({ ...story({ kind: 'itself' }), number, ticket: { ...ticket, at: NOON - 1000 }, view });
        for (const number of second.filter((each) => !told.includes(each)))
          expect(wordsOf(after, number)).toBe(wordsOf(before, number));
      }),
      { numRuns: 60 },
    );
  });
});
