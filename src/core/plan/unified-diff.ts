/** The difference of two texts for reading, at a cost that hostile texts can't drive up. */
import { structuredPatch } from 'diff';

/** Edits beyond which lines are not matched any more but shown as one removal and one addition: at 100,000 lines this takes under a second, and four times the edits ten times as long. */
const MAX_EDITS = 1000;

/** Of one side. Nobody reads more, and every sink would have to carry it. */
const LARGEST = { characters: 500_000, lines: 20_000, line: 100_000 } as const;

/** Hunks with three lines of context, without file headers; null where a side is too large to be shown. */
export function unifiedDiff(before: string, after: string): string | null {
  if (isLarge(before) || isLarge(after)) return null;
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: MAX_EDITS });
  if (patch === undefined) return wholeReplacement(before, after);
  return patch.hunks
    .map((hunk) => {
      const header = `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`;
      return [header, ...hunk.lines.filter((line) => !line.startsWith('\\'))].join('\n');
    })
    .join('\n');
}

function isLarge(text: string): boolean {
  if (text.length > LARGEST.characters) return true;
  let lines = 0;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    lines += 1;
    if (lines > LARGEST.lines || end - start > LARGEST.line) return true;
    start = end + 1;
  }
  return text.length - start > LARGEST.line;
}

function wholeReplacement(before: string, after: string): string {
  const lines = (text: string, sign: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `${sign}${line}`);
  return [...lines(before, '-'), ...lines(after, '+')].join('\n');
}
