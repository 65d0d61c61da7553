/** GitLab's REST API (v4) apart from how requests come: routes, refusals, ETags. */
import { createHash, randomUUID } from 'node:crypto';
import type { Forge } from '../forge/forge.js';
import type { User } from '../forge/state.js';
import { innerAnswer, type InnerAnswer, type InnerRequest, type Payload } from '../inner-request.js';
import { RouteTable } from '../route-table.js';
import { GitlabRefused } from './gitlab-answer.js';
import { GitlabInput } from './gitlab-input.js';
import { GitlabRequest, type GitlabAnswer, type GitlabRoute } from './gitlab-request.js';
import type { GitlabUrls } from './gitlab-urls.js';
import { commitRoutes } from './routes-commits.js';
import { mergeRequestContentRoutes } from './routes-merge-request-content.js';
import { mergeRequestRoutes } from './routes-merge-requests.js';
import { mergingRoutes } from './routes-merging.js';
import { noteRoutes } from './routes-notes.js';
import { peopleRoutes } from './routes-people.js';
import { pipelineRoutes } from './routes-pipelines.js';
import { projectRoutes } from './routes-projects.js';
import { repositoryRoutes } from './routes-repository.js';

export const GITLAB_PREFIX = '/api/v4';

export const GITLAB_ROUTES: readonly GitlabRoute[] = [
  ...peopleRoutes,
  ...projectRoutes,
  ...repositoryRoutes,
  ...commitRoutes,
  ...pipelineRoutes,
  ...mergeRequestRoutes,
  ...mergeRequestContentRoutes,
  ...mergingRoutes,
  ...noteRoutes,
];

export const NOT_FOUND: GitlabAnswer = { status: 404, body: { error: '404 Not Found' } };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request whose route has been found. */
interface RoutedRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: Headers;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export class GitlabApi {
  readonly #table = new RouteTable(GITLAB_ROUTES);

  constructor(
    readonly forge: Forge,
    private readonly urls: GitlabUrls,
  ) {}

  /** Rejects with what {@link refusalOf} puts into words, where it is foreseen. */
  async run(route: GitlabRoute, request: RoutedRequest): Promise<GitlabAnswer> {
    const url = new URL(request.url, this.urls.root);
    const call = {
      actor: actorOf(this.forge, tokenOf(request.headers, url)),
      parameters: request.parameters,
      input: inputOf(request.body, url),
      url,
    };
    return route.handle(new GitlabRequest(this.forge, this.urls, call));
  }

  /** As over HTTP. */
  async answer(request: InnerRequest): Promise<InnerAnswer> {
    const payload = payloadOf(await this.#find(request).catch(refusalOf));
    const headers = { ...commonHeaders(this.forge), ...payload.headers };
    if (request.method !== 'GET' || payload.status !== 200 || payload.content === null)
      return innerAnswer({ ...payload, headers });
    const etag = tagOf(payload.content);
    if (request.headers['if-none-match'] !== etag) return innerAnswer({ ...payload, headers: { ...headers, etag } });
    const { 'content-type': _type, ...kept } = headers as Record<string, string>;
    return { status: 304, headers: { ...kept, etag }, body: '' };
  }

  async #find({ method, path, headers, body = '' }: InnerRequest): Promise<GitlabAnswer> {
    const [pathname = ''] = path.split('?');
    const found = pathname.startsWith(`${GITLAB_PREFIX}/`)
      ? this.#table.find(method, pathname.slice(GITLAB_PREFIX.length))
      : undefined;
    if (found === undefined) return NOT_FOUND;
    const type = headers['content-type'] ?? '';
    return this.run(found.route, { url: path, headers, parameters: found.parameters, body: parseBody(type, body) });
  }
}

function parseBody(type: string, text: string): unknown {
  if (text === '') return undefined;
  if (type.startsWith('application/x-www-form-urlencoded')) return valuesOf(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GitlabRefused({ status: 400, body: { error: 'Body is not valid JSON' } });
  }
}

export function payloadOf(answer: GitlabAnswer): Payload {
  const { status, body, headers = {} } = answer;
  if (body === undefined) return { status, headers, content: null };
  if (Buffer.isBuffer(body))
    return { status, headers: { 'content-type': 'application/octet-stream', ...headers }, content: body };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    content: JSON.stringify(body),
  };
}

/** What GitLab refuses; everything else is thrown on, for it is a mistake of the simulator's. */
export function refusalOf(error: unknown): GitlabAnswer {
  if (error instanceof GitlabRefused) return { status: error.refusal.status, body: error.refusal.body };
  throw error;
}

/** As the Rack in front of GitLab makes it: weak, of the body. */
export function tagOf(content: string | Buffer): string {
  return `W/"${createHash('md5').update(content).digest('hex')}"`;
}

/** GitLab tells the state of its rate limit with every answer. */
export function commonHeaders(forge: Forge): Readonly<Record<string, string>> {
  const reset = Math.floor(forge.now().getTime() / 1000) + 60;
  return {
    'x-request-id': randomUUID(),
    'ratelimit-limit': '2000',
    'ratelimit-observed': '1',
    'ratelimit-remaining': '1999',
    'ratelimit-reset': String(reset),
  };
}

/** `PRIVATE-TOKEN`, `Authorization: Bearer`, or `private_token` in the query. */
function tokenOf(headers: Headers, url: URL): string | undefined {
  const header = headers['private-token'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer (.+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
  return bearer ?? url.searchParams.get('private_token') ?? undefined;
}

function actorOf(forge: Forge, token: string | undefined): User | undefined {
  const found = token === undefined ? undefined : forge.people.token(token);
  return found === undefined ? undefined : forge.state.users.get(found.login);
}

/** The last of each name, all of those that are lists. */
export function valuesOf(search: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    values[name] = name.endsWith('[]') ? search.getAll(name) : search.getAll(name).at(-1);
  }
  return values;
}

function inputOf(body: unknown, url: URL): GitlabInput {
  const fromBody = typeof body === 'object' && body !== null ? { ...body } : {};
  return new GitlabInput({ ...valuesOf(url.searchParams), ...fromBody });
}
