/** Which rules may come to decide about a target, before a pull request is there to be judged. */
import type { TargetName } from '../ids.js';
import type { PolicyRule } from './policy-rules.js';

/** Names in order: every rule that fits the target, up to the first that asks nothing of the change itself. */
export function decidingRules(rules: readonly PolicyRule[], target: TargetName): readonly string[] {
  const fitting = rules.filter(({ when }) => {
    const { environments, applications } = when;
    return (
      (environments === null || environments.includes(target.env)) &&
      (applications === null || applications.includes(target.app))
    );
  });
  const last = fitting.findIndex(asksNothingElse);
  return (last < 0 ? fitting : fitting.slice(0, last + 1)).map(({ name }) => name);
}

function asksNothingElse({ when }: PolicyRule): boolean {
  return Object.entries(when).every(
    ([name, condition]) => name === 'environments' || name === 'applications' || condition === null,
  );
}
