/** What several sets of policies say together: each can deny, and one that can't be asked refuses for all. */
import type { RegoOutcome } from './rego.js';

/** The first that is no evaluation, or all messages in order. */
export function joinOutcomes(outcomes: readonly RegoOutcome[]): RegoOutcome {
  const evaluated = outcomes.flatMap((outcome) => (outcome.kind === 'evaluated' ? [outcome] : []));
  const other = outcomes.find(({ kind }) => kind !== 'evaluated');
  return (
    other ?? {
      kind: 'evaluated',
      deny: evaluated.flatMap(({ deny }) => deny),
      warn: evaluated.flatMap(({ warn }) => warn),
    }
  );
}
