import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from '../../../src/adapters/gitlab/connection.js';
import { GitlabRefusal } from '../../../src/adapters/gitlab/gitlab-refusal.js';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import { quietLog } from './quiet-log.js';

const NOW = Date.parse('2026-04-17T12:00:00Z');
const TOKEN = 'glpat-very-secret';

type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown;

let server: FastifyInstance | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A "GitLab" that gives the same answer to everything and remembers what it was asked. */
async function answering(
  answer: Answer,
  options: { readonly prefix?: string; readonly timeout?: number } = {},
): Promise<{ readonly connection: Connection; readonly asked: string[]; readonly origin: string }> {
  const asked: string[] = [];
  server = fastify({ forceCloseConnections: true });
  server.all('/*', async (request, reply) => {
    asked.push(`${request.method} ${request.url}`);
    return answer(request, reply);
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const connection = connect({
    url: `${origin}${options.prefix ?? ''}`,
    token: TOKEN,
    timeout: options.timeout ?? 5000,
    clock: { now: () => NOW },
    log: quietLog,
  });
  return { connection, asked, origin };
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It did not fail.');
}

const status = (
  code: number,
  headers: Readonly<Record<string, string>> = {},
  body: unknown = { message: 'no' },
): Answer => {
  return (_request, reply) => reply.code(code).headers(headers).send(body);
};

const write = ({ api }: Connection) => api.MergeRequestNotes.create('acme/config', 7, 'Hello');
const read = ({ api }: Connection) => api.MergeRequests.show('acme/config', 7);

describe('each request is sent once', () => {
  it.each([429, 500, 502, 503, 504])('a write answered with %i is not sent again', async (code) => {
    const { connection, asked } = await answering(status(code));
    expect(await failureOf(write(connection))).toBeInstanceOf(Unavailable);
    expect(asked).toEqual(['POST /api/v4/projects/acme%2Fconfig/merge_requests/7/notes']);
  });

  it.each([429, 502])('nor is a read answered with %i', async (code) => {
    const { connection, asked } = await answering(status(code));
    expect(await failureOf(read(connection))).toBeInstanceOf(Unavailable);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['a read', read],
    ['a write', write],
  ])('%s whose answer is empty is transient: what became of it is not told', async (_name, ask) => {
    const { connection, asked } = await answering((_request, reply) => reply.code(200).send());
    expect(await failureOf(ask(connection))).toBeInstanceOf(Unavailable);
    expect(asked).toHaveLength(1);
  });

  it('a connection that is cut is transient', async () => {
    const { connection, asked } = await answering((request, reply) => {
      reply.hijack();
      request.raw.socket.destroy();
    });
    expect(await failureOf(write(connection))).toBeInstanceOf(Unavailable);
    expect(asked).toHaveLength(1);
  });

  it('no answer in time is transient and says how long was waited', async () => {
    const { connection } = await answering(
      async (_request, reply) => {
        reply.hijack();
      },
      { timeout: 50 },
    );
    const error = await failureOf(read(connection));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('within 50 ms');
  });

  it('an answer whose body never ends is transient too', async () => {
    const { connection } = await answering(
      async (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'application/json' });
        reply.raw.write('{"iid":');
      },
      { timeout: 50 },
    );
    expect(await failureOf(read(connection))).toBeInstanceOf(Unavailable);
  });
});

describe('when GitLab wants to be asked again', () => {
  const retryAtOf = async (answer: Answer) => {
    const { connection } = await answering(answer);
    const error = await failureOf(write(connection));
    return error instanceof Unavailable ? error.retryAt : 'not Unavailable';
  };

  it('Retry-After in seconds', async () => {
    expect(await retryAtOf(status(429, { 'retry-after': '17', 'ratelimit-reset': '1' }))).toBe(NOW + 17_000);
  });
  it('Retry-After as a date', async () => {
    expect(await retryAtOf(status(503, { 'retry-after': 'Fri, 17 Apr 2026 12:01:00 GMT' }))).toBe(NOW + 60_000);
  });
  it('RateLimit-Reset on a 429', async () => {
    expect(await retryAtOf(status(429, { 'ratelimit-reset': String(NOW / 1000 + 9) }))).toBe(NOW + 9000);
  });
  it('but not on a 500, where it is about something else', async () => {
    expect(await retryAtOf(status(500, { 'ratelimit-reset': String(NOW / 1000 + 9) }))).toBeNull();
  });
  it('null when nothing was said', async () => {
    expect(await retryAtOf(status(502))).toBeNull();
  });
});

