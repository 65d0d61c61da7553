/** Is a person among those that a rule names? Asked for approvals and for commands alike; what is not known means no. */
import type { PeopleRule } from '../people-rule.js';
import type { Permission } from '../forge-objects.js';

export interface PersonFacts {
  readonly login: string;
  readonly permission: Permission | 'unknown';
  /** By team as the rule writes it; a team that is not here counts as unknown. */
  readonly teams: Readonly<Record<string, 'member' | 'not-member' | 'unknown'>>;
}

export type Among =
  | { readonly kind: 'among'; readonly by: AmongBy }
  | { readonly kind: 'not-among' }
  /** Not even read permission, whatever the rule says. */
  | { readonly kind: 'no-access' }
  | { readonly kind: 'permission-unknown' }
  | { readonly kind: 'team-unknown'; readonly team: string };

export type AmongBy =
  | { readonly kind: 'name' }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'permission'; readonly permission: Permission };

const ORDER: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

function hasAtLeast(permission: Permission, needed: Permission): boolean {
  return ORDER.indexOf(permission) >= ORDER.indexOf(needed);
}

/** Forges do not tell letter case of logins apart. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Anyone in any of the rule's users, teams or permission, who can at least read the repository. */
export function findAmong(person: PersonFacts, people: PeopleRule): Among {
  const { permission } = person;
  if (permission === 'unknown') return { kind: 'permission-unknown' };
  if (permission === 'none') return { kind: 'no-access' };
  if (people.users.some((user) => sameLogin(user, person.login))) return { kind: 'among', by: { kind: 'name' } };
  if (people.permission !== null && hasAtLeast(permission, people.permission)) {
    return { kind: 'among', by: { kind: 'permission', permission } };
  }
  const standings = people.teams.map((team) => ({ team, standing: standingIn(person, team) }));
  const member = standings.find(({ standing }) => standing === 'member');
  if (member !== undefined) return { kind: 'among', by: { kind: 'team', team: member.team } };
  const unknown = standings.find(({ standing }) => standing === 'unknown');
  return unknown === undefined ? { kind: 'not-among' } : { kind: 'team-unknown', team: unknown.team };
}

function standingIn(person: PersonFacts, team: string): 'member' | 'not-member' | 'unknown' {
  return (Object.hasOwn(person.teams, team) ? person.teams[team] : undefined) ?? 'unknown';
}
