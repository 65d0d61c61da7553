/** What a dialect (GitHub, GitLab) and the pages are given, and what they add to the server. */
import type { FastifyInstance } from 'fastify';
import type { Deliveries } from './delivery/deliveries.js';
import type { Forge } from './forge/forge.js';

export interface DialectContext {
  readonly forge: Forge;
  readonly deliveries: Deliveries;
  /** `http://127.0.0.1:PORT` without a slash at the end; known once the server listens, so ask when answering. */
  readonly url: () => string;
}

/**
 * Adds the dialect's routes to the server, inside a plugin scope of its own, and subscribes its webhooks:
 * `forge.subscribe(event => for each hook deliveries.enqueue(draft))`.
 * GitHub: `registerGithub` in github/register-github.ts; GitLab: `registerGitlab` in gitlab/register-gitlab.ts.
 */
export type RegisterDialect = (server: FastifyInstance, context: DialectContext) => Promise<void> | void;
