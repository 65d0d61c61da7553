/** Accounts, organisations, teams, tokens, apps, and what each may do. */
import type { AccessLevel } from './access-level.js';
import { atLeast, higherLevel } from './access-level.js';
import type { ForgeState } from './forge-state.js';
import type { Outcome } from './refusal.js';
import { done, notFound, refused } from './refusal.js';
import type { App, Installation, Organisation, Team, Token, User } from './state.js';

export class People {
  constructor(private readonly state: ForgeState) {}

  /** Adds an account, or gives back the one there is. */
  addUser(user: {
    readonly login: string;
    readonly name?: string;
    readonly email?: string;
    readonly kind?: User['kind'];
  }): User {
    const existing = this.state.users.get(user.login);
    if (existing !== undefined) return existing;
    const id = this.state.nextId();
    const added: User = {
      id,
      login: user.login,
      name: user.name ?? user.login,
      email: user.email ?? `${id}+${user.login}@users.noreply.forge.test`,
      kind: user.kind ?? 'person',
      createdAt: this.state.now(),
    };
    this.state.users.set(user.login, added);
    return added;
  }

  addOrganisation(organisation: { readonly login: string; readonly name?: string }): Organisation {
    const existing = this.state.organisations.get(organisation.login);
    if (existing !== undefined) return existing;
    const added: Organisation = {
      id: this.state.nextId(),
      login: organisation.login,
      name: organisation.name ?? organisation.login,
      members: new Map(),
    };
    this.state.organisations.set(added.login, added);
    return added;
  }

  setOrganisationMember(organisation: string, login: string, role: 'member' | 'owner' | 'none'): Outcome<Organisation> {
    const found = this.state.organisations.get(organisation);
    if (found === undefined) return notFound('organisation');
    const members = new Map(found.members);
    if (role === 'none') members.delete(login);
    else members.set(login, role);
    const changed = { ...found, members };
    this.state.organisations.set(organisation, changed);
    return done(changed);
  }

  addTeam(team: { readonly organisation: string; readonly slug: string; readonly name?: string }): Outcome<Team> {
    if (!this.state.organisations.has(team.organisation)) return notFound('organisation');
    const key = `${team.organisation}/${team.slug}`;
    const existing = this.state.teams.get(key);
    if (existing !== undefined) return done(existing);
    const added: Team = {
      id: this.state.nextId(),
      organisation: team.organisation,
      slug: team.slug,
      name: team.name ?? team.slug,
      members: new Set(),
      access: new Map(),
    };
    this.state.teams.set(key, added);
    return done(added);
  }

  /** Puts somebody in a team or takes them out; being in a team makes one a member of the organisation. */
  setTeamMember(team: string, login: string, membership: 'in' | 'out'): Outcome<Team> {
    const found = this.state.teams.get(team);
    if (found === undefined) return notFound('team');
    if (!this.state.users.has(login)) return notFound('user');
    const members = new Set(found.members);
    if (membership === 'in') members.add(login);
    else members.delete(login);
    const changed = { ...found, members };
    this.state.teams.set(team, changed);
    const organisation = this.state.organisations.get(found.organisation);
    if (membership === 'in' && organisation?.members.has(login) === false) {
      this.setOrganisationMember(found.organisation, login, 'member');
    }
    return done(changed);
  }

  /** What a team's members may do in a repository (`owner/name`). */
  setTeamAccess(team: string, repository: string, level: AccessLevel): Outcome<Team> {
    const found = this.state.teams.get(team);
    if (found === undefined) return notFound('team');
    const changed = { ...found, access: new Map(found.access).set(repository, level) };
    this.state.teams.set(team, changed);
    return done(changed);
  }

  setCollaborator(repository: string, login: string, level: AccessLevel): Outcome<void> {
    const found = this.state.repositories.get(repository);
    if (found === undefined) return notFound('repository');
    if (!this.state.users.has(login)) return notFound('user');
    const collaborators = new Map(found.collaborators);
    if (level === 'none') collaborators.delete(login);
    else collaborators.set(login, level);
    this.state.repositories.set(repository, { ...found, collaborators });
    return done(undefined);
  }

  addToken(token: Token): void {
    this.state.tokens.set(token.value, token);
  }

