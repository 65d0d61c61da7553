/** Members and users: https://docs.gitlab.com/api/project_members/ and https://docs.gitlab.com/api/group_members/. */
import type { Permission } from '../../core/forge-objects.js';
import type { Instant, RepositoryId } from '../../core/ids.js';
import type { People } from '../../ports/people.js';
import type { Connection } from './connection.js';
import { isRefusal, nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';

/** Long enough for one decision's questions, short enough that a renamed account can't stand in for another. In ms. */
const REMEMBER_IDS_FOR = 60_000;

export type UserIds = (login: string) => Promise<number | null>;

export function gitlabPeople(connection: Connection, idOf: UserIds): People {
  const { api } = connection;
  return {
    self: async () => ({ login: await connection.ownLogin(), kind: 'bot' }),
    async permission(repository, login) {
      const id = await idOf(login);
      if (id === null) return 'none';
      const membership = api.ProjectMembers.show(repository.path, id, { includeInherited: true });
      const member = await nullIfMissing(membership);
      if (member === null) return strangersPermission(connection, repository);
      return isActive(member) ? toPermission(member.access_level) : 'none';
    },
    async team(_repository, team) {
      try {
        const members = await api.GroupMembers.all(team, { includeInherited: true, ...LARGE_PAGES });
        return [...new Set(members.filter(isActive).map((member) => member.username))];
      } catch (error) {
        if (isRefusal(error, 403, 404)) return null;
        throw error;
      }
    },
  };
}

/** https://docs.gitlab.com/api/access_requests/#valid-access-levels; levels that GitLab may add count as the next one below. */
export function toPermission(accessLevel: number): Permission {
  if (accessLevel >= 50) return 'admin';
  if (accessLevel >= 40) return 'maintain';
  if (accessLevel >= 30) return 'write';
  return accessLevel >= 10 ? 'read' : 'none';
}

/** Blocked accounts and those who wait for admission are listed as members, but may do nothing. */
function isActive(member: { readonly state: string; readonly membership_state?: unknown }): boolean {
  const membership = member.membership_state;
  return member.state === 'active' && (membership === undefined || membership === 'active');
}

async function strangersPermission({ project: projectOf }: Connection, repository: RepositoryId): Promise<Permission> {
  const project = await nullIfMissing(projectOf(repository));
  return project?.visibility === 'public' ? 'read' : 'none';
}

/** Members are asked for by number. */
export function userIds({ api, clock }: Connection): UserIds {
  const known = new Map<string, { readonly id: number; readonly until: Instant }>();
  return async (login) => {
    const remembered = known.get(login);
    if (remembered !== undefined && clock.now() < remembered.until) return remembered.id;
    known.delete(login);
    const found = (await api.Users.all({ username: login })).find(
      (user) => user.username.toLowerCase() === login.toLowerCase(),
    );
    if (found === undefined) return null;
    known.set(login, { id: found.id, until: clock.now() + REMEMBER_IDS_FOR });
    return found.id;
  };
}
