/** What a dialect (GitHub, GitLab) and the pages are given, and what they add to the server. */
import type { FastifyInstance } from 'fastify';
import type { Deliveries } from './delivery/deliveries.js';
import type { Forge } from './forge/forge.js';
import type { InnerAnswer, InnerRequest } from './inner-request.js';

export interface DialectContext {
  readonly forge: Forge;
  readonly deliveries: Deliveries;
  /** `http://127.0.0.1:PORT` without a slash at the end; known once the server listens, so ask when answering. */
  readonly url: () => string;
}

/** A forge's API, however requests come to it. */
export interface Dialect {
  /** As over HTTP, without a connection. */
  answer(request: InnerRequest): Promise<InnerAnswer>;
  /** Adds its routes to the server, inside a plugin scope of its own. */
  register(server: FastifyInstance): Promise<void>;
}

/**
 * Makes it, and subscribes its webhooks: `forge.subscribe(event => for each hook deliveries.enqueue(draft))`.
 * GitHub: `openGithub` in github/register-github.ts; GitLab: `openGitlab` in gitlab/register-gitlab.ts.
 */
export type OpenDialect = (context: DialectContext) => Dialect;

/** Adds what it has to the server. */
export type RegisterDialect = (server: FastifyInstance, context: DialectContext) => Promise<void> | void;
