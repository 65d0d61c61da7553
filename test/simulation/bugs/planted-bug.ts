/**
 * Bugs planted between the bot and its ports, one at a time, to see that the simulation finds them. Each is of a kind that people write:
 * a guard forgotten, an error swallowed, an answer given too early. None is in the product: they live in this folder and nowhere else.
 */
import type { Clock } from '../../../src/ports/clock.js';
import type { Forge } from '../../../src/ports/forge.js';
import type { PullRequests } from '../../../src/ports/pull-requests.js';
import type { Renderer } from '../../../src/ports/renderer.js';
import type { Mirror } from '../../../src/ports/repository.js';
import type { Cache, Inbox } from '../../../src/ports/store.js';
import type { WorkQueue } from '../../../src/ports/work-queue.js';
import { intercept } from '../world/intercept.js';

/** What stands between the bot and each of its ports; honest ones give back what they are given. Made anew for each play. */
export interface Planted {
  forge(forge: Forge, world: { readonly clock: Clock; readonly mirror: Mirror }): Forge;
  queue(queue: WorkQueue): WorkQueue;
  inbox(inbox: Inbox): Inbox;
  cache(cache: Cache): Cache;
  answers(answers: Cache): Cache;
  mirror(mirror: Mirror): Mirror;
  renderer(renderer: Renderer): Renderer;
}

export const HONEST: Planted = {
  forge: (forge) => forge,
  queue: (queue) => queue,
  inbox: (inbox) => inbox,
  cache: (cache) => cache,
  answers: (answers) => answers,
  mirror: (mirror) => mirror,
  renderer: (renderer) => renderer,
};

export interface PlantedBug {
  /** In a sentence. */
  readonly what: string;
  plant(): Planted;
}

export function bug(what: string, plant: () => Partial<Planted>): PlantedBug {
  return { what, plant: () => ({ ...HONEST, ...plant() }) };
}

export function withPulls(forge: Forge, methods: (pulls: PullRequests) => Partial<PullRequests>): Forge {
  return { ...forge, pullRequests: intercept(forge.pullRequests, methods(forge.pullRequests)) };
}
