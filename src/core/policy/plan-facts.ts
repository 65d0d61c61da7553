/** What a plan says to the policy. */
import semver from 'semver';
import { parseImageReference, type ImageReference } from '../image/image-reference.js';
import { targetKey } from '../ids.js';
import type { ImageChange } from '../plan/images.js';
import type { Amounts, Plan, TargetPlan } from '../plan/plan.js';
import type { PlanFacts, TargetFacts } from './policy-facts.js';
import type { PlanTrait, VersionStep } from './policy-rules.js';

/** Without a plan, or with one that has problems, nothing of it is known. `provenSince` is filled in by whoever reads the history. */
export function planFacts(plan: Plan | null): PlanFacts {
  if (plan === null || plan.problems.length > 0)
    return { digest: null, affected: 'unknown', targets: {}, changes: 'unknown', traits: 'unknown', cost: 'unknown' };
  const whole = !plan.hidden.some(({ kind }) => kind === 'unshown-resource');
  return {
    digest: plan.digest,
    affected: { targets: distinctTargets(plan), outside: plan.outside },
    targets: targetFacts(plan, whole),
    changes: plan.changes,
    traits: whole ? traitsOf(plan) : 'unknown',
    cost: costOf(plan),
  };
}

/** One target may stand in two directories. */
function distinctTargets(plan: Plan): readonly TargetPlan['target'][] {
  return [...new Map(plan.targets.map(({ target }) => [targetKey(target), target])).values()];
}

function targetFacts(plan: Plan, whole: boolean): Readonly<Record<string, TargetFacts>> {
  const keys = distinctTargets(plan).map(targetKey);
  return Object.fromEntries(
    keys.map((key) => {
      const plans = plan.targets.filter(({ target }) => targetKey(target) === key);
      const kinds = plans.flatMap(({ resources }) => resources.map(({ kind }) => kind)).filter((kind) => kind !== '');
      const versionStep = largestStep(plans.flatMap(({ images }) => images));
      return [key, { kinds: whole ? [...new Set(kinds)].sort() : 'unknown', versionStep, provenSince: {} }] as const;
    }),
  );
}

/** Kinds whose resources hold a secret or make one. */
const SECRET_KIND =
  /^(Secret|SecretList|SealedSecret|ExternalSecret|ClusterExternalSecret|SecretStore|ClusterSecretStore|PushSecret|SopsSecret|VaultSecret|VaultStaticSecret|VaultDynamicSecret|SecretProviderClass|OnePasswordItem)$/;

function traitsOf(plan: Plan): readonly PlanTrait[] {
  const resources = plan.targets.flatMap((target) => target.resources);
  const traits = new Set<PlanTrait>(plan.warnings.map(({ kind }) => kind));
  if (resources.some(({ change }) => change === 'removed' || change === 'renamed')) traits.add('deletes-resources');
  if (resources.some(({ kind }) => SECRET_KIND.test(kind))) traits.add('touches-secrets');
  return [...traits].sort();
}

/** Sums of what targets name; a target that requests nothing costs nothing, one whose quantities can't be read costs nobody knows what. */
function costOf(plan: Plan): Amounts | 'unknown' {
  const costs = plan.targets.flatMap(({ cost }) => cost ?? []);
  if (costs.some(({ money, notes }) => money === null || notes.some(({ kind }) => kind === 'unreadable')))
    return 'unknown';
  const currencies = new Set(costs.map(({ money }) => money?.currency));
  if (currencies.size > 1) return 'unknown';
  return costs.reduce(
    (sum, { money }) => ({ before: sum.before + (money?.before ?? 0), after: sum.after + (money?.after ?? 0) }),
    { before: 0, after: 0 },
  );
}

/** From the least to the one that dominates. */
const STEPS = ['none', 'patch', 'minor', 'major', 'downgrade', 'unknown'] as const;

/** The largest step of all; one that can't be told could be a downgrade, so it is larger than all. */
export function largestStep(
  images: readonly Pick<ImageChange, 'before' | 'after'>[],
): VersionStep | 'none' | 'unknown' {
  const steps = images.map(stepOf);
  return STEPS.findLast((step) => steps.includes(step)) ?? 'none';
}

/**
 * By semantic versions of the tags: `1.2` is read as `1.2.0`, a pre-release is a step of what it leads to. An image that comes, or takes
 * another's place, is a major step; one that goes is none. The same tag with another digest, or tags that are no versions: unknown.
 */
function stepOf({ before, after }: Pick<ImageChange, 'before' | 'after'>): VersionStep | 'none' | 'unknown' {
  if (after === null) return 'none';
  if (before === null) return 'major';
  const [old, now] = [parseImageReference(before), parseImageReference(after)];
  if (old === null || now === null) return 'unknown';
  if (old.image !== now.image) return 'major';
  return stepBetween(old, now);
}

function stepBetween(old: ImageReference, now: ImageReference): VersionStep | 'none' | 'unknown' {
  const [from, to] = [versionIn(old.tag), versionIn(now.tag)];
  if (from === null || to === null) return 'unknown';
  if (semver.lt(to, from)) return 'downgrade';
  const difference = semver.diff(from, to);
  if (difference === null) return old.tag === now.tag && old.digest === now.digest ? 'none' : 'unknown';
  if (difference.endsWith('major')) return 'major';
  return difference.endsWith('minor') ? 'minor' : 'patch';
}

/** `v1.2.3-rc.1`, `1.2`, `7`; not the 42 of `build-42`. */
function versionIn(tag: string | null): string | null {
  if (tag === null) return null;
  const exact = semver.valid(tag, { loose: true });
  if (exact !== null) return exact;
  const short = /^v?(\d{1,9})(?:\.(\d{1,9}))?$/.exec(tag);
  return short === null ? null : semver.valid(`${short[1] ?? '0'}.${short[2] ?? '0'}.0`);
}
