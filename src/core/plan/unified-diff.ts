/** The difference of two texts for reading: what surrounds a change, and of long lines and large differences as much as somebody would read. */
import { excerpts, isCut, marked } from './excerpts.js';
import { lineEdits, type LineRun } from './line-edits.js';

interface UnifiedDiff {
  /** Hunks with three lines of context, without file headers; empty for equal texts. */
  readonly text: string;
  /** Changed lines that are not in it: the difference is too large. */
  readonly left: number;
  /** Changed lines of which a part is in it: they are too long. */
  readonly cut: number;
}

const CONTEXT = 3;

/** Nobody reads more of one difference, and every sink would have to carry it. */
const LARGEST = { characters: 500_000, lines: 20_000 } as const;
/** Characters of a line; of a longer one, so many around what differs. */
const LONGEST_LINE = 2000;
/** Of a longer line, its beginning: there stands the name of what it holds. */
const LINE_START = 60;

export function unifiedDiff(before: string, after: string): UnifiedDiff {
  const hunks = hunksOf(lineEdits(linesOf(before), linesOf(after)));
  const budget = { characters: LARGEST.characters, lines: LARGEST.lines };
  const shown: string[] = [];
  let [left, cut] = [0, 0];
  for (const hunk of hunks) {
    const lines = shortened(hunk.lines);
    const kept = fittingLines(lines, budget);
    const within = lines.slice(0, kept).some(isChange) ? lines.slice(0, kept) : [];
    if (within.length > 0) shown.push(header(hunk, within));
    for (const { sign, text } of within) shown.push(`${sign}${text}`);
    left += lines.slice(within.length).filter(isChange).length;
    cut += within.filter((line) => isChange(line) && line.extent === 'cut').length;
  }
  return { text: shown.join('\n'), left, cut };
}

/** Canonical YAML ends in a line end, which ends its last line and begins none. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

interface Line {
  readonly sign: LineRun['sign'];
  readonly text: string;
  readonly extent: 'whole' | 'cut';
}

function isChange({ sign }: Line): boolean {
  return sign !== ' ';
}

interface Hunk {
  /** Of its first line, from 1, in each text. */
  readonly start: { readonly before: number; readonly after: number };
  readonly lines: readonly Line[];
}

function hunksOf(runs: readonly LineRun[]): readonly Hunk[] {
  const hunks: { readonly start: Hunk['start']; readonly lines: Line[] }[] = [];
  let [before, after] = [1, 1];
  let lead: readonly string[] = [];
  let open: Line[] | null = null;
  for (const [index, { sign, lines }] of runs.entries()) {
    if (sign === ' ') {
      const context = contextOf(lines, { first: index === 0, last: index === runs.length - 1 });
      open?.push(...context.behind.map((text) => shownLine(sign, text)));
      if (context.ahead !== null) [open, lead] = [null, context.ahead];
    } else {
      if (open === null) {
        open = lead.map((text) => shownLine(' ', text));
        hunks.push({ start: { before: before - lead.length, after: after - lead.length }, lines: open });
        lead = [];
      }
      for (const text of lines) open.push(shownLine(sign, text));
    }
    if (sign !== '+') before += lines.length;
    if (sign !== '-') after += lines.length;
  }
  return hunks;
}

function shownLine(sign: LineRun['sign'], text: string): Line {
  return { sign, text, extent: 'whole' };
}

interface Context {
  /** Of the hunk before. */
  readonly behind: readonly string[];
  /** Of the hunk after; null where it is the same one. */
  readonly ahead: readonly string[] | null;
}

function contextOf(lines: readonly string[], place: { readonly first: boolean; readonly last: boolean }): Context {
  const between = !place.first && !place.last;
  if (between && lines.length <= 2 * CONTEXT) return { behind: lines, ahead: null };
  return {
    behind: place.first ? [] : lines.slice(0, CONTEXT),
    ahead: place.last ? [] : lines.slice(-CONTEXT),
  };
}

/** Counts of what is shown, so that the hunk is one that programs can read. */
function header({ start }: Hunk, lines: readonly Line[]): string {
  const old = lines.filter(({ sign }) => sign !== '+').length;
  const now = lines.filter(({ sign }) => sign !== '-').length;
  return `@@ -${rangeOf(start.before, old)} +${rangeOf(start.after, now)} @@`;
}

/** Of no line, the range is where it would follow. */
function rangeOf(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}

/** How many of the first lines there is room for; takes it. */
function fittingLines(lines: readonly Line[], budget: { characters: number; lines: number }): number {
  for (const [index, { text }] of lines.entries()) {
    if (budget.lines === 0 || budget.characters < text.length + 2) {
      [budget.lines, budget.characters] = [0, 0];
      return index;
    }
    budget.lines -= 1;
    budget.characters -= text.length + 2;
  }
  return lines.length;
}

/** Each long line that came is shown beside the one that went in its place. */
function shortened(lines: readonly Line[]): readonly Line[] {
  if (lines.every(({ text }) => text.length <= LONGEST_LINE)) return lines;
  const short: Line[] = [...lines];
  for (let start = 0; start < lines.length; start += 1) {
    const gone = runLength(lines, start, '-');
    const come = runLength(lines, start + gone, '+');
    for (let index = 0; index < Math.max(gone, come); index += 1) {
      const places = [index < gone ? start + index : null, index < come ? start + gone + index : null] as const;
      shortenPair(short, places);
    }
    if (gone + come === 0) shortenPair(short, [start, null]);
    else start += gone + come - 1;
  }
  return short;
}

function runLength(lines: readonly Line[], start: number, sign: LineRun['sign']): number {
  let end = start;
  while (lines[end]?.sign === sign) end += 1;
  return end - start;
}

function shortenPair(lines: Line[], [one, other]: readonly [number | null, number | null]): void {
  const texts = [one, other].map((place) => (place === null ? '' : (lines[place]?.text ?? '')));
  const parts = excerpts(texts[0] ?? '', texts[1] ?? '', LONGEST_LINE);
  for (const [side, place] of [one, other].entries()) {
    const [part, line] = [parts[side], place === null ? undefined : lines[place]];
    if (place === null || part === undefined || line === undefined || !isCut(part)) continue;
    const start = line.text.slice(0, Math.min(LINE_START, part.left.before));
    lines[place] = { sign: line.sign, text: `${start}${marked(part.text, part)}`, extent: 'cut' };
  }
}
