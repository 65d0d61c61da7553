/** The plan in words: its section of the comment and of the check, the check's title, its problems. */
import type { HiddenPart, Plan, PlanProblem, PlanWarning, TargetPlan } from '../core/plan/plan.js';
import { code, counted, fenced, fitting, link, listed, listedFew, NOTE_LENGTH, oneLine, plain } from './markdown.js';
import { resourceBlocks, type Blocks } from './plan-blocks.js';
import { NAME_SHOWN, path, problemWords } from './plan-problems.js';
import {
  costNoteWords,
  costWords,
  headline,
  hiddenGroups,
  hiddenWords,
  imageWords,
  targetWords,
  warningPlaces,
  warningWords,
  worstFirst,
  type HiddenGroup,
} from './plan-words.js';
import { measureOf, type Measure, type Room } from './room.js';

const TITLE_SHOWN = 140;

/** One line for the check: `api in dev: image 1.0.0 → 1.1.0`, after how many warnings there are. */
export function planTitle(plan: Plan): string {
  if (plan.problems.length > 0)
    return oneLine(`The plan failed: ${counted(plan.problems.length, 'problem')}`, TITLE_SHOWN);
  const warnings = plan.warnings.length === 0 ? [] : [counted(plan.warnings.length, 'warning')];
  const changed = changedTargets(plan).map((target) => `${targetWords(target.target)}: ${headline(target)}`);
  if (changed.length === 0 && warnings.length === 0) return nothingTitle(plan);
  return oneLine([...warnings, ...changed].join('; '), TITLE_SHOWN);
}

function nothingTitle(plan: Plan): string {
  if (plan.hidden.length > 0) return nothingWords(plan).replace(/[.,].*/, '');
  return plan.changes === 'none' ? 'Nothing changes' : 'No environment changes';
}

/** Nothing may be said to stay the same of which something was left out. */
export function nothingWords(plan: Plan): string {
  const hidden = new Set(plan.hidden.map(({ kind }) => kind));
  hidden.delete('unshown-resource');
  if (hidden.size === 1 && hidden.has('unread-file')) return 'No manifest changes.';
  if (hidden.size > 0) return 'No difference shows, but not everything was compared.';
  if (plan.hidden.length > 0) return 'Nothing changes in what was asked for.';
  return plan.changes === 'none' ? 'Nothing changes.' : 'What every environment runs stays the same.';
}

/**
 * The section of the comment, within `limit` (characters, or characters and bytes; not less than {@link LEAST_BUDGET}). What is left out
 * is counted and named before the differences. `whole`: where the plan can be read uncut.
 */
export function planSection(plan: Plan, limit: number | Room, whole: string | null = null): string {
  const given = typeof limit === 'number' ? { characters: limit, bytes: Number.MAX_SAFE_INTEGER } : limit;
  const measure = measureOf(given);
  const page = whole === null ? [] : [link('The whole plan', whole)];
  const room = Math.max(given.characters, LEAST_BUDGET) - page.join('').length - NOTE_LENGTH;
  const part = (share: number): Part => ({ room: room * share, measure });
  const before = [
    ...warningList(plan.warnings, part(0.12)),
    ...summary(plan, part(0.25)),
    ...hiddenList(plan.hidden, part(0.08)),
    ...outsideText(plan),
    ...page,
  ];
  const problems = problemList(plan.problems, part(0.2));
  const used = measure([...before, ...problems].join('\n\n'));
  const names = { room: Math.max(room * NAMES_SHARE, LEAST_NAMES), measure };
  const blocks = resourceBlocks(changedTargets(plan), room - used - names.room, measure);
  return [...leftOut(blocks, names, whole), ...before, ...problems, ...blocks.shown].join('\n\n');
}

export const LEAST_BUDGET = 5000;
/** Of the room, what naming the differences left out may take. */
const NAMES_SHARE = 0.1;
const LEAST_NAMES = 800;

interface Part {
  readonly room: number;
  readonly measure: Measure;
}

/** The list within its room, with a last line that counts those left out. */
function bounded(items: readonly string[], { room, measure }: Part, one: string): readonly string[] {
  if (items.length === 0) return [];
  const { shown, hidden } = fitting(items, room - NOTE_LENGTH, 1, measure);
  return [[...shown, ...(hidden === 0 ? [] : [`- …and ${counted(hidden, `more ${one}`)}`])].join('\n')];
}

function warningList(warnings: readonly PlanWarning[], part: Part): readonly string[] {
  const lines = worstFirst(warnings).map((warning) => {
    const { kind, target, resource } = warning;
    const places = warningPlaces(warning).map((place) => code(oneLine(place, NAME_SHOWN)));
    const where = places.length === 0 ? '' : ` at ${listedFew(places, 5, 'place')}`;
    return `- **Warning** (${code(kind)}): ${code(oneLine(resource, NAME_SHOWN))} in ${targetText(target)} ${warningWords(kind)}${where}`;
  });
  return bounded(lines, part, 'warning');
}

