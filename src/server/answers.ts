/** The bodies that several routes send. */
import type { FastifyReply } from 'fastify';

/** `error` is a sentence for the person at the other end: what is wrong, and what would change it. */
export function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}

/** The store did not take it: the sender must not believe that it is safe. */
export function refuseForNow(reply: FastifyReply): FastifyReply {
  return refuse(reply.header('retry-after', '30'), 503, 'This could not be stored just now. Send it again later.');
}

/** For log lines: an error's own words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
