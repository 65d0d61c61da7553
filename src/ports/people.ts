/** Who people are and what they may do: asked again whenever a decision depends on it. */
import type { Permission, Person } from '../core/forge-objects.js';
import type { RepositoryId } from '../core/ids.js';

export interface People {
  /** The bot's own account as it appears as author of comments and pull requests. */
  self(): Promise<Person>;
  /** `none` for strangers. */
  permission(repository: RepositoryId, login: string): Promise<Permission>;
  /** Logins of a team (`org/team`, or a GitLab group's full path), subgroups' and parents' inherited members included; null: unknown or not visible. */
  team(repository: RepositoryId, team: string): Promise<readonly string[] | null>;
}
