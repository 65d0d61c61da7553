/** An answer whose body got lost is no answer: nothing may be decided on fields that are not there. */
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createGithub } from '../../../src/adapters/github/create-github.js';
import { Unavailable } from '../../../src/core/problem.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import { recordingLog } from '../../stories/recording-log.js';

let server: FastifyInstance | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

it.each([200, 201])('takes an empty answer with %i for none', async (status) => {
  server = fastify({ forceCloseConnections: true });
  server.all('/*', async (_request, reply) => reply.code(status).header('content-type', 'application/json').send());
  const apiUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  const auth = { kind: 'token', token: 'bot-token' } as const;
  const { forge } = await createGithub({ auth, webhookSecret: 'quiet', apiUrl, pace: 'none', log: recordingLog() });
  const place = { repository: { forge: 'github', path: 'acme/config' }, number: 7 } as const;
  await expect(forge.pullRequests.read(place.repository, 7)).rejects.toBeInstanceOf(Unavailable);
  const lock = grantLaneLock('lane', 1, async () => true);
  await expect(forge.comments.create(lock, place, 'Hello')).rejects.toBeInstanceOf(Unavailable);
});

it('takes a listing that is answered with 409 for none, not for an empty one', async () => {
  server = fastify({ forceCloseConnections: true });
  server.all('/*', async (_request, reply) => reply.code(409).send({ message: 'Conflict' }));
  const apiUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  const auth = { kind: 'token', token: 'bot-token' } as const;
  const { forge } = await createGithub({ auth, webhookSecret: 'quiet', apiUrl, pace: 'none', log: recordingLog() });
  await expect(forge.comments.list({ forge: 'github', path: 'acme/config' }, 7)).rejects.toBeInstanceOf(Unavailable);
});
