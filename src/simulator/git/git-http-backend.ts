/**
 * Git over HTTP: `git http-backend` behind Basic authentication (any user name, a token as password). What a push has
 * moved becomes events and new heads of pull requests before the pusher gets its answer.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { startChild } from '../../spawner/start-child.js';
import type { Forge } from '../forge/forge.js';
import { answerLsRefs, lsRefsArguments } from './answer-ls-refs.js';
import { answerAsCgi } from './cgi-answer.js';
import { pushRulesVariable } from './hooks.js';
import { isolated, runGitOrThrow } from './run-git.js';

const services = ['git-upload-pack', 'git-receive-pack'] as const;
type Service = (typeof services)[number];

interface GitRequest {
  readonly repository: string;
  readonly path: string;
  readonly service: Service;
  readonly login: string;
}

interface GitServer {
  readonly forge: Forge;
  /** What protocol 2 offers, whatever the refs: all repositories here have the same settings, so any of them is asked, once. */
  readonly advertisement: (directory: string) => Promise<string>;
}

async function advertise(directory: string): Promise<string> {
  const environment = { GIT_PROTOCOL: 'version=2' };
  const command = ['upload-pack', '--stateless-rpc', '--advertise-refs', directory];
  return (await runGitOrThrow({ arguments: command, environment })).toString('utf8');
}

/** Serves `/OWNER/NAME.git/…`; the `.git` may be left out by clients, as on both forges. */
export async function registerGitHttp(server: FastifyInstance, forge: Forge): Promise<void> {
  let advertised: Promise<string> | undefined;
  const git: GitServer = { forge, advertisement: (directory) => (advertised ??= advertise(directory)) };
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const path of ['info/refs', ...services]) {
      const url = `/:owner/:name/${path}`;
      const method = path === 'info/refs' ? 'GET' : 'POST';
      scope.route({ method, url, handler: (request, reply) => serve(git, request, reply) });
    }
  });
}

async function serve(server: GitServer, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { forge } = server;
  const wanted = readRequest(forge, request);
  if ('refusal' in wanted) return reply.code(wanted.status).headers(wanted.headers).send(wanted.refusal);
  const body = wanted.path === 'git-upload-pack' ? await bodyOf(request) : undefined;
  const answer = await answerAtOnce(server, wanted, request, body);
  if (answer !== undefined) {
    const headers = { 'content-type': `application/x-git-upload-pack-${answer.kind}`, 'cache-control': 'no-cache' };
    return reply.headers(headers).send(answer.text);
  }
  reply.hijack();
  if (wanted.path === 'git-receive-pack') await receive(forge, wanted, request, reply);
  else await runBackend(forge, wanted, request, reply, body === undefined ? {} : { body });
  return reply;
}

