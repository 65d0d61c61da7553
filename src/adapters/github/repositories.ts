/** Which repositories the bot was given on GitHub, and how git gets at them. */
import type { Instant, RepositoryId } from '../../core/ids.js';
import { repositoryKey } from '../../core/ids.js';
import type { GitCredentials, Repositories, RepositoryFacts } from '../../ports/forge.js';
import { ask, askOrNull, placeOf, type Client, type Clients } from './client.js';
import { NotGiven } from './errors.js';
import { instantOf } from './from-github.js';
import { factsFrom, type JobMemory } from './job-memory.js';
import type { GithubAuth } from './settings.js';

/** An installation's token lives for an hour; one that is handed out should outlive a fetch. */
const spare = 10 * 60_000;

export interface KnownToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

interface RepositoriesMemory {
  /** For git, by repository: as long as the program runs. */
  readonly tokens: Map<string, KnownToken>;
  /** Null where every call asks. */
  readonly job: JobMemory | null;
}

export class GithubRepositories implements Repositories {
  private readonly tokens: Map<string, KnownToken>;
  private readonly job: JobMemory | null;

  constructor(
    private readonly clients: Clients,
    private readonly auth: GithubAuth,
    { tokens, job }: RepositoriesMemory,
  ) {
    this.tokens = tokens;
    this.job = job;
  }

  async list(): Promise<readonly RepositoryId[]> {
    const paths = await ask('list the repositories that the bot was given', () =>
      this.auth.kind === 'app' ? this.installed() : this.writable(),
    );
    const wanted = paths.filter((path) => this.clients.allows(path));
    return [...new Set(wanted)].sort().map((path) => ({ forge: 'github', path }));
  }

  async facts(repository: RepositoryId): Promise<RepositoryFacts | null> {
    const known = this.job?.facts(repository) ?? null;
    if (known !== null) return known;
    const answer = await askOrNull(`describe ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      return client.rest.repos.get({ ...placeOf(repository) });
    });
    if (answer === null) return null;
    this.job?.noteRepository(repository, answer.data);
    return factsFrom(repository, answer.data);
  }

  /** For an App: a token that can do no more than read this one repository. */
  async credentials(repository: RepositoryId): Promise<GitCredentials> {
    const username = 'x-access-token';
    if (this.auth.kind === 'token') {
      await this.clients.of(repository);
      return { username, password: this.auth.token };
    }
    const key = repositoryKey(repository);
    const known = this.tokens.get(key);
    if (known !== undefined && known.expiresAt - spare > Date.now()) return { username, password: known.token };
    const made = await ask(`let git read ${repository.path}`, () => this.readToken(repository));
    this.tokens.set(key, made);
    return { username, password: made.token };
  }

  private async readToken(repository: RepositoryId): Promise<KnownToken> {
    const id = await this.clients.installationOf(repository);
    if (id === null) throw new NotGiven(`The bot was not given the repository ${repository.path}`);
    const app = await this.clients.self();
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: id,
      repositories: [placeOf(repository).repo],
      permissions: { contents: 'read' },
    });
    return { token: data.token, expiresAt: instantOf(data.expires_at) };
  }

  private async installed(): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const { client } of await this.clients.installations()) paths.push(...(await reachable(client)));
    return paths;
  }

  private async writable(): Promise<readonly string[]> {
    const client = await this.clients.self();
    const found = await client.paginate(client.rest.repos.listForAuthenticatedUser, { per_page: 100 });
    return found.filter((one) => one.permissions?.push === true).map((one) => one.full_name);
  }
}

async function reachable(client: Client): Promise<readonly string[]> {
  const found = await client.paginate(client.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
  return found.map((one) => one.full_name);
}
