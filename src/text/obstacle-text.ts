/** Why something can't be carried or written, as clauses of plain text: where Markdown is read, they are escaped there. */
import type { ImageEditProblem } from '../core/image/image-fields.js';
import type { CarryProblem } from '../core/promotion/carried-set.js';
import type { Obstacle } from '../core/promotion/decide-promotion.js';
import { unreachable } from '../core/unreachable.js';
import type { EditProblem } from '../core/yaml/edit-scalars.js';

export function obstacleText(why: Obstacle): string {
  switch (why.kind) {
    case 'no-files':
      return `${why.target.app} has no files in ${why.target.env} yet: commit a first version there, then promotions can follow`;
    case 'no-such-version':
      return `${why.source.app} has not had the version ${why.version} in ${why.source.env} lately`;
    case 'not-carried':
      return `${why.path} can’t be carried: ${fileProblemText(why.problem)}`;
    case 'no-source-commit':
      return `no commit in reach says where ${why.source.app} in ${why.source.env} comes from`;
    default:
      return unreachable(why);
  }
}

/** Why a file can't be written as wished. */
export function fileProblemText(problem: CarryProblem | ImageEditProblem): string {
  if ('directory' in problem) return `it is ${UNREADABLE[problem.kind]} in ${problem.directory}`;
  if ('place' in problem) return placeText(problem);
  return OF_THE_FILE[problem.kind];
}

const UNREADABLE = { 'not-text': 'no file of UTF-8 text', 'not-yaml': 'not valid YAML' } as const;

const OF_THE_FILE = {
  pinned: 'the file pins a digest, and the request names none: send the digest too',
  'invalid-yaml': 'the file is not valid YAML',
  'would-break': 'the edit would break the file',
  'would-change-more': 'the edit would change more than was meant',
} as const;

function placeText({ kind, place }: Extract<EditProblem, { readonly place: string }>): string {
  switch (kind) {
    case 'no-single-value':
      return `there is no single value at ${place}`;
    case 'doubled-key':
      return `a key of ${place} stands twice in one map`;
    case 'anchored':
      return `${place} carries an anchor that other places use`;
    case 'tagged':
      return `${place} has a tag (!name) of its own`;
    case 'block-text':
      return `${place} is a block of text, not a single value`;
    case 'two-values':
      return `${place} would get two values`;
    default:
      return unreachable(kind);
  }
}
