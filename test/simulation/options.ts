/** The command line of `npm run simulate`. */
import { isBugName, PLANTED_BUGS, type BugName } from './bugs/planted-bugs.js';
import { STORE_KINDS, type StoreKind } from './world/stored.js';

export interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly steps: number;
  readonly json: boolean;
  readonly workers: number;
  readonly planted: readonly BugName[];
  readonly store: StoreKind;
}

export const USAGE = `Use: npm run simulate -- [options]

  --seeds N        how many seeds are played; 50 when not given, 1 with --seed
  --seed S         the first of them, 1 when not given; alone, that one is played and told in full
  --steps M        steps of each; 24 when not given
  --workers W      processes that play; as many as processors when not given
  --planted NAME   with a bug planted: a name, several with commas, or all; it is an error if it is not found
  --store KIND     what the bot keeps its queue, inbox and cache in: ${STORE_KINDS.join(' or ')}; memory when not given
  --json           the last line is one JSON object

Planted bugs: ${Object.keys(PLANTED_BUGS).join(', ')}`;

export type ReadOptions =
  { readonly kind: 'options'; readonly options: Options } | { readonly kind: 'problem'; readonly words: string };

const NUMBERS = ['--seeds', '--seed', '--steps', '--workers'] as const;

export function readOptions(words: readonly string[], processors: number): ReadOptions {
  const numbers = new Map<string, number>();
  let planted: readonly BugName[] = [];
  let store: StoreKind = 'memory';
  let json = false;
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', attached] = (words[index] ?? '').split('=', 2);
    if (word === '--json') {
      json = true;
      continue;
    }
    const value = attached ?? words[(index += 1)];
    if (word === '--planted') {
      const names = value === 'all' ? Object.keys(PLANTED_BUGS) : (value ?? '').split(',');
      const unknown = names.find((name) => !isBugName(name));
      if (unknown !== undefined) return { kind: 'problem', words: `There is no planted bug "${unknown}".` };
      planted = names.filter(isBugName);
    } else if (word === '--store') {
      const kind = STORE_KINDS.find((one) => one === value);
      if (kind === undefined) return { kind: 'problem', words: `--store is one of ${STORE_KINDS.join(', ')}.` };
      store = kind;
    } else if ((NUMBERS as readonly string[]).includes(word)) {
      if (value === undefined || !/^\d{1,9}$/.test(value) || (value === '0' && word !== '--seed'))
        return { kind: 'problem', words: `${word} needs a whole number, 1 or more.` };
      numbers.set(word, Number(value));
    } else {
      return { kind: 'problem', words: `"${word}" is not understood.` };
    }
  }
  const isReplay = numbers.has('--seed');
  const seeds = numbers.get('--seeds') ?? (isReplay ? 1 : planted.length > 0 ? 500 : 50);
  const options = {
    seeds,
    firstSeed: numbers.get('--seed') ?? 1,
    steps: numbers.get('--steps') ?? 24,
    json,
    workers: Math.min(numbers.get('--workers') ?? processors, seeds),
    planted,
    store,
  };
  return { kind: 'options', options };
}
