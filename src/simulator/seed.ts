/** A seed: what the forge holds when it starts, from JSON or YAML or written as a value. */
import { parse } from 'yaml';
import type { AccessLevel } from './forge/access-level.js';
import type { Forge } from './forge/forge.js';
import type { NewProtection } from './forge/protections.js';
import type { Outcome } from './forge/refusal.js';
import type { NewRuleset } from './forge/rulesets.js';
import type { RepositorySettings } from './forge/state.js';

export interface Seed {
  readonly users?: readonly SeedUser[];
  readonly organisations?: readonly SeedOrganisation[];
  readonly repositories?: readonly SeedRepository[];
  readonly apps?: readonly SeedApp[];
}

interface SeedUser {
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
  readonly kind?: 'person' | 'bot';
  /** Personal access tokens; they are also passwords for git. `LOGIN-token` when not given. */
  readonly tokens?: readonly string[];
}

export interface SeedOrganisation {
  readonly login: string;
  readonly name?: string;
  readonly owners?: readonly string[];
  readonly members?: readonly string[];
  /** Slug → members. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
}

export interface SeedRepository {
  /** `owner/name` */
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** Path → text; or a git repository on this machine to copy. One of the two. */
  readonly files?: Readonly<Record<string, string>>;
  readonly copyOf?: string;
  readonly collaborators?: Readonly<Record<string, AccessLevel>>;
  /** `organisation/slug` → level. */
  readonly teams?: Readonly<Record<string, AccessLevel>>;
  readonly protections?: readonly NewProtection[];
  readonly rulesets?: readonly NewRuleset[];
  readonly webhooks?: readonly SeedWebhook[];
  readonly settings?: Partial<RepositorySettings>;
}

export interface SeedWebhook {
  readonly url: string;
  readonly secret?: string;
  readonly signingToken?: string;
}

export interface SeedApp {
  readonly id: number;
  readonly slug: string;
  readonly name?: string;
  /** PEM; with it the App can sign in. */
  readonly publicKey?: string;
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** `contents` → `write`; all that the bot's manifest asks for when not given, and so with `events`. */
  readonly permissions?: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
  /** Accounts it is installed on, with the id of the installation and the repositories it covers. */
  readonly installations?: readonly {
    readonly id: number;
    readonly account: string;
    readonly repositories?: 'all' | readonly string[];
  }[];
}

/** Reads a seed file's text. Throws words for people when it is not a mapping of the known keys. */
export function parseSeed(text: string): Seed {
  const value: unknown = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the seed must be a mapping');
  const known = ['users', 'organisations', 'repositories', 'apps'];
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new Error(`the seed has unknown keys: ${unknown.join(', ')}; known are ${known.join(', ')}`);
  return value;
}

/** Puts a seed into a forge. Throws when the seed contradicts itself. */
export async function plantSeed(forge: Forge, seed: Seed): Promise<void> {
  for (const user of seed.users ?? []) plantUser(forge, user);
  for (const organisation of seed.organisations ?? []) plantOrganisation(forge, organisation);
  for (const repository of seed.repositories ?? []) await plantRepository(forge, repository);
  for (const app of seed.apps ?? []) plantApp(forge, app);
}

function plantUser(forge: Forge, user: SeedUser): void {
  const { tokens, ...account } = user;
  forge.people.addUser(account);
  for (const value of tokens ?? [`${user.login}-token`])
    forge.people.addToken({ value, login: user.login, kind: 'personal' });
}

function plantOrganisation(forge: Forge, organisation: SeedOrganisation): void {
  const { login, name } = organisation;
  forge.people.addOrganisation(name === undefined ? { login } : { login, name });
  for (const owner of organisation.owners ?? []) must(forge.people.setOrganisationMember(login, owner, 'owner'));
  for (const member of organisation.members ?? []) must(forge.people.setOrganisationMember(login, member, 'member'));
  for (const [slug, members] of Object.entries(organisation.teams ?? {})) {
    must(forge.people.addTeam({ organisation: login, slug }));
    for (const member of members) must(forge.people.setTeamMember(`${login}/${slug}`, member, 'in'));
  }
}

async function plantRepository(forge: Forge, seed: SeedRepository): Promise<void> {
  const {
    name,
    files,
    copyOf,
    collaborators: _collaborators,
    teams: _teams,
    protections,
    rulesets,
    webhooks,
    ...described
  } = seed;
  const [owner = '', shortName = ''] = name.split('/');
  const author = forge.state.users.keys().next().value ?? 'seed';
  const content =
    copyOf === undefined
      ? ({ kind: 'files', files: files ?? {}, author } as const)
      : ({ kind: 'copy', path: copyOf } as const);
  must(await forge.repositories.create({ ...described, owner, name: shortName, content }));
  plantPermissions(forge, seed);
  for (const protection of protections ?? []) must(forge.protections.set(name, protection));
  for (const ruleset of rulesets ?? []) must(forge.rulesets.add(name, ruleset));
  for (const webhook of webhooks ?? []) must(forge.repositories.addWebhook({ ...webhook, repository: name }));
}

function plantPermissions(forge: Forge, { name, collaborators = {}, teams = {} }: SeedRepository): void {
  for (const [login, level] of Object.entries(collaborators)) must(forge.people.setCollaborator(name, login, level));
  for (const [team, level] of Object.entries(teams)) must(forge.people.setTeamAccess(team, name, level));
}

function plantApp(forge: Forge, seed: SeedApp): void {
  const { installations, name, ...app } = seed;
  forge.people.addApp({ ...app, name: name ?? seed.slug, clientId: `Iv1.${seed.id}` });
  for (const installation of installations ?? []) {
    const { id, account, repositories } = installation;
    must(forge.people.addInstallation(seed.slug, { id, account, repositories: repositories ?? 'all' }));
  }
}

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`the seed can't be planted: ${JSON.stringify(outcome.refusal)}`);
}
