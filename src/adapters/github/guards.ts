/** What guards a branch on GitHub: classic protection and rulesets together; and what the App or the token was given. */
import type { BotGrants, BranchGuards, Known } from '../../core/doctor/examine.js';
import type { RepositoryId } from '../../core/ids.js';
import type { Checks } from '../../ports/checks.js';
import type { Guards } from '../../ports/guards.js';
import { ask, placeOf, type Client, type Clients, type Place } from './client.js';
import { answered } from './errors.js';

/** As app.yml asks for them. */
export const NEEDED_PERMISSIONS: Readonly<Record<string, 'read' | 'write'>> = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  members: 'read',
  merge_queues: 'read',
};
export const NEEDED_EVENTS: readonly string[] = [
  'pull_request',
  'pull_request_review',
  'issue_comment',
  'push',
  'status',
  'check_run',
  'check_suite',
  'merge_group',
];

type Classic = Awaited<ReturnType<Client['rest']['repos']['getBranchProtection']>>['data'];
type Rule = Awaited<ReturnType<Client['rest']['repos']['getBranchRules']>>['data'][number];

export class GithubGuards implements Guards {
  constructor(
    private readonly clients: Clients,
    private readonly checks: Pick<Checks, 'required'>,
  ) {}

  async ofBranch(repository: RepositoryId, branch: string): Promise<BranchGuards> {
    const client = await ask(`describe ${repository.path}`, () => this.clients.of(repository));
    const place = { ...placeOf(repository), branch };
    const what = `say what guards ${branch} of ${repository.path}`;
    const classic = await ask(what, () => classicOf(client, place));
    const rules = await ask(what, () => client.paginate(client.rest.repos.getBranchRules, { ...place, per_page: 100 }));
    const forbidden = (type: Rule['type'], allowed: (of: Classic) => boolean): Known<'allowed' | 'forbidden'> => {
      if (rules.some((rule) => rule.type === type)) return 'forbidden';
      if (classic === 'unknown') return 'unknown';
      return classic === null || allowed(classic) ? 'allowed' : 'forbidden';
    };
    return {
      required: await this.checks.required(repository, branch),
      directPushes: directPushes(classic, rules),
      forcePushes: forbidden('non_fast_forward', (of) => of.allow_force_pushes?.enabled === true),
      deletion: forbidden('deletion', (of) => of.allow_deletions?.enabled === true),
      bypass: await ask(what, () => bypassOf(client, place, { classic, rules })),
      upToDate: upToDate(classic, rules),
    };
  }

  async ofBot(repository: RepositoryId): Promise<BotGrants> {
    const place = placeOf(repository);
    const what = `say what the bot may do in ${repository.path}`;
    if (this.clients.kind === 'token') {
      const client = await ask(what, () => this.clients.of(repository));
      const { data } = await ask(what, () => client.rest.repos.get({ ...place }));
      const missing = data.permissions?.push === true ? [] : ['write on the repository'];
      return { missingPermissions: data.permissions === undefined ? 'unknown' : missing, missingEvents: 'unknown' };
    }
    const app = await this.clients.self();
    const { data } = await ask(what, () => app.rest.apps.getRepoInstallation({ ...place }));
    const granted = new Map(Object.entries(data.permissions));
    return {
      missingPermissions: Object.entries(NEEDED_PERMISSIONS)
        .filter(([name, level]) => granted.get(name) !== 'write' && granted.get(name) !== level)
        .map(([name, level]) => `${name}: ${level}`),
      missingEvents: NEEDED_EVENTS.filter((event) => !data.events.some((each) => each === event)),
    };
  }
}

/** Null: none. Only administrators see more than that there is one. */
async function classicOf(client: Client, place: Place & { readonly branch: string }): Promise<Known<Classic> | null> {
  try {
    return (await client.rest.repos.getBranchProtection({ ...place })).data;
  } catch (error) {
    if (!answered(error, 404) && !answered(error, 403)) throw error;
    const { data } = await client.rest.repos.getBranch({ ...place });
    return data.protected ? 'unknown' : null;
  }
}

function directPushes(classic: Known<Classic> | null, rules: readonly Rule[]): BranchGuards['directPushes'] {
  if (rules.some((rule) => rule.type === 'pull_request' || rule.type === 'update')) return 'nobody';
  if (classic === 'unknown') return 'unknown';
  return classic?.required_pull_request_reviews === undefined ? 'whoever-may-write' : 'nobody';
}

function upToDate(classic: Known<Classic> | null, rules: readonly Rule[]): BranchGuards['upToDate'] {
  const strict = rules.some(
    (rule) => rule.type === 'required_status_checks' && rule.parameters?.strict_required_status_checks_policy === true,
  );
  if (strict) return 'demanded';
  if (classic === 'unknown') return 'unknown';
  return classic?.required_status_checks?.strict === true ? 'demanded' : 'not-demanded';
}

interface Protection {
  readonly classic: Known<Classic> | null;
  readonly rules: readonly Rule[];
}

async function bypassOf(client: Client, place: Place, { classic, rules }: Protection): Promise<BranchGuards['bypass']> {
  if (classic === 'unknown') return 'unknown';
  const found = classic === null ? [] : classicBypass(classic);
  const ids = new Set(rules.flatMap((rule) => rule.ruleset_id ?? []));
  for (const id of ids) {
    const { data } = await client.rest.repos.getRepoRuleset({ ...place, ruleset_id: id, includes_parents: true });
    // Left out for whoever may not change the ruleset.
    if (data.bypass_actors === undefined) return 'unknown';
    for (const actor of data.bypass_actors) found.push(`${actor.actor_type} ${actor.actor_id ?? ''} of “${data.name}”`);
  }
  return found;
}

function classicBypass(classic: Classic): string[] {
  const allowed = classic.required_pull_request_reviews?.bypass_pull_request_allowances;
  return [
    ...(classic.enforce_admins?.enabled === true ? [] : ['administrators']),
    ...(allowed?.users ?? []).map((user) => user.login),
    ...(allowed?.teams ?? []).map((team) => `team ${team.slug}`),
    ...(allowed?.apps ?? []).map((app) => `app ${app?.slug ?? ''}`),
  ];
}
