/** Repositories, who may do what in them, teams, branches and their protection. */
import type { BranchProtection, Repository, Team } from '../forge/state.js';
import { ApiError, notFoundError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { noContent, ok } from './github-call.js';
import { showCommit } from './show-git.js';
import { showFullRepository, showProtection, showProtectionSummary } from './show-repository.js';
import { olderPermission, showOrganisation, showSimpleUser, showTeam } from './show-user.js';

export const repositoryRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo',
    handle: (call) => {
      const repository = call.repository();
      return ok({ ...showFullRepository(call.view, repository, call.actor), ...organisationOf(call, repository) });
    },
  },
  { method: 'GET', path: '/repos/:owner/:repo/collaborators', handle: listCollaborators },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/collaborators/:user',
    handle: (call) => {
      const repository = call.repository('write');
      const known = call.forge.people
        .membersOf(repository.fullName)
        .some((one) => one.user.login === call.parameter('user'));
      return known ? noContent() : missing();
    },
  },
  { method: 'GET', path: '/repos/:owner/:repo/collaborators/:user/permission', handle: showPermission },
  { method: 'GET', path: '/repos/:owner/:repo/branches', handle: listBranches },
  { method: 'GET', path: '/repos/:owner/:repo/branches/:branch', handle: showBranch },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/branches/:branch/protection',
    handle: (call) => ok(protectionForAdmin(call).shown),
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/branches/:branch/protection/required_status_checks',
    handle: (call) => ok(protectionForAdmin(call).shown['required_status_checks'] ?? missing()),
  },
  { method: 'GET', path: '/orgs/:org/teams', handle: listTeams },
  { method: 'GET', path: '/orgs/:org/teams/:team', handle: (call) => ok({ ...showTeam(call.view, teamOf(call)) }) },
  {
    method: 'GET',
    path: '/orgs/:org/teams/:team/members',
    handle: (call) => call.page([...teamOf(call).members], (login) => showSimpleUser(call.view, login)),
  },
  {
    method: 'GET',
    path: '/orgs/:org/teams/:team/memberships/:user',
    handle: (call) => {
      const team = teamOf(call);
      const login = call.parameter('user');
      if (!team.members.has(login)) throw notFoundError();
      const url = call.urls.api(`orgs/${team.organisation}/teams/${team.slug}/memberships/${login}`);
      return ok({ url, role: 'member', state: 'active' });
    },
  },
];

function missing(): never {
  throw notFoundError();
}

function organisationOf(call: GithubCall, repository: Repository): Readonly<Record<string, unknown>> {
  return call.forge.state.organisations.has(repository.owner)
    ? { organization: showSimpleUser(call.view, repository.owner) }
    : {};
}

function listCollaborators(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  return call.page(call.forge.people.membersOf(repository.fullName), ({ user, level }) => ({
    ...showSimpleUser(call.view, user.login),
    role_name: level,
    permissions: permissionsOf(level),
  }));
}

function permissionsOf(level: string): Readonly<Record<string, boolean>> {
  const order = ['read', 'triage', 'write', 'maintain', 'admin'];
  const at = order.indexOf(level);
  return { pull: at >= 0, triage: at >= 1, push: at >= 2, maintain: at >= 3, admin: at >= 4 };
}

/** `none` for an account that exists but has no access; 404 for one that does not exist. */
function showPermission(call: GithubCall): GithubAnswer {
  const repository = call.repository('read');
  const login = call.parameter('user');
  if (!call.forge.state.users.has(login)) throw notFoundError();
  const level = call.forge.people.accessTo(repository.fullName, login);
  return ok({
    permission: olderPermission(level),
    role_name: level,
    user: { ...showSimpleUser(call.view, login), role_name: level, permissions: permissionsOf(level) },
  });
}

async function listBranches(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const only = call.query('protected');
  const branches = (await call.forge.branches.list(repository.fullName)).map((branch) => ({
    ...branch,
    protection: call.forge.protections.of(repository, branch.name),
  }));
  const wanted = branches.filter((one) => only === undefined || (one.protection !== undefined) === (only === 'true'));
  return call.page(wanted, ({ name, sha, protection }) => ({
    name,
    commit: { sha, url: call.urls.repository(repository.fullName, `commits/${sha}`) },
    protected: protection !== undefined,
    protection: showProtectionSummary(protection),
    protection_url: call.urls.repository(repository.fullName, `branches/${encodeURIComponent(name)}/protection`),
  }));
}

async function showBranch(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const name = call.parameter('branch');
  const head = await call.git(repository).branchHead(name);
  const commit = head === undefined ? undefined : await call.git(repository).readCommit(head);
  if (commit === undefined)
    throw new ApiError(404, {
      message: 'Branch not found',
      documentation_url: 'https://docs.github.com/rest',
      status: '404',
    });
  const protection = call.forge.protections.of(repository, name);
  const self = call.urls.repository(repository.fullName, `branches/${encodeURIComponent(name)}`);
  return ok({
    name,
    commit: showCommit(call.view, repository.fullName, commit),
    _links: { self, html: call.urls.html(`${repository.fullName}/tree/${name}`) },
    protected: protection !== undefined,
    protection: showProtectionSummary(protection),
    protection_url: `${self}/protection`,
  });
}

function protectionForAdmin(call: GithubCall): {
  readonly shown: Readonly<Record<string, unknown>>;
  readonly protection: BranchProtection;
} {
  const repository = call.repository('admin');
  const branch = call.parameter('branch');
  const protection = call.forge.protections.of(repository, branch);
  if (protection === undefined)
    throw new ApiError(404, {
      message: 'Branch not protected',
      documentation_url: 'https://docs.github.com/rest',
      status: '404',
    });
  return { shown: showProtection(call.view, repository.fullName, branch, protection), protection };
}

/** Teams are seen by members of the organisation and by Apps installed on it. */
function organisationSeen(call: GithubCall): string {
  const { actor, forge } = call;
  const login = call.parameter('org');
  const organisation = forge.state.organisations.get(login);
  const installed = forge.people.appOf(actor)?.installations.some((one) => one.account === login) === true;
  const repositories = forge.repositories
    .visibleTo(actor)
    .some((one) => one.owner === login && forge.people.accessTo(one.fullName, actor) !== 'read');
  if (organisation === undefined || !(installed || organisation.members.has(actor) || repositories))
    throw notFoundError();
  return login;
}

function listTeams(call: GithubCall): Promise<GithubAnswer> {
  const organisation = organisationSeen(call);
  const teams = [...call.forge.state.teams.values()].filter((one) => one.organisation === organisation);
  return call.page(teams, (team) => showTeam(call.view, team));
}

function teamOf(call: GithubCall): Team {
  const organisation = organisationSeen(call);
  return call.forge.state.teams.get(`${organisation}/${call.parameter('team')}`) ?? missing();
}

export const organisationRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: '/orgs/:org',
    handle: (call) => {
      const organisation = call.forge.state.organisations.get(call.parameter('org'));
      return organisation === undefined ? missing() : ok(showOrganisation(call.view, organisation));
    },
  },
];