interface RefusedGitRequest {
  readonly status: number;
  readonly refusal: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is asked for, by whom; or why it is not served. A repository that the asker can't see is not there. */
function readRequest(forge: Forge, request: FastifyRequest): GitRequest | RefusedGitRequest {
  const { owner = '', name = '' } = request.params as Readonly<Record<string, string>>;
  const repository = `${owner}/${name.replace(/\.git$/, '')}`;
  const path = request.url.split('?')[0]?.split('/').slice(3).join('/') ?? '';
  const asked = path === 'info/refs' ? (request.query as Readonly<Record<string, string>>)['service'] : path;
  const service = services.find((one) => one === asked);
  if (service === undefined) return { status: 403, refusal: 'Dumb HTTP is not served.\n', headers: {} };
  const login = loginOf(forge, request.headers.authorization);
  if (login === undefined) {
    const headers = { 'www-authenticate': 'Basic realm="forge"' };
    return { status: 401, refusal: 'Authentication is needed: use a token as the password.\n', headers };
  }
  const allowed = forge.people.require(repository, login, service === 'git-receive-pack' ? 'write' : 'read');
  if (allowed.ok) return { repository, path, service, login };
  if (allowed.refusal.kind === 'not-found') return { status: 404, refusal: 'Repository not found.\n', headers: {} };
  return { status: 403, refusal: `Permission to ${repository} denied to ${login}.\n`, headers: {} };
}

/** The person whose token is the password (or, as with `git clone https://TOKEN@…`, the user name). */
function loginOf(forge: Forge, header: string | undefined): string | undefined {
  const [scheme = '', encoded = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return forge.people.token(encoded)?.login;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return (forge.people.token(rest.join(':')) ?? forge.people.token(user))?.login;
}

async function receive(forge: Forge, wanted: GitRequest, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const git = forge.git(wanted.repository);
  await git.exclusive(async () => {
    const before = await git.listRefs('refs/');
    const pushed = async (): Promise<void> => {
      const after = await git.listRefs('refs/');
      await forge.branches.pushed({ repository: wanted.repository, actor: wanted.login, before, after });
    };
    await runBackend(forge, wanted, request, reply, { beforeEnd: pushed });
  });
}

/**
 * Clients look at what is offered and at the refs before each fetch, and mostly have everything already: that is answered
 * without git. Undefined where it takes git itself.
 */
async function answerAtOnce(server: GitServer, wanted: GitRequest, request: FastifyRequest, body: Buffer | undefined) {
  const { 'git-protocol': protocol, 'content-encoding': encoding } = request.headers;
  if (wanted.service !== 'git-upload-pack' || protocol !== 'version=2' || encoding !== undefined) return undefined;
  const git = server.forge.git(wanted.repository);
  if (body === undefined) return { kind: 'advertisement', text: await server.advertisement(git.directory) } as const;
  const wishes = lsRefsArguments(body);
  const text = wishes === undefined ? undefined : await answerLsRefs(git, wishes);
  return text === undefined ? undefined : ({ kind: 'result', text } as const);
}

async function bodyOf(request: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const body = request.body as AsyncIterable<Buffer> | undefined;
  if (body !== undefined) for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface BackendRun {
  /** Instead of the request's own, when that has been read. */
  readonly body?: Buffer;
  /** Runs when git has done its work and before the client sees the end of the answer. */
  readonly beforeEnd?: () => Promise<void>;
}

async function runBackend(
  forge: Forge,
  wanted: GitRequest,
  request: FastifyRequest,
  ...[reply, run = {}]: [FastifyReply, BackendRun?]
): Promise<void> {
  const child = startChild({
    program: 'git',
    arguments: ['http-backend'],
    environment: isolated(backendEnvironment(forge, wanted, request)),
  });
  child.stderr.resume();
  const body = request.body as NodeJS.ReadableStream | undefined;
  if (run.body !== undefined) child.stdin.end(run.body);
  else if (body === undefined) child.stdin.end();
  else body.pipe(child.stdin);
  // A client that goes away must not leave git waiting for the rest; git may also end before it has read everything.
  request.raw.on('aborted', () => child.signal('SIGTERM'));
  await answerAsCgi(child.stdout, reply.raw, run.beforeEnd ?? (async () => {}));
}

function backendEnvironment(
  forge: Forge,
  wanted: GitRequest,
  request: FastifyRequest,
): Readonly<Record<string, string>> {
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    GIT_PROJECT_ROOT: forge.git(wanted.repository).directory,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${wanted.path}`,
    QUERY_STRING: request.url.split('?')[1] ?? '',
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_USER: wanted.login,
    REMOTE_ADDR: request.ip,
    [pushRulesVariable]: pushRules(forge, wanted),
  };
}

/** The forge's own refs are nobody's to push; protected branches as their rules say, in the order in which they hold. */
function pushRules(forge: Forge, wanted: GitRequest): string {
  const found = forge.repositories.get(wanted.repository);
  const protections = found.ok ? found.value.protections : [];
  const rules = protections.map((one) => {
    const open = forge.protections.mayPush(wanted.repository, one.pattern, wanted.login).ok;
    return `refs/heads/${one.pattern}=${open ? (one.allowForcePushes ? 'allow' : 'forward') : 'refuse'}`;
  });
  return ['refs/pull/*=refuse', 'refs/merge-requests/*=refuse', ...rules].join(' ');
}
