/** Projects that the bot was given: https://docs.gitlab.com/api/projects/. */
import type { RepositoryId } from '../../core/ids.js';
import type { Repositories } from '../../ports/forge.js';
import type { Connection } from './connection.js';
import { nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';

/** Developer: the least that may push branches and open merge requests. */
const DEVELOPER = 30;

interface RepositoriesSettings {
  /** Full paths; null: every project in which the bot is at least a developer. */
  readonly allowed: readonly string[] | null;
  /** Also git's password. */
  readonly token: string;
}

export function gitlabRepositories(connection: Connection, { allowed, token }: RepositoriesSettings): Repositories {
  const { api, project: projectOf } = connection;
  const inOurWords = (path: string): RepositoryId => ({ forge: 'gitlab', path });
  return {
    async list() {
      if (allowed !== null) return allowed.map(inOurWords);
      const projects = await api.Projects.all({
        membership: true,
        minAccessLevel: DEVELOPER,
        archived: false,
        ...LARGE_PAGES,
      });
      return projects.map((project) => inOurWords(project.path_with_namespace));
    },
    async facts(repository) {
      if (allowed !== null && !allowed.includes(repository.path)) return null;
      const project = await nullIfMissing(projectOf(repository));
      // An empty project has no default branch, and nothing in it to keep.
      if (project === null || !project.default_branch) return null;
      return {
        repository,
        defaultBranch: project.default_branch,
        webUrl: project.web_url,
        cloneUrl: project.http_url_to_repo,
      };
    },
    // Any user name goes with a token; this one also suits OAuth tokens.
    credentials: async () => ({ username: 'oauth2', password: token }),
  };
}
