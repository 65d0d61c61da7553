/** Why a plan failed, as plain words that each rendering escapes in its own way. Each problem says what to do about it. */
import type { PlanProblem } from '../core/plan/plan.js';
import type { FileProblem } from '../core/problem.js';
import { unreachable } from '../core/unreachable.js';
import { counted, oneLine } from './markdown.js';
import { targetWords } from './plan-words.js';

interface ProblemWords {
  readonly lead: string;
  /** What it is about. */
  readonly files: readonly string[];
  /** The place in a file, or null. */
  readonly position: string | null;
  /** What is wrong there, or what helps; may be empty. */
  readonly advice: string;
  /** What a tool said, in its own lines; null where none spoke. */
  readonly output: string | null;
}

export function problemWords(problem: PlanProblem): ProblemWords {
  switch (problem.kind) {
    case 'render-failed':
      return {
        ...NOTHING,
        lead: `${target(problem)} could not be rendered ${sideText(problem.side)}`,
        ...placeOf(problem),
        output: shortened(problem.message),
      };
    case 'broken-manifest':
      return {
        ...at(problem.problem),
        lead: `${target(problem)} holds YAML that can't be read ${sideText(problem.side)}`,
      };
    case 'tool-missing': {
      const lead = `${target(problem)} needs ${oneLine(problem.tool, NAME_SHOWN)}, which the server does not have`;
      // In a block of its own: people copy it, and prose is rid of what looks like a mention (`@latest`).
      return { ...NOTHING, lead, output: shortened(problem.install) };
    }
    case 'conflict':
      return {
        ...NOTHING,
        lead: 'This does not merge into the target branch any more',
        files: problem.paths.map(path),
        advice: 'Rebase it or merge the target branch into it.',
      };
    case 'broken-configuration':
      return {
        ...at(problem.problem),
        lead:
          problem.where === 'target-branch'
            ? 'The configuration on the target branch is broken, so nothing acts until it is mended'
            : 'This would break the configuration',
      };
    case 'fork':
      return {
        ...NOTHING,
        lead: 'This comes from a fork and has not been rendered',
        advice: 'Someone with write permission can read the change and then comment /plan.',
      };
    default:
      return unreachable(problem);
  }
}

function placeOf({ file, line }: { readonly file: string | null; readonly line: number | null }) {
  if (file === null) return { files: [], position: null };
  return line === null ? { files: [path(file)], position: null } : { files: [], position: `${path(file)}:${line}` };
}

const NOTHING = { files: [], position: null, advice: '', output: null } as const;

function at(problem: FileProblem): Omit<ProblemWords, 'lead'> {
  return { ...NOTHING, position: positionOf(problem), advice: oneLine(problem.message, MESSAGE_SHOWN) };
}

/** `a.yaml:2:3` */
function positionOf({ file, line, column }: FileProblem): string {
  return `${path(file)}:${line}:${column}`;
}

/** Characters of an application's, environment's or resource's name that are shown, at most. */
export const NAME_SHOWN = 200;
/** Of a path. */
const PATH_SHOWN = 100;
/** Of a tool's or the reader's words. */
const MESSAGE_SHOWN = 1000;

export function path(text: string): string {
  return oneLine(text, PATH_SHOWN);
}

function target(problem: { readonly target: { readonly app: string; readonly env: string } }): string {
  return oneLine(targetWords(problem.target), NAME_SHOWN);
}

function sideText(side: 'before' | 'after'): string {
  return side === 'before' ? 'as it is on the target branch now' : 'with this change';
}

/** The end of what a tool said is where the cause stands. */
function shortened(message: string): string {
  const rest = message.length - MESSAGE_SHOWN;
  return rest <= 0 ? message : `(${counted(rest, 'character')} before this not shown)\n${message.slice(rest)}`;
}
