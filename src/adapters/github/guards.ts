/** What guards a branch on GitHub: classic protection and rulesets together; and what the App or the token was given. */
import type { BotGrants, BranchGuards, Known } from '../../core/doctor/examine.js';
import type { RepositoryId } from '../../core/ids.js';
import { OWN_CHECKS } from '../../core/standing/readiness.js';
import type { Checks } from '../../ports/checks.js';
import type { Guards } from '../../ports/guards.js';
import { ask, placeOf, type Client, type Clients, type Place } from './client.js';
import { answered, wordsOf } from './errors.js';

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
    const rules = await ask(what, () => rulesOn(client, place));
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
      reporters: this.clients.kind === 'token' ? 'anyone' : reportersOf(classic, rules),
      ownQueue: rules.some(({ type }) => type === 'merge_queue') ? 'required' : 'not-required',
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

/** Enterprise Servers older than 3.11 have none (404), nor have free private repositories (403, "Upgrade to …"). */
async function rulesOn(client: Client, place: Place & { readonly branch: string }): Promise<readonly Rule[]> {
  try {
    return await client.paginate(client.rest.repos.getBranchRules, { ...place, per_page: 100 });
  } catch (error) {
    if (answered(error, 404) || (answered(error, 403) && /\bupgrade to\b/i.test(wordsOf(error)))) return [];
    throw error;
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

/** Bound once is enough: every rule must be satisfied. What is not required at all is told elsewhere. */
function reportersOf(classic: Known<Classic> | null, rules: readonly Rule[]): BranchGuards['reporters'] {
  const ruled = rules.flatMap((rule) =>
    rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
  );
  const protectedBy = classic === null || classic === 'unknown' ? [] : (classic.required_status_checks?.checks ?? []);
  const all = [
    ...ruled.map(({ context, integration_id: app }) => ({ context, app: app ?? null })),
    ...protectedBy.map(({ context, app_id: app }) => ({ context, app })),
  ].filter(({ context }) => OWN_CHECKS.includes(context));
  const bound = new Set(all.flatMap(({ context, app }) => (app === null || app < 0 ? [] : [context])));
  if (all.length > 0 && all.every(({ context }) => bound.has(context))) return 'bot';
  if (classic === 'unknown') return 'unknown';
  return all.length === 0 ? 'not-required' : 'whoever-may-write';
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
    for (const actor of data.bypass_actors) found.push(`${actorWords(actor)} (ruleset “${data.name}”)`);
  }
  return found;
}

type BypassActor = NonNullable<
  Awaited<ReturnType<Client['rest']['repos']['getRepoRuleset']>>['data']['bypass_actors']
>[number];

/** Roles that every repository has, by GitHub's ids; those of an organisation's own have others. */
const ROLES: Readonly<Record<number, string>> = {
  1: 'whoever may read',
  2: 'maintainers',
  3: 'whoever may triage',
  4: 'whoever may write',
  5: 'administrators of the repository',
};

function actorWords({ actor_type: type, actor_id: id, bypass_mode: mode }: BypassActor): string {
  const one = String(id ?? '');
  const words: Readonly<Record<string, string>> = {
    OrganizationAdmin: 'owners of the organisation',
    RepositoryRole: ROLES[id ?? 0] ?? `the role ${one}`,
    Team: `the team ${one}`,
    Integration: `the App ${one}`,
    DeployKey: 'deploy keys',
  };
  return `${words[type] ?? `${type} ${one}`}${mode === 'pull_request' ? ', by pull requests only' : ''}`;
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
