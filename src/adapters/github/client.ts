/** Octokit clients for one repository each, as an App's installation or with a plain token; everything above is the same for both. */
import { createHash } from 'node:crypto';
import pino from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import type { RepositoryId } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { GITHUB_LIMITS } from '../../core/traffic/write-budget.js';
import type { Log } from '../../ports/log.js';
import { askConditionally } from './ask-conditionally.js';
import { answered, NotGiven, problemOf } from './errors.js';
import { rateLimitOf } from './rate-limit.js';
import { InstallationIds } from './installation-ids.js';
import type { GithubAuth, GithubSettings } from './settings.js';
import { spendWrites } from './spend-writes.js';
import { WriteBudget } from '../traffic/write-budget.js';

export type Client = ProbotOctokit;

type OctokitOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

export interface Place {
  readonly owner: string;
  readonly repo: string;
}

export interface Clients {
  readonly kind: GithubAuth['kind'];
  /** False for a repository outside the bounds that the settings give the bot. */
  allows(path: string): boolean;
  /** Rejects with {@link NotGiven} when the bot was not given the repository. */
  of(repository: RepositoryId): Promise<Client>;
  /** As the App itself; with a token, the token's client. */
  self(): Promise<Client>;
  /** The App's installations, suspended ones left out; none with a token. */
  installations(): Promise<readonly { readonly id: number; readonly client: Client }[]>;
  installationOf(repository: RepositoryId): Promise<number | null>;
}

/** To be spread into every write: a write is sent once and its outcome read back by us, never re-sent by the client. */
export const once = { request: { retries: 0 } } as const;

/** `owner/name` as Octokit's parameters. */
export function placeOf(repository: RepositoryId): Place {
  const [owner = '', repo = ''] = repository.path.split('/');
  return { owner, repo };
}

/** Runs a request; its failure becomes a problem in our words. `what` continues "GitHub was asked to …". */
export async function ask<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw problemOf(what, error, Date.now());
  }
}

/** As {@link ask}, for what may not be there. */
export async function askOrNull<T>(what: string, request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (answered(error, 404) || error instanceof NotGiven) return null;
    throw problemOf(what, error, Date.now());
  }
}

/** Asked right before each write: whoever lost the lane must not write any more. */
export async function holdLane(lock: LaneLock): Promise<void> {
  if (!(await lock.stillHeld())) throw new Unavailable('the lane was taken over');
}

type UnboundedClients = Omit<Clients, 'allows'>;

/** Makes the clients. Reaches no network. */
export function createClients(settings: GithubSettings): Clients {
  const bounds = settings.repositories === undefined ? null : new Set(settings.repositories.map(lowerCase));
  const allows = (path: string): boolean => bounds === null || bounds.has(lowerCase(path));
  const clients =
    settings.auth.kind === 'app' ? appClients(settings, settings.auth) : tokenClients(settings, settings.auth);
  return {
    ...clients,
    allows,
    of: (repository) => (allows(repository.path) ? clients.of(repository) : Promise.reject(notGiven(repository))),
  };
}

function appClients(settings: GithubSettings, auth: Extract<GithubAuth, { kind: 'app' }>): UnboundedClients {
  const probot = new Probot({
    appId: auth.appId,
    privateKey: auth.privateKey,
    secret: settings.webhookSecret,
    Octokit: octokitFor(settings),
    log: forwardTo(settings.log),
    request: { fetch: fetchWithin(settings) },
    ...baseUrlOf(settings),
  });
  const equip = equipment(settings);
  let app: Promise<Client> | null = null;
  const ofInstallations = new Map<number, Promise<Client>>();
  const asApp = (): Promise<Client> => (app ??= probot.auth().then((client) => equip(client, `app ${auth.appId}`)));
  // Probot would make a new one each time, which takes longer than most of what it is then asked. Its tokens it renews by itself.
  const asInstallation = (id: number): Promise<Client> => {
    const known = ofInstallations.get(id);
    if (known !== undefined) return known;
    const made = probot.auth(id).then((client) => equip(client, `app ${auth.appId} installation ${id}`));
    ofInstallations.set(id, made);
    void made.catch(() => ofInstallations.delete(id));
    return made;
  };
  const ids = new InstallationIds(async (place) => (await asApp()).rest.apps.getRepoInstallation(place));
  return {
    kind: 'app',
    self: asApp,
    installationOf: (repository) => ids.of(repository),
    async of(repository) {
      const id = await ids.of(repository);
      if (id === null) throw notGiven(repository);
      return asInstallation(id);
    },
    async installations() {
      const itself = await asApp();
      const found = await itself.paginate(itself.rest.apps.listInstallations, { per_page: 100 });
      const active = found.filter((one) => one.suspended_at === null || one.suspended_at === undefined);
      return Promise.all(active.map(async ({ id }) => ({ id, client: await asInstallation(id) })));
    },
  };
}

