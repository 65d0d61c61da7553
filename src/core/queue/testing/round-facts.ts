/** Builds what a round of the merge queue is planned from, for tests. */
import type { Batch, RoundEntry, RoundFacts } from '../plan-round.js';
import type { Touches } from '../touches.js';

export function on(...targets: string[]): Touches {
  return { kind: 'known', targets, files: [], reads: [] };
}

/** Each changes files of its own. */
export function entry(number: number, over: Partial<RoundEntry> = {}): RoundEntry {
  const touches = over.touches ?? on('api');
  const files = touches.kind === 'known' && touches.files.length > 0 ? touches.files : [`${number}.yaml`];
  return {
    number,
    head: `h${number}`,
    standing: 'ready',
    evidence: 'fresh',
    consent: 'none-needed',
    patience: 'left',
    ...over,
    touches: touches.kind === 'known' ? { ...touches, files } : touches,
  };
}

export function facts(entries: readonly RoundEntry[], over: Partial<RoundFacts> = {}): RoundFacts {
  return { entries, parallel: 'on', verify: 'head', batch: null, ...over };
}

export function batch(numbers: readonly number[], over: Partial<Batch> = {}): Batch {
  const entries = numbers.map((number) => ({ number, head: `h${number}` }));
  return { entries, suspects: [], result: 'pending', evidence: 'holds', size: 8, ...over };
}

export const numbersOf = (each: readonly { readonly number: number }[]) => each.map(({ number }) => number);
