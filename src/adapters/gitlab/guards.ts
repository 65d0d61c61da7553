/** What guards a branch on GitLab (protected branches and merge checks, on every edition), and what the bot was given there. */
import type { BotGrants, BranchGuards, Known } from '../../core/doctor/examine.js';
import type { RepositoryId } from '../../core/ids.js';
import type { Checks } from '../../ports/checks.js';
import type { Guards } from '../../ports/guards.js';
import type { Connection } from './connection.js';
import { fitsPattern } from './fits-pattern.js';
import { isRefusal } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';

/** Developer: the least that may push branches and open merge requests. */
const DEVELOPER = 30;
const NO_ONE = 0;

const NEEDED_EVENTS = {
  merge_requests_events: 'Merge request events',
  note_events: 'Comments',
  push_events: 'Push events',
  pipeline_events: 'Pipeline events',
} as const;

export function gitlabGuards({ api, project: projectOf }: Connection, checks: Pick<Checks, 'required'>): Guards {
  return {
    async ofBranch(repository, branch) {
      const project = await projectOf(repository);
      return {
        required: await checks.required(repository, branch),
        ...protectionOf(await protectionsOn({ api }, repository, branch)),
        upToDate: project.merge_method === 'merge' ? 'not-demanded' : 'demanded',
        reporters: 'anyone',
        ownQueue: project['merge_trains_enabled'] === true ? 'required' : 'not-required',
      } satisfies BranchGuards;
    },
    async ofBot(repository) {
      const { permissions } = await projectOf(repository);
      const level = Math.max(
        permissions?.project_access?.access_level ?? 0,
        permissions?.group_access?.access_level ?? 0,
      );
      return {
        missingPermissions: level >= DEVELOPER ? [] : ['role: Developer'],
        missingEvents: await missingEvents({ api }, repository),
      };
    },
  };
}

type Api = Pick<Connection, 'api'>;
type Protection = Extract<
  Awaited<ReturnType<Connection['api']['ProtectedBranches']['all']>>,
  readonly unknown[]
>[number];

/** Those whose pattern the branch matches; `unknown` to whoever may not see them. */
async function protectionsOn(
  { api }: Api,
  repository: RepositoryId,
  branch: string,
): Promise<Known<readonly Protection[]>> {
  try {
    const all = await api.ProtectedBranches.all(repository.path, LARGE_PAGES);
    return all.filter(({ name }) => fitsPattern(branch, name));
  } catch (error) {
    if (isRefusal(error, 401, 403, 404)) return 'unknown';
    throw error;
  }
}

/** Where several patterns match, GitLab lets in whoever any of them lets in. */
function protectionOf(
  matching: Known<readonly Protection[]>,
): Pick<BranchGuards, 'directPushes' | 'forcePushes' | 'deletion' | 'bypass'> {
  if (matching === 'unknown')
    return { directPushes: 'unknown', forcePushes: 'unknown', deletion: 'unknown', bypass: 'unknown' };
  const pushers = matching.flatMap(({ push_access_levels: levels }) => levels ?? []);
  const past = pushers.filter(({ access_level: level }) => level !== NO_ONE);
  const isOpen = matching.length === 0;
  return {
    directPushes: isOpen || past.length > 0 ? 'whoever-may-write' : 'nobody',
    forcePushes: isOpen || matching.some((each) => each.allow_force_push === true) ? 'allowed' : 'forbidden',
    deletion: isOpen ? 'allowed' : 'forbidden',
    bypass: past.map(({ access_level_description: who }) => who),
  };
}

/** Only maintainers see a project's webhooks; those of its group, and an instance's, are not among them. */
async function missingEvents({ api }: Api, repository: RepositoryId): Promise<BotGrants['missingEvents']> {
  try {
    const hooks = await api.ProjectHooks.all(repository.path, LARGE_PAGES);
    const ours = hooks.filter(({ url }) => url.endsWith('/api/gitlab/webhooks'));
    if (ours.length === 0) return 'unknown';
    const told = new Map(ours.flatMap((hook) => Object.entries(hook)).filter(([, value]) => value === true));
    return Object.entries(NEEDED_EVENTS).flatMap(([key, name]) => (told.has(key) ? [] : [name]));
  } catch (error) {
    if (isRefusal(error, 401, 403, 404)) return 'unknown';
    throw error;
  }
}
