/** Whether a pull request joins the merge queue by itself. */
import type { EnvironmentRules, PullRequestKind } from '../configuration.js';
import type { TargetName } from '../ids.js';

export interface MergeModeFacts {
  readonly environments: readonly Pick<EnvironmentRules, 'name' | 'merge'>[];
  readonly kind: PullRequestKind;
  /** Null while it is made. */
  readonly plan: { readonly targets: readonly { readonly target: TargetName }[] } | null;
}

/** `auto`: a promotion or bump of the bot's own, every environment of which says `merge: auto`. */
export function mergeMode({ environments, kind, plan }: MergeModeFacts): 'auto' | 'manual' {
  if (plan === null || plan.targets.length === 0 || (kind !== 'promotion' && kind !== 'bump')) return 'manual';
  const auto = new Set(environments.filter(({ merge }) => merge === 'auto').map(({ name }) => name));
  return plan.targets.every(({ target }) => auto.has(target.env)) ? 'auto' : 'manual';
}
