/** On GitLab how merge requests are merged is a setting of the project; a single merge can only choose to squash, within limits. */
import type { MergeRequest } from '../../ports/pull-requests.js';

interface MergeSettings {
  /** `merge`, `rebase_merge` (a merge commit, after a rebase) or `ff`. */
  readonly merge_method: string;
  /** `never`, `always`, `default_on` or `default_off`. */
  readonly squash_option: string;
}

/** Why this project can't merge in that way, as a sentence that names the way out; null if it can. */
export function methodObstacle(method: MergeRequest['method'], settings: MergeSettings): string | null {
  const fastForward = settings.merge_method === 'ff';
  switch (method) {
    case 'squash':
      return settings.squash_option === 'never'
        ? "The project's settings do not allow squashing: allow it there, or choose another queue.method."
        : null;
    case 'rebase':
      if (!fastForward) {
        return "GitLab's merge method is a setting of the project, which makes merge commits: set it to fast-forward merge there, or choose another queue.method.";
      }
      return squashedAnyway(settings);
    case 'merge':
      if (fastForward) {
        return "GitLab's merge method is a setting of the project, which makes no merge commits: set it to merge commit there, or choose another queue.method.";
      }
      return squashedAnyway(settings);
  }
}

function squashedAnyway(settings: MergeSettings): string | null {
  return settings.squash_option === 'always'
    ? "The project's settings demand squashing: change them, or choose squash as queue.method."
    : null;
}
