/** The merge queues, for programs. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instant, RepositoryId } from '../core/ids.js';
import type { QueueView, ViewedEntry } from '../core/queue/queue-view.js';
import { refuse, wordsOf } from './answers.js';
import { authorize } from './authorize.js';
import type { ReadQueues } from './read-queues.js';
import type { ServerOptions } from './server-options.js';

export function addQueueRoutes(server: FastifyInstance, options: ServerOptions, readQueues: ReadQueues): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    authorize(request, reply, options);

  server.get('/api/v1/queues', { onRequest }, async (_request, reply) => {
    try {
      const found = await readQueues();
      const queues = found.flatMap((each) => each.queues.map((view) => queueJson(each.repository, view)));
      return await reply.send({ queues });
    } catch (error) {
      options.log.warn({ error: wordsOf(error) }, 'The queues could not be read.');
      return refuse(reply.header('retry-after', '30'), 503, 'The queues could not be read just now. Ask again later.');
    }
  });
}

function queueJson(repository: RepositoryId, { branch, at, stopped, entries }: QueueView): object {
  return {
    forge: repository.forge,
    repository: repository.path,
    branch,
    at: timeOf(at),
    state: stopped === null ? 'running' : 'stopped',
    stoppedBy: stopped?.pullRequest ?? null,
    entries: entries.map(entryJson),
  };
}

function entryJson({ number, title, kind, by, since, urgency, position, wait, expected }: ViewedEntry): object {
  return {
    number,
    title,
    kind,
    position,
    urgency,
    by,
    since: timeOf(since),
    waitsFor: wait,
    expected: expected === null ? null : timeOf(expected),
  };
}

function timeOf(at: Instant): string {
  return new Date(at).toISOString();
}
