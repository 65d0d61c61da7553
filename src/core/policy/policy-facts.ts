/** What the policy is decided from, gathered fresh. `unknown` is a fact that could not be read; it never helps. */
import type { PeopleRule, PolicyRule } from '../configuration.js';
import type { Permission, Person, Review } from '../forge-objects.js';
import type { ForgeKind, Instant, Sha, TargetName } from '../ids.js';
import type { PlanChanges } from '../plan/plan.js';

export interface PolicyFacts {
  readonly head: Sha;
  readonly author: Person | 'unknown';
  readonly committers: readonly Committer[] | 'unknown';
  /** `outside`: changed files that belong to no target. */
  readonly affected: { readonly targets: readonly TargetName[]; readonly outside: readonly string[] } | 'unknown';
  readonly changes: PlanChanges;
  /** In time order, each person's latest word last. */
  readonly reviews: readonly Review[];
  /** Since when the plan of this head has had its digest: approvals given before it do not count. */
  readonly planSince: Instant | 'unknown';
  /** By login in lower case; a login that is not here counts as unknown. */
  readonly permissions: Readonly<Record<string, Permission | 'unknown'>>;
  /** Logins by team as the rules write it; a team that is not here counts as unknown. */
  readonly teams: Readonly<Record<string, readonly string[] | 'unknown'>>;
}

/** Author or committer of one of the pull request's commits. */
export interface Committer {
  /** Null: no account is known for the e-mail address, so it may be anybody's. */
  readonly login: string | null;
  readonly email: string;
}

/** Whose permission must be looked up before {@link PolicyFacts} are complete: everyone who reviewed, in lower case. */
export function reviewersOf(reviews: readonly Review[]): readonly string[] {
  return [
    ...new Set(reviews.filter(({ state }) => state !== 'commented').map(({ person }) => person.login.toLowerCase())),
  ];
}

/** Which teams' members must be looked up. */
export function teamsOf(rules: readonly PolicyRule[]): readonly string[] {
  const people = rules.flatMap(({ require }): readonly PeopleRule[] => (require.kind === 'none' ? [] : [require.from]));
  return [...new Set(people.flatMap(({ teams }) => teams))];
}

/**
 * The login inside an address that a forge makes up for people who hide theirs: `12+alice@users.noreply.github.com`,
 * `12-alice@users.noreply.gitlab.com`. Null for any other address.
 */
export function loginOfNoreplyAddress(email: string, forge: ForgeKind): string | null {
  const pattern =
    forge === 'github'
      ? /^(?:[0-9]+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+$/i
      : /^[0-9]+-([A-Za-z0-9_.-]+)@users\.noreply\.[a-z0-9.-]+$/i;
  return pattern.exec(email)?.[1] ?? null;
}
