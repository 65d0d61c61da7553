/** What the people may do whose word counts, and who is in the teams that rules name. */
import type { Review } from '../../core/forge-objects.js';
import { reviewersOf, type PolicyFacts } from '../../core/policy/policy-facts.js';
import { Forbidden } from '../../core/problem.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

/** Read again each time: a right that was taken away must not count. Who can't be read is left out, which counts as unknown. */
export async function gatherPermissions(
  { forge, repository }: ConfiguredRepository,
  reviews: readonly Review[],
): Promise<PolicyFacts['permissions']> {
  const found = await Promise.all(
    reviewersOf(reviews).map(async (login) => {
      try {
        return [[login, await forge.people.permission(repository, login)] as const];
      } catch (cause) {
        // Not known counts as unknown: only the rules that rest on this person wait.
        if (cause instanceof Forbidden) return [];
        throw cause;
      }
    }),
  );
  return Object.fromEntries(found.flat());
}

export async function gatherTeams(
  { forge, repository }: ConfiguredRepository,
  teams: readonly string[],
): Promise<PolicyFacts['teams']> {
  const found = await Promise.all(
    teams.map(async (team) => [team, (await forge.people.team(repository, team)) ?? ('unknown' as const)] as const),
  );
  return Object.fromEntries(found);
}