/** In sentences, by target; only their first lines where all would be too long. */
function summary(plan: Plan, part: Part): readonly string[] {
  const changed = changedTargets(plan);
  if (changed.length === 0) return plan.problems.length === 0 ? [nothingWords(plan)] : [];
  const full = changed.map((target) => [summaryRow(target), ...imageLines(target), ...costLines(target)].join('\n'));
  const fits = fitting(full, part.room - NOTE_LENGTH, 1, part.measure).hidden === 0;
  return bounded(fits ? full : changed.map(summaryRow), part, 'target');
}

function summaryRow(target: TargetPlan): string {
  return `- **${targetText(target.target)}**: ${plain(oneLine(headline(target), HEADLINE_SHOWN))}`;
}

const HEADLINE_SHOWN = 400;
/** Images and notes that are listed below a target, at most. */
const LISTED = 10;

function imageLines({ images }: TargetPlan): readonly string[] {
  const [only] = images;
  if (images.length === 1 && only?.link === null) return [];
  const lines = images.slice(0, LISTED).map((image) => {
    const words = oneLine(imageWords(image), HEADLINE_SHOWN);
    return `  - ${image.link === null ? plain(words) : link(words, image.link)}`;
  });
  const more = images.length - LISTED;
  return more > 0 ? [...lines, `  - …and ${counted(more, 'more image')}`] : lines;
}

function costLines({ cost }: TargetPlan): readonly string[] {
  if (cost === null) return [];
  const words = costWords(cost);
  const notes = cost.notes.map((note) => plain(oneLine(costNoteWords(note), NAME_SHOWN)));
  const note = notes.length === 0 ? '' : ` (${listedFew(notes, LISTED, 'note')})`;
  return words === '' && note === '' ? [] : [`  - requests ${plain(words === '' ? 'nothing' : words)}${note}`];
}

/** By kind: how many, and as many names as there is room for. Notes are sentences of their own. */
function hiddenList(hidden: readonly HiddenPart[], part: Part): readonly string[] {
  const groups = hiddenGroups(hidden);
  const room = (part.room - NOTE_LENGTH) / Math.max(groups.length, 1);
  return bounded(
    groups.map((group) => hiddenLine(group, { ...part, room })),
    part,
    'kind',
  );
}

function hiddenLine({ kind, count, parts }: HiddenGroup, part: Part): string {
  const say = kind === 'note' || kind === 'unshown-resource' ? plain : code;
  const names = parts.map(({ what, target }) => {
    const where = target === null ? '' : ` (${targetText(target)})`;
    return `${say(oneLine(what, NAME_SHOWN))}${where}`;
  });
  return `- ${hiddenWords(kind, count)}: ${named(names, part)}`;
}

/** As many as fit, and how many more there are. */
function named(names: readonly string[], { room, measure }: Part): string {
  const { shown, hidden } = fitting(names, room - NOTE_LENGTH, 2, measure);
  return hidden === 0 ? listed(shown) : [...shown, `and ${hidden} more`].join(', ');
}

/** Before all else: who reads on must know that it is not all. */
function leftOut({ missing, cut }: Blocks, part: Part, whole: string | null): readonly string[] {
  if (missing.length === 0 && cut.length === 0) return [];
  const half = { ...part, room: part.room / 2 - NOTE_LENGTH };
  const lines = [
    missing.length === 0
      ? []
      : [`**${counted(missing.length, 'changed resource')} not shown here**: ${named(missing.map(code), half)}.`],
    cut.length === 0 ? [] : [`**${counted(cut.length, 'difference')} cut here**: ${named(cut.map(code), half)}.`],
    [
      whole === null
        ? `There is no room for all; ${code('lockkeeper plan')} shows it whole.`
        : 'There is no room for all: the whole plan is linked below.',
    ],
  ];
  return [lines.flat().join('\n')];
}

function outsideText(plan: Plan): readonly string[] {
  if (plan.outside.length === 0) return [];
  const files = plan.outside.map((each) => code(path(each)));
  return [`Files outside of all environments also change: ${listedFew(files, 5, 'file')}.`];
}

function changedTargets(plan: Plan): readonly TargetPlan[] {
  return plan.targets.filter((target) => target.resources.length > 0);
}

function problemList(problems: readonly PlanProblem[], { room, measure }: Part): readonly string[] {
  const { shown, hidden } = fitting(problems.map(problemText), room - NOTE_LENGTH, 2, measure);
  return hidden === 0 ? shown : [...shown, `…and ${counted(hidden, 'more problem')}.`];
}

/** Each problem says what to do about it. */
export function problemText(problem: PlanProblem): string {
  const { lead, files, position, advice, output } = problemWords(problem);
  const places = position === null || output === null ? files : [...files, position];
  const about = listedFew(
    places.map((each) => code(each)),
    10,
    'file',
  );
  if (output !== null) return `**${plain(lead)}**${about === '' ? '' : ` (${about})`}:\n\n${fenced(output, '')}`;
  if (position !== null) return `**${plain(lead)}**: ${code(position)} ${plain(advice)}`;
  return about === '' ? `**${plain(lead)}.** ${plain(advice)}` : `**${plain(lead)}**: ${about}. ${plain(advice)}`;
}

function targetText(target: { readonly app: string; readonly env: string }): string {
  return plain(oneLine(targetWords(target), NAME_SHOWN));
}
