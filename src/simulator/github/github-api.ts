/** GitHub's REST dialect apart from how requests come: routes, errors, ETags. */
import { createHash } from 'node:crypto';
import type { DialectContext } from '../dialect.js';
import { innerAnswer, type InnerAnswer, type InnerRequest, type Payload } from '../inner-request.js';
import { RouteTable } from '../route-table.js';
import { ApiError } from './api-error.js';
import { authenticate } from './authenticate.js';
import { GithubCall, type GithubRoute } from './github-call.js';
import { GithubUrls } from './github-urls.js';
import type { GithubView } from './github-view.js';
import { appDeliveryRoutes, appRoutes } from './routes-apps.js';
import { checkRoutes } from './routes-checks.js';
import { commitRoutes } from './routes-commits.js';
import { gitDataRoutes } from './routes-git-data.js';
import { issueRoutes } from './routes-issues.js';
import { pullRoutes } from './routes-pulls.js';
import { organisationRoutes, repositoryRoutes } from './routes-repositories.js';
import { rulesetRoutes } from './routes-rulesets.js';

export const GITHUB_PREFIX = '/api/v3';

const JSON_TYPE = 'application/json; charset=utf-8';

export const NOT_FOUND = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' };

/** On everything, whatever else a fault says. */
export const RATE_HEADERS = {
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '4999',
  'x-ratelimit-used': '1',
  'x-ratelimit-reset': '4102444800',
  'x-ratelimit-resource': 'core',
} as const;

/** Who asks, and for what. */
interface Asking {
  readonly authorization?: string | undefined;
  readonly accept?: string | undefined;
}

/** A request whose route has been found. */
interface RoutedRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: Asking;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export class GithubApi {
  readonly view: GithubView;
  readonly routes: readonly GithubRoute[];
  readonly #table: RouteTable<GithubRoute>;
  readonly #url: () => string;
  #answered = 0;

  constructor(context: DialectContext) {
    this.view = { forge: context.forge, urls: new GithubUrls(context.url) };
    this.#url = context.url;
    this.routes = [
      ...appRoutes,
      ...appDeliveryRoutes(context.deliveries),
      ...repositoryRoutes,
      ...rulesetRoutes,
      ...organisationRoutes,
      ...gitDataRoutes,
      ...commitRoutes,
      ...checkRoutes,
      ...pullRoutes,
      ...issueRoutes,
    ];
    this.#table = new RouteTable(this.routes);
  }

  /** Rejects with what {@link errorPayload} puts into words. */
  async run(route: GithubRoute, request: RoutedRequest): Promise<Payload> {
    const call = new GithubCall(this.view, {
      caller: authenticate(this.view.forge, request.headers.authorization),
      parameters: request.parameters,
      url: new URL(request.url, this.#url()),
      body: request.body,
      accept: request.headers.accept ?? '',
    });
    const { status, body, headers = {} } = await route.handle(call);
    if (body === undefined) return { status, headers, content: null };
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const type = isRaw ? 'application/vnd.github.raw+json; charset=utf-8' : JSON_TYPE;
    return { status, headers: { ...headers, 'content-type': type }, content: isRaw ? body : JSON.stringify(body) };
  }

  /** As over HTTP. */
  async answer(request: InnerRequest): Promise<InnerAnswer> {
    this.#answered += 1;
    const payload = await this.#find(request).catch(errorPayload);
    const headers = { 'x-github-request-id': `within-${this.#answered}`, ...RATE_HEADERS, ...payload.headers };
    if (request.method !== 'GET' || payload.status !== 200 || payload.content === null)
      return innerAnswer({ ...payload, headers });
    const etag = tagOf(request.headers, payload.content);
    if (request.headers['if-none-match'] !== etag) return innerAnswer({ ...payload, headers: { ...headers, etag } });
    const kept = Object.entries(headers).filter(([name]) => !NOT_IN_304.includes(name));
    return { status: 304, headers: { ...Object.fromEntries(kept), etag }, body: '' };
  }

  async #find({ method, path, headers, body = '' }: InnerRequest): Promise<Payload> {
    const [pathname = ''] = path.split('?');
    const found = pathname.startsWith(`${GITHUB_PREFIX}/`)
      ? this.#table.find(method, pathname.slice(GITHUB_PREFIX.length))
      : undefined;
    if (found === undefined) return jsonPayload(404, NOT_FOUND);
    return this.run(found.route, { url: path, headers, parameters: found.parameters, body: parseBody(body) });
  }
}

/** Of the headers of a 200, those that a 304 does not bear. */
export const NOT_IN_304: readonly string[] = ['content-length', 'content-type', 'link'];

/** As GitHub's, ETags are weak, are made of the body and of who asks with which token, and not of the `Link` header. */
export function tagOf({ accept = '', authorization = '' }: Asking, content: string | Buffer): string {
  return `W/"${createHash('sha256').update(`${accept}:${authorization}:`).update(content).digest('hex')}"`;
}

/** Undefined for nothing; throws GitHub's refusal of what is no JSON. */
export function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const documentation = 'https://docs.github.com/rest';
    throw new ApiError(400, {
      message: 'Problems parsing JSON',
      documentation_url: documentation,
      status: '400',
    });
  }
}

export function errorPayload(error: unknown): Payload {
  if (error instanceof ApiError) return jsonPayload(error.status, error.body);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return jsonPayload(500, { message: 'Server Error', simulator: message });
}

function jsonPayload(status: number, body: unknown): Payload {
  return { status, headers: { 'content-type': JSON_TYPE }, content: JSON.stringify(body) };
}