  /** The token as sent, when it is known and has not expired. */
  token(value: string): Token | undefined {
    const found = this.state.tokens.get(value);
    if (found?.expiresAt !== undefined && found.expiresAt <= this.state.now()) return undefined;
    return found;
  }

  /** Registers an App and its bot account `slug[bot]`. */
  addApp(app: Omit<App, 'installations'> & { readonly installations?: readonly Installation[] }): App {
    const added: App = { ...app, installations: app.installations ?? [] };
    this.state.apps.set(app.slug, added);
    this.addUser({ login: `${app.slug}[bot]`, name: app.name, kind: 'bot' });
    return added;
  }

  addInstallation(appSlug: string, installation: Omit<Installation, 'createdAt'>): Outcome<Installation> {
    const app = this.state.apps.get(appSlug);
    if (app === undefined) return notFound('app');
    const added: Installation = { ...installation, createdAt: this.state.now() };
    this.state.apps.set(appSlug, { ...app, installations: [...app.installations, added] });
    this.state.emit({
      kind: 'installation',
      at: this.state.now(),
      actor: installation.account,
      appSlug,
      installationId: added.id,
    });
    return done(added);
  }

  /** The App whose bot this login is. */
  appOf(login: string): App | undefined {
    return login.endsWith('[bot]') ? this.state.apps.get(login.slice(0, -'[bot]'.length)) : undefined;
  }

  /** The installation of an App that covers a repository. */
  installationFor(app: App, repository: string): Installation | undefined {
    const owner = repository.split('/')[0];
    return app.installations.find(
      (one) => one.account === owner && (one.repositories === 'all' || one.repositories.includes(repository)),
    );
  }

  /**
   * The highest of: owning the repository or its organisation, being a collaborator, a team's grant, an App's
   * installation (write). Everybody reads a public repository, but only when they have an account.
   */
  accessTo(repository: string, login: string): AccessLevel {
    const found = this.state.repositories.get(repository);
    if (found === undefined || !this.state.users.has(login)) return 'none';
    const owner = this.state.organisations.get(found.owner);
    if (found.owner === login || owner?.members.get(login) === 'owner') return 'admin';
    const app = this.appOf(login);
    const installed = app !== undefined && this.installationFor(app, repository) !== undefined;
    const grants: readonly AccessLevel[] = [
      found.private ? 'none' : 'read',
      found.collaborators.get(login) ?? 'none',
      installed ? 'write' : 'none',
      ...this.teamGrants(repository, login),
    ];
    return grants.reduce(higherLevel);
  }

  private teamGrants(repository: string, login: string): readonly AccessLevel[] {
    const teams = [...this.state.teams.values()].filter((team) => team.members.has(login));
    return teams.flatMap((team) => team.access.get(repository) ?? []);
  }

  /** Refuses an actor below `need`: as not found when the repository is invisible to them. */
  require(repository: string, login: string, need: AccessLevel): Outcome<void> {
    const level = this.accessTo(repository, login);
    if (!this.state.repositories.has(repository) || level === 'none') return notFound('repository');
    if (atLeast(level, need)) return done(undefined);
    return refused({
      kind: 'forbidden',
      need,
      message: `${login} has ${level} permission on ${repository}; ${need} is needed`,
    });
  }

  /** Everybody with some access, with their level, in the order the accounts were made. */
  membersOf(repository: string): readonly { readonly user: User; readonly level: AccessLevel }[] {
    return [...this.state.users.values()]
      .map((user) => ({ user, level: this.explicitAccessTo(repository, user.login) }))
      .filter((one) => one.level !== 'none');
  }

  private explicitAccessTo(repository: string, login: string): AccessLevel {
    const found = this.state.repositories.get(repository);
    const level = this.accessTo(repository, login);
    if (found === undefined || found.private || level !== 'read') return level;
    const granted = found.collaborators.has(login) || this.teamGrants(repository, login).length > 0;
    return granted ? level : 'none';
  }

  teamMembers(team: string): readonly User[] {
    const found = this.state.teams.get(team);
    return [...(found?.members ?? [])].flatMap((login) => this.state.users.get(login) ?? []);
  }
}
