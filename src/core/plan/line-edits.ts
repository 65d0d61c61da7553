/** Which lines of a text went and which came, at a cost that hostile texts can't drive up. */
import { diffArrays } from 'diff';

/** A run of lines: in both texts, only in the old, or only in the new. */
export interface LineRun {
  readonly sign: ' ' | '-' | '+';
  readonly lines: readonly string[];
}

/** Edits beyond which no shortest way is looked for: at 100,000 lines this takes under a second, and four times the edits ten times as long. */
const MAX_EDITS = 1000;

/** A shortest way where it is short; else by way of the lines that stand once in each text. What is gone stands before what has come. */
export function lineEdits(before: readonly string[], after: readonly string[]): readonly LineRun[] {
  const start = commonCount(before, after, (lines, index) => lines[index]);
  const rest = [before.slice(start), after.slice(start)] as const;
  const end = commonCount(...rest, (lines, index) => lines[lines.length - 1 - index]);
  const [old, now] = rest.map((lines) => lines.slice(0, lines.length - end));
  return tidied([
    { sign: ' ', lines: before.slice(0, start) },
    ...edits(old ?? [], now ?? []),
    { sign: ' ', lines: before.slice(before.length - end) },
  ]);
}

function commonCount(
  one: readonly string[],
  other: readonly string[],
  lineOf: (lines: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && lineOf(one, count) === lineOf(other, count)) count += 1;
  return count;
}

function edits(before: readonly string[], after: readonly string[]): readonly LineRun[] {
  if (before.length === 0 || after.length === 0) return replaced(before, after);
  const shortest = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS }) as
    ReturnType<typeof diffArrays<string>> | undefined;
  if (shortest === undefined) return byAnchors(before, after);
  return shortest.map(({ added, removed, value }) => ({ sign: added ? '+' : removed ? '-' : ' ', lines: value }));
}

function replaced(before: readonly string[], after: readonly string[]): readonly LineRun[] {
  return [
    { sign: '-', lines: before },
    { sign: '+', lines: after },
  ];
}

/** Between two anchors everything is replaced: the lines there stand several times, or nowhere else. */
function byAnchors(before: readonly string[], after: readonly string[]): readonly LineRun[] {
  const runs: LineRun[] = [];
  let [b, a] = [0, 0];
  for (const anchor of [...anchorsOf(before, after), { before: before.length, after: after.length }]) {
    runs.push(...replaced(before.slice(b, anchor.before), after.slice(a, anchor.after)));
    runs.push({ sign: ' ', lines: before.slice(anchor.before, anchor.before + 1) });
    [b, a] = [anchor.before + 1, anchor.after + 1];
  }
  return runs;
}

interface Anchor {
  readonly before: number;
  readonly after: number;
}

/** Lines that stand once in each, as many as stand in one order in both: a longest increasing subsequence, by patience sorting. */
function anchorsOf(before: readonly string[], after: readonly string[]): readonly Anchor[] {
  const places = uniquePlaces(after);
  const candidates = [...uniquePlaces(before)].flatMap(([line, place]): readonly Anchor[] => {
    const there = places.get(line);
    return place === null || there === undefined || there === null ? [] : [{ before: place, after: there }];
  });
  const piles: Link[] = [];
  for (const anchor of candidates) {
    const pile = firstNotBelow(piles, anchor.after);
    piles[pile] = { anchor, previous: piles[pile - 1] ?? null };
  }
  const chain: Anchor[] = [];
  for (let link = piles.at(-1) ?? null; link !== null; link = link.previous) chain.push(link.anchor);
  return chain.reverse();
}

interface Link {
  readonly anchor: Anchor;
  readonly previous: Link | null;
}

function firstNotBelow(piles: readonly Link[], place: number): number {
  let [low, high] = [0, piles.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((piles[middle]?.anchor.after ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Null for a line that stands there several times. */
function uniquePlaces(lines: readonly string[]): ReadonlyMap<string, number | null> {
  const places = new Map<string, number | null>();
  for (const [index, line] of lines.entries()) places.set(line, places.has(line) ? null : index);
  return places;
}

/** Runs of one sign as one, without empty ones; between two that stay, what is gone first. */
function tidied(runs: readonly LineRun[]): readonly LineRun[] {
  const tidy: { readonly sign: LineRun['sign']; readonly lines: string[] }[] = [];
  let [gone, come]: [string[], string[]] = [[], []];
  const flush = (): void => {
    if (gone.length > 0) tidy.push({ sign: '-', lines: gone });
    if (come.length > 0) tidy.push({ sign: '+', lines: come });
    [gone, come] = [[], []];
  };
  for (const { sign, lines } of runs) {
    if (lines.length === 0) continue;
    if (sign === ' ') flush();
    const last = tidy.at(-1);
    const there = sign === '-' ? gone : sign === '+' ? come : last?.sign === ' ' ? last.lines : null;
    if (there === null) tidy.push({ sign, lines: [...lines] });
    else for (const line of lines) there.push(line);
  }
  flush();
  return tidy;
}