function tokenClients(settings: GithubSettings, auth: Extract<GithubAuth, { kind: 'token' }>): UnboundedClients {
  const plain = new (octokitFor(settings))({
    auth: { token: auth.token },
    log: forwardTo(settings.log),
    request: { fetch: fetchWithin(settings) },
    ...baseUrlOf(settings),
  });
  const client = equipment(settings)(plain, `token ${createHash('sha256').update(auth.token).digest('hex')}`);
  return {
    kind: 'token',
    self: () => Promise.resolve(client),
    of: () => Promise.resolve(client),
    installations: () => Promise.resolve([]),
    installationOf: () => Promise.resolve(null),
  };
}

/** What every client does for whom it asks and writes as. */
type Equip = (client: Client, identity: string) => Client;

function equipment({ answers, limits, log, pace = 'forge', ...settings }: GithubSettings): Equip {
  const clock = settings.clock ?? { now: () => Date.now() };
  const budget = new WriteBudget({
    forge: 'GitHub',
    what: 'writes',
    limits: limits ?? (pace === 'forge' ? GITHUB_LIMITS : []),
    ...(answers === undefined ? {} : { cache: answers }),
    clock,
    log,
  });
  return (client, identity) => {
    const spending = spendWrites(client, { budget, identity, clock });
    return answers === undefined ? spending : askConditionally(spending, answers, identity);
  };
}

/**
 * A rate limit is not waited for in the client, where it would hold the lane: it becomes `Unavailable` with the time at which to come
 * again. For the same reason reads are re-sent once at most. Probot brings waiting handlers of its own, hence the override.
 */
function octokitFor(settings: GithubSettings): typeof ProbotOctokit {
  const paced = (settings.pace ?? 'forge') === 'forge';
  return ProbotOctokit.defaults((options: OctokitOptions) => ({
    ...options,
    retry: { enabled: paced, retries: 1 },
    throttle: { ...options.throttle, enabled: paced, onRateLimit: () => false, onSecondaryRateLimit: () => false },
  }));
}

function baseUrlOf({ apiUrl }: GithubSettings): { readonly baseUrl?: string } {
  return apiUrl === undefined ? {} : { baseUrl: apiUrl.replace(/\/+$/, '') };
}

/** Bounds a request to the end of its body, and makes a body that is cut off, or left out, a failure instead of an empty answer. */
function fetchWithin({ timeout = 30_000, metrics }: GithubSettings): typeof fetch {
  return async (input, init) => {
    const { response, body } = await wholeAnswer(
      fetch(input, { ...init, signal: AbortSignal.timeout(timeout) }),
      metrics,
    );
    // Octokit's pages would end there as if nothing followed, and nothing that was listed is no ground to act on.
    if (response.status === 409 && isRead(init)) throw new TypeError('GitHub answered a read with 409');
    if (body.byteLength === 0 && (response.status === 200 || response.status === 201))
      throw new TypeError('the answer of GitHub is empty');
    const whole = new Response(body.byteLength === 0 ? null : body, response);
    return Object.defineProperty(whole, 'url', { value: response.url });
  };
}

function isRead(init: RequestInit | undefined): boolean {
  return (init?.method ?? 'GET').toUpperCase() === 'GET';
}

async function wholeAnswer(
  asked: Promise<Response>,
  metrics: GithubSettings['metrics'],
): Promise<{ readonly response: Response; readonly body: ArrayBuffer }> {
  try {
    const response = await asked;
    const body = await response.arrayBuffer();
    metrics?.forgeAnswered('github', { status: response.status, rateLimit: rateLimitOf(response.headers) });
    return { response, body };
  } catch (error) {
    metrics?.forgeAnswered('github', { status: null, rateLimit: null });
    throw error;
  }
}

/** Probot insists on a pino logger. Only its words are passed on: the fields of requests can hold bodies. */
function forwardTo(log: Log): pino.Logger {
  const write = (line: string): void => {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && 'msg' in said && typeof said.msg === 'string')
      log.warn({ from: 'octokit' }, said.msg);
  };
  return pino({ level: 'warn' }, { write });
}

function notGiven(repository: RepositoryId): NotGiven {
  return new NotGiven(`The bot was not given the repository ${repository.path}`);
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
