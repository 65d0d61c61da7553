/** Asks the forge who somebody is, now, and decides whether they may. */
import { authorise, peopleFor, type Authorisation } from '../../core/command/authorise.js';
import type { CommandRight } from '../../core/command/commands.js';
import { sameLogin } from '../../core/policy/among-people.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

export async function authorisePerson(
  { configuration, forge, repository }: ConfiguredRepository,
  environment: string | null,
  { login, right }: { readonly login: string; readonly right: CommandRight },
): Promise<Authorisation> {
  const rights = configuration.commands;
  const names = peopleFor(rights, right, environment).teams;
  const teams = await Promise.all(
    names.map(async (team) => {
      const members = await forge.people.team(repository, team);
      const standing =
        members === null ? 'unknown' : members.some((each) => sameLogin(each, login)) ? 'member' : 'not-member';
      return [team, standing] as const;
    }),
  );
  const permission = await forge.people.permission(repository, login);
  return authorise({
    command: right,
    environment,
    rights,
    person: { login, permission, teams: Object.fromEntries(teams) },
  });
}
