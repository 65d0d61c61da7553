/** One API request on the simulated GitHub: who asks, for which repository, with what; and what is answered. */
import type { AccessLevel } from '../forge/access-level.js';
import type { Forge } from '../forge/forge.js';
import type { App, PullRequest, Repository } from '../forge/state.js';
import type { GitRepository } from '../git/git-repository.js';
import { forbiddenError, granted, notFoundError, unauthorizedError, unprocessable } from './api-error.js';
import type { Caller } from './authenticate.js';
import type { GithubUrls } from './github-urls.js';
import type { GithubView } from './github-view.js';
import { paginate } from './paginate.js';

export interface GithubAnswer {
  readonly status: number;
  /** Undefined: no body. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GithubRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v3`, with `:name` parameters and perhaps a `*` at the end. */
  readonly path: string;
  readonly handle: (call: GithubCall) => Promise<GithubAnswer> | GithubAnswer;
}

export const ok = (body: unknown): GithubAnswer => ({ status: 200, body });
export const created = (body: unknown): GithubAnswer => ({ status: 201, body });
export const noContent = (): GithubAnswer => ({ status: 204, body: undefined });

interface GithubRequest {
  readonly caller: Caller;
  readonly parameters: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly body: unknown;
  /** The `Accept` header. */
  readonly accept: string;
}

export class GithubCall {
  readonly forge: Forge;
  readonly urls: GithubUrls;

  constructor(
    readonly view: GithubView,
    readonly request: GithubRequest,
  ) {
    this.forge = view.forge;
    this.urls = view.urls;
  }

  /** Login of who asks; Apps must use an installation's token for this. */
  get actor(): string {
    const { caller } = this.request;
    if (caller.kind === 'token') return caller.token.login;
    if (caller.kind === 'app') throw unauthorizedError('A JSON web token could not be decoded');
    throw unauthorizedError('Requires authentication');
  }

  /** The App that asks with its JWT. */
  get app(): App {
    const { caller } = this.request;
    if (caller.kind === 'app') return caller.app;
    throw unauthorizedError('A JSON web token could not be decoded');
  }

  /** A person, not an installation. */
  get person(): string {
    const { caller } = this.request;
    if (caller.kind === 'token' && caller.token.kind === 'installation')
      throw forbiddenError('Resource not accessible by integration');
    return this.actor;
  }

  parameter(name: string): string {
    return this.request.parameters[name] ?? '';
  }

  /** A number in the path; anything else is not found. */
  number(name: string): number {
    const value = Number(this.parameter(name));
    if (!Number.isInteger(value) || value < 1) throw notFoundError();
    return value;
  }

  query(name: string): string | undefined {
    return this.request.url.searchParams.get(name) ?? undefined;
  }

  /** The repository of the path, when who asks has `need` in it: 404 when it is invisible, 403 when it is not enough. */
  repository(need: AccessLevel = 'read'): Repository {
    const fullName = `${this.parameter('owner')}/${this.parameter('repo')}`;
    const allowed = this.forge.people.require(fullName, this.actor, need);
    if (!allowed.ok && allowed.refusal.kind === 'forbidden' && need === 'admin') {
      throw forbiddenError('Must have admin rights to Repository.');
    }
    granted(allowed);
    return granted(this.forge.repositories.get(fullName));
  }

  git(repository: Repository): GitRepository {
    return this.forge.git(repository.fullName);
  }

  pullRequest(repository: Repository): PullRequest {
    return granted(this.forge.pullRequests.get(repository.fullName, this.number('number')));
  }

  /** A commit by branch, tag, ref or SHA; what is missing is refused as GitHub does. */
  async commit(repository: Repository, name: string): Promise<string> {
    const sha = await this.git(repository).resolveCommit(name);
    if (sha === undefined) throw unprocessable(`No commit found for SHA: ${name}`);
    return sha;
  }

  /** One page of a list, shown item by item. */
  async page<T>(items: readonly T[], show: (item: T) => unknown): Promise<GithubAnswer> {
    const page = paginate(items, this.request.url);
    return { status: 200, headers: page.headers, body: await Promise.all(page.items.map(show)) };
  }

  /** One page of a list inside an object with its length. */
  async countedPage<T>(name: string, items: readonly T[], show: (item: T) => unknown): Promise<GithubAnswer> {
    const page = await this.page(items, show);
    return { ...page, body: { total_count: items.length, [name]: page.body } };
  }
}