describe('what GitLab refuses', () => {
  it.each([401, 403])('%i is Forbidden, with what was asked and without the token', async (code) => {
    const { connection } = await answering(status(code, {}, { message: `no access with ${TOKEN}` }));
    const error = await failureOf(write(connection));
    expect(error).toBeInstanceOf(Forbidden);
    expect(error.message).toContain('POST /api/v4/projects/acme%2Fconfig/merge_requests/7/notes');
    expect(error.message).toContain('no access with ***');
    expect(error.message).not.toContain(TOKEN);
  });

  it('other refusals keep their status and words', async () => {
    const { connection } = await answering(status(409, {}, { message: ['Another open merge request'] }));
    const error = await failureOf(write(connection));
    expect(error).toBeInstanceOf(GitlabRefusal);
    expect(error).toMatchObject({ status: 409, words: '["Another open merge request"]' });
  });

  it('an error page of a proxy is not repeated', async () => {
    const { connection } = await answering((_request, reply) =>
      reply.code(403).type('text/html').send(`<html>${TOKEN} blocked</html>`),
    );
    expect((await failureOf(write(connection))).message).not.toContain('blocked');
  });

  it('a page instead of JSON is not mistaken for an answer', async () => {
    const { connection } = await answering((_request, reply) => reply.type('text/html').send('<html>Sign in</html>'));
    const error = await failureOf(read(connection));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('GITLAB_URL');
  });

  it('a redirect to another host is not followed: the token would travel along', async () => {
    const elsewhere: string[] = [];
    const other = fastify();
    other.all('/*', async (request) => {
      elsewhere.push(request.url);
      return {};
    });
    const otherOrigin = await other.listen({ host: '127.0.0.1', port: 0 });
    try {
      const { connection } = await answering((request, reply) => reply.redirect(`${otherOrigin}${request.url}`, 301));
      const error = await failureOf(read(connection));
      expect(error).toBeInstanceOf(Forbidden);
      expect(error.message).toContain(otherOrigin);
      expect(elsewhere).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('a moved project is gone under its old name', async () => {
    const { connection } = await answering((_request, reply) => reply.redirect('/api/v4/projects/9', 301));
    expect(await failureOf(read(connection))).toMatchObject({ status: 404 });
  });
});

describe('how requests look', () => {
  it('goes to a GitLab below a path, with the token in the header only', async () => {
    const tokens: unknown[] = [];
    const { connection, asked } = await answering(
      (request) => {
        tokens.push(request.headers['private-token']);
        return { username: 'lockkeeper' };
      },
      { prefix: '/gitlab/' },
    );
    expect(await connection.ownLogin()).toBe('lockkeeper');
    expect(asked).toEqual(['GET /gitlab/api/v4/user']);
    expect(tokens).toEqual([TOKEN]);
  });

  it('asks for the account once, but again after a failure', async () => {
    let failing = true;
    const { connection, asked } = await answering((_request, reply) =>
      failing ? reply.code(503).send({}) : reply.send({ username: 'lockkeeper' }),
    );
    expect(await failureOf(connection.ownLogin())).toBeInstanceOf(Unavailable);
    expect(connection.knownLogin()).toBeNull();
    failing = false;
    expect(await connection.ownLogin()).toBe('lockkeeper');
    expect(await connection.ownLogin()).toBe('lockkeeper');
    expect(connection.knownLogin()).toBe('lockkeeper');
    expect(asked).toHaveLength(2);
  });

  it('reads every page', async () => {
    const { connection, asked, origin } = await answering((request, reply) => {
      const page = new URL(request.url, 'http://x').searchParams.get('page') ?? '1';
      const url = `${origin}/api/v4/projects/acme%2Fconfig/merge_requests?page=2&per_page=100&state=opened`;
      if (page === '1') void reply.header('link', `<${url}>; rel="next"`);
      return [{ iid: Number(page) }];
    });
    const found = await connection.api.MergeRequests.all({ projectId: 'acme/config', state: 'opened', perPage: 100 });
    expect(found.map((mr) => mr.iid)).toEqual([1, 2]);
    expect(asked).toHaveLength(2);
  });
});
