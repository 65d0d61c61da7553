/** What the policy last said of a pull request, kept for its page: nothing is decided from it. */
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type Sha } from '../../core/ids.js';
import type { Verdict } from '../../core/policy/verdict.js';
import type { App } from '../app.js';

interface KeptVerdict {
  readonly head: Sha;
  /** Of the plan that it was judged on. */
  readonly digest: string;
  readonly verdict: Verdict;
}

type Place = Pick<PullRequest, 'repository' | 'number'>;

/** Bumped when verdicts come to hold other things than before. */
const FORMAT = 2;

function keyOf({ repository, number }: Place): string {
  return `plan-page-policy/${String(FORMAT)}/${repositoryKey(repository)}#${String(number)}`;
}

/** Written only where it differs, and only where there are pages. */
export async function keepVerdict(app: App, place: Place, verdict: KeptVerdict): Promise<void> {
  if (app.planPages === undefined) return;
  const text = JSON.stringify(verdict);
  if ((await app.cache.get(keyOf(place))) !== text) await app.cache.put(keyOf(place), text);
}

export async function keptVerdict(app: App, place: Place): Promise<KeptVerdict | null> {
  const text = await app.cache.get(keyOf(place));
  return text === null ? null : (JSON.parse(text) as KeptVerdict);
}
