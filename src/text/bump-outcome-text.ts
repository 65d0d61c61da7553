/** What became of a request for an image bump, for whoever sent it: plain text. */
import type { UnfitBump } from '../core/image/decide-bump.js';
import type { BumpOutcome, BumpRefusal, BumpResults } from '../core/image/bump-outcome.js';
import { unreachable } from '../core/unreachable.js';
import { noneOfOursText } from './none-of-ours-text.js';
import { fileProblemText } from './obstacle-text.js';

/** Environments by name where there are several. */
export function bumpResultsText(results: readonly BumpResults[]): string {
  const words = results.map(({ environment, outcomes }) => {
    const said = [...new Set(outcomes.map(bumpOutcomeText))].join(', ');
    return results.length > 1 ? `${environment}: ${said}` : said;
  });
  return words.join('; ');
}

/** Refusals begin with `refused: `: builds look for that. */
export function bumpOutcomeText(outcome: BumpOutcome): string {
  switch (outcome.kind) {
    case 'refused':
      return `refused: ${refusalText(outcome.why)}`;
    case 'landed':
      return `nothing to do: the environment is at ${outcome.at} already`;
    case 'in-pull-request':
      return `in pull request ${outcome.url}`;
    case 'nothing-to-do':
      return 'nothing to do';
    default:
      return unreachable(outcome);
  }
}

function refusalText(why: BumpRefusal): string {
  switch (why.kind) {
    case 'no-rule':
      return `no entry under images: in .lockkeeper.yaml names ${why.image}`;
    case 'broken-configuration':
      return `.lockkeeper.yaml on ${why.branch} is broken; send the request again once it is mended`;
    case 'none-of-ours':
      return noneOfOursText(why.why);
    case 'touched':
      return `people have pushed to ${why.branch}; merge or delete it, then ask again`;
    case 'forbidden':
      return why.message;
    default:
      return unfitText(why);
  }
}

function unfitText(why: UnfitBump): string {
  switch (why.kind) {
    case 'no-tag':
      return `"${why.tag}" can’t be the tag of an image`;
    case 'no-digest':
      return `"${why.digest}" can’t be the digest of an image`;
    case 'no-version':
      return `the tag "${why.tag}" is not a semantic version, and ${why.image} is updated by semantic version`;
    case 'out-of-range':
      return `${why.tag} is outside the range "${why.range}" of ${why.image}`;
    case 'not-named':
      return `no file of ${why.target.app} in ${why.target.env} gives ${why.image} a tag`;
    case 'not-editable':
      return `${why.path} can’t be edited: ${fileProblemText(why.problem)}`;
    default:
      return unreachable(why);
  }
}
