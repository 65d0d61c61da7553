/**
 * The plan's differences as folded blocks, resource by resource, in the room there is: whole ones first, then the beginnings of those that
 * do not fit. GitHub and GitLab read the same here: `diff` fences, and `<details>` with blank lines around its content, which GitLab needs.
 */
import { excerpts, marked } from '../core/plan/excerpts.js';
import type { FieldChange, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import { code, counted, details, fenced, htmlCode, listedFew, oneLine, visible } from './markdown.js';
import { NAME_SHOWN } from './plan-problems.js';
import { changeWords, resourceWords, targetWords } from './plan-words.js';
import type { Measure } from './room.js';

export interface Blocks {
  readonly shown: readonly string[];
  /** Names of resources, each with its target, that are not there at all. */
  readonly missing: readonly string[];
  /** Names of those whose difference is cut. */
  readonly cut: readonly string[];
}

interface Item {
  readonly target: TargetPlan;
  readonly resource: ResourceChange;
}

/** Two line ends after each. */
const GAP = 2;

export function resourceBlocks(targets: readonly TargetPlan[], room: number, measure: Measure): Blocks {
  const items = targets.flatMap((target) => target.resources.map((resource) => ({ target, resource })));
  const blocks = new Map<Item, string>();
  let left = room;
  const take = (item: Item, block: string | null): void => {
    if (block === null || measure(block) + GAP > left) return;
    left -= measure(block) + GAP;
    blocks.set(item, block);
  };
  for (const item of items) if (item.resource.diff.length <= left) take(item, wholeBlock(item));
  const late = items.filter((item) => !blocks.has(item));
  for (const item of late) if (left > LEAST_CUT) take(item, cutBlock(item, left, measure));
  return {
    shown: items.flatMap((item) => blocks.get(item) ?? []),
    missing: late.filter((item) => !blocks.has(item)).map(nameOf),
    cut: late.filter((item) => blocks.has(item)).map(nameOf),
  };
}

function nameOf({ target, resource }: Item): string {
  return `${oneLine(resourceWords(resource), NAME_SHOWN)} (${oneLine(targetWords(target.target), NAME_SHOWN)})`;
}

function wholeBlock(item: Item): string {
  const { diff } = item.resource;
  return framed(item, diff === '' ? [] : [fenced(diff, 'diff')]);
}

/** Less is not worth a block. */
const LEAST_CUT = 1000;

/** As many whole hunks as fit, or of the first as many lines; null where not even a line does. */
function cutBlock(item: Item, room: number, measure: Measure): string | null {
  const lines = item.resource.diff.split('\n');
  const around = measure(framed(item, [fenced('', 'diff'), cutNote(lines.length)])) + LONGEST_FENCES;
  const count = linesThatFit(lines, room - around, measure);
  if (count === 0) return null;
  const hunk = lines.slice(0, count + 1).findLastIndex((line, index) => index > 0 && line.startsWith('@@'));
  const kept = hunk > 0 ? hunk : count;
  return framed(item, [fenced(lines.slice(0, kept).join('\n'), 'diff'), cutNote(lines.length - kept)]);
}

/** Room for fences longer than usual; content that needs more gives no block. */
const LONGEST_FENCES = 100;

function cutNote(count: number): string {
  return `…and ${counted(count, 'more line')} of this difference, not shown here.`;
}

function linesThatFit(lines: readonly string[], room: number, measure: Measure): number {
  let left = room;
  for (const [index, line] of lines.entries()) {
    left -= line.length > left ? line.length : measure(visible(line)) + 1;
    if (left < 0) return index;
  }
  return lines.length;
}

function framed({ target, resource }: Item, difference: readonly string[]): string {
  const was = resource.previousName === null ? '' : ` from ${htmlCode(oneLine(resource.previousName, NAME_SHOWN))}`;
  const where = htmlCode(oneLine(targetWords(target.target), NAME_SHOWN));
  const what = htmlCode(oneLine(resourceWords(resource), NAME_SHOWN));
  return details(
    `${what} ${changeWords(resource)}${was} (${where})`,
    [...fieldList(resource), ...orderNote(resource), ...difference].join('\n\n') || NO_DIFFERENCE,
  );
}

const NO_DIFFERENCE = 'Its difference is not shown.';

/** Fields that are listed before a difference, which shows them all. */
const FIELDS_LISTED = 20;
/** Characters of a field's path and of each of its values. */
const FIELD_SHOWN = 160;

function fieldList({ fields }: ResourceChange): readonly string[] {
  if (fields.length === 0) return [];
  const lines = fields
    .slice(0, FIELDS_LISTED)
    .map(({ path, ...sides }) => `- ${short(path)}: ${valueTexts(sides).join(' → ')}`);
  const more = fields.length - FIELDS_LISTED;
  return [[...lines, ...(more > 0 ? [`- …and ${counted(more, 'more field')} in the difference`] : [])].join('\n')];
}

/** Of two long values, where they differ. */
function valueTexts({ before, after }: Pick<FieldChange, 'before' | 'after'>): readonly string[] {
  if (before === null || after === null)
    return [before, after].map((value) => (value === null ? 'none' : short(value)));
  return excerpts(before, after, FIELD_SHOWN - 2).map((part) => short(marked(part.text, part)));
}

function short(text: string): string {
  return code(oneLine(text, FIELD_SHOWN));
}

function orderNote({ reordered }: ResourceChange): readonly string[] {
  return reordered.length === 0 ? [] : [`In another order: ${listedFew(reordered.map(short), 5, 'list')}.`];
}
