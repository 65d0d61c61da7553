/** Users, members and groups. */

import type { Organisation, Team, User } from '../forge/state.js';
import { notFound } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { ok } from './gitlab-request.js';
import { presentSubgroup, presentTopGroup } from './present-project.js';
import { presentFullUser, presentMember, presentUser } from './present-user.js';

const VERSION = { version: '18.5.0-simulated', revision: '0000000' };

function version(request: GitlabRequest): GitlabAnswer {
  void request.actor;
  return ok(VERSION);
}

function metadata(request: GitlabRequest): GitlabAnswer {
  void request.actor;
  const kas = { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null };
  return ok({ ...VERSION, kas, enterprise: false });
}

function currentUser(request: GitlabRequest): GitlabAnswer {
  return ok(presentFullUser(request.actor, request.urls, request.actor));
}

function listUsers(request: GitlabRequest): Promise<GitlabAnswer> {
  void request.actor;
  const username = request.input.text('username');
  const search = request.input.text('search')?.toLowerCase();
  const found = [...request.forge.state.users.values()].filter(
    (user) =>
      (username === undefined || user.login.toLowerCase() === username.toLowerCase()) &&
      (search === undefined ||
        user.email.toLowerCase() === search ||
        `${user.login} ${user.name}`.toLowerCase().includes(search)),
  );
  return request.page(found, (user) => presentUser(user, request.urls));
}

function findUser(request: GitlabRequest, id: number): User {
  const found = [...request.forge.state.users.values()].find((user) => user.id === id);
  return found ?? notFound('User');
}

function showUser(request: GitlabRequest): GitlabAnswer {
  const reader = request.actor;
  return ok(presentFullUser(findUser(request, request.integerParameter('user_id')), request.urls, reader));
}

function listProjectMembers(request: GitlabRequest): Promise<GitlabAnswer> {
  const project = request.project();
  const query = request.input.text('query')?.toLowerCase();
  const userIds = request.input.list('user_ids');
  const members = request.forge.people
    .membersOf(project.fullName)
    .filter(
      ({ user }) =>
        (query === undefined || `${user.login} ${user.name}`.toLowerCase().includes(query)) &&
        (userIds === undefined || userIds.includes(String(user.id))),
    );
  return request.page(members, ({ user, level }) => presentMember(user, level, request.urls));
}

function showProjectMember(request: GitlabRequest): GitlabAnswer {
  const project = request.project();
  const id = request.integerParameter('user_id');
  const found = request.forge.people.membersOf(project.fullName).find(({ user }) => user.id === id);
  return found === undefined ? notFound() : ok(presentMember(found.user, found.level, request.urls));
}

type Group = { readonly organisation: Organisation; readonly team: Team | undefined };

/** Groups are private: their people see them, and those who see a project of theirs. */
function seesGroups(request: GitlabRequest, organisation: Organisation): boolean {
  const { login } = request.actor;
  return (
    organisation.members.has(login) ||
    request.forge.repositories.visibleTo(login).some((repository) => repository.owner === organisation.login)
  );
}

/** A group by number or full path. */
function groupOf(request: GitlabRequest): Group {
  const id = request.parameter('id');
  const { state } = request.forge;
  const isThis = (group: { readonly id: number }, fullPath: string): boolean =>
    String(group.id) === id || fullPath === id;
  for (const organisation of state.organisations.values()) {
    if (!seesGroups(request, organisation)) continue;
    if (isThis(organisation, organisation.login)) return { organisation, team: undefined };
    const teams = [...state.teams.values()].filter((team) => team.organisation === organisation.login);
    const team = teams.find((one) => isThis(one, `${one.organisation}/${one.slug}`));
    if (team !== undefined) return { organisation, team };
  }
  return notFound('Group');
}

/**
 * The top group has its owners; other people are in its subgroups only (a member of the top group would be in every
 * subgroup). `members/all` of a subgroup shows the owners too, because they inherit it; `members` shows its own people.
 */
function groupMembers({ organisation, team }: Group, request: GitlabRequest, inherited: boolean) {
  const owners = [...organisation.members].flatMap(([login, role]) => (role === 'owner' ? [login] : []));
  const own = [...(team?.members ?? [])];
  const fromAbove = team === undefined || inherited ? owners : [];
  return [...new Set([...own, ...fromAbove])].map((login) => ({
    user: request.userOf(login),
    level: fromAbove.includes(login) ? ('admin' as const) : ('write' as const),
  }));
}

function listGroupMembers(inherited: boolean) {
  return (request: GitlabRequest): Promise<GitlabAnswer> =>
    request.page(groupMembers(groupOf(request), request, inherited), ({ user, level }) =>
      presentMember(user, level, request.urls),
    );
}

function showGroupMember(request: GitlabRequest): GitlabAnswer {
  const id = request.integerParameter('user_id');
  const found = groupMembers(groupOf(request), request, true).find(({ user }) => user.id === id);
  return found === undefined ? notFound() : ok(presentMember(found.user, found.level, request.urls));
}

function presentGroup({ organisation, team }: Group, request: GitlabRequest) {
  return team === undefined
    ? presentTopGroup(organisation, request.urls)
    : presentSubgroup(team, organisation, request.urls);
}

function showGroup(request: GitlabRequest): GitlabAnswer {
  return ok(presentGroup(groupOf(request), request));
}

function listGroups(request: GitlabRequest): Promise<GitlabAnswer> {
  const { state } = request.forge;
  const mine = [...state.organisations.values()].filter((one) => seesGroups(request, one));
  const groups = mine.flatMap((organisation): readonly Group[] => [
    { organisation, team: undefined },
    ...[...state.teams.values()]
      .filter((team) => team.organisation === organisation.login)
      .map((team) => ({ organisation, team })),
  ]);
  return request.page(groups, (group) => presentGroup(group, request));
}

export const peopleRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: '/version', handle: version },
  { method: 'GET', path: '/metadata', handle: metadata },
  { method: 'GET', path: '/user', handle: currentUser },
  { method: 'GET', path: '/users', handle: listUsers },
  { method: 'GET', path: '/users/:user_id', handle: showUser },
  { method: 'GET', path: '/projects/:id/members', handle: listProjectMembers },
  { method: 'GET', path: '/projects/:id/members/all', handle: listProjectMembers },
  { method: 'GET', path: '/projects/:id/members/:user_id', handle: showProjectMember },
  { method: 'GET', path: '/projects/:id/members/all/:user_id', handle: showProjectMember },
  { method: 'GET', path: '/groups', handle: listGroups },
  { method: 'GET', path: '/groups/:id', handle: showGroup },
  { method: 'GET', path: '/groups/:id/members', handle: listGroupMembers(false) },
  { method: 'GET', path: '/groups/:id/members/all', handle: listGroupMembers(true) },
  { method: 'GET', path: '/groups/:id/members/:user_id', handle: showGroupMember },
  { method: 'GET', path: '/groups/:id/members/all/:user_id', handle: showGroupMember },
];
