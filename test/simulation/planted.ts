/**
 * Bugs planted between the bot and its ports, one at a time, to see that the simulation finds them. Each is of a kind that people write:
 * a guard forgotten, an error swallowed, an answer given too early. None is in the product: they live here and nowhere else.
 */
import { grantLaneLock, type LaneLock } from '../../src/ports/lane-lock.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Forge } from '../../src/ports/forge.js';
import type { PullRequests } from '../../src/ports/pull-requests.js';
import type { Renderer } from '../../src/ports/renderer.js';
import type { Mirror } from '../../src/ports/repository.js';
import type { Cache, Delivery, Inbox } from '../../src/ports/store.js';
import type { NewJob, WorkQueue } from '../../src/ports/work-queue.js';
import { Unavailable } from '../../src/core/problem.js';
import { intercept } from './intercept.js';

/** What stands between the bot and each of its ports; honest ones give back what they are given. Made anew for each play. */
export interface Planted {
  forge(forge: Forge, world: { readonly clock: Clock; readonly mirror: Mirror }): Forge;
  queue(queue: WorkQueue): WorkQueue;
  inbox(inbox: Inbox): Inbox;
  cache(cache: Cache): Cache;
  mirror(mirror: Mirror): Mirror;
  renderer(renderer: Renderer): Renderer;
}

export const HONEST: Planted = {
  forge: (forge) => forge,
  queue: (queue) => queue,
  inbox: (inbox) => inbox,
  cache: (cache) => cache,
  mirror: (mirror) => mirror,
  renderer: (renderer) => renderer,
};

export interface PlantedBug {
  /** In a sentence. */
  readonly what: string;
  plant(): Planted;
}

function bug(what: string, plant: () => Partial<Planted>): PlantedBug {
  return { what, plant: () => ({ ...HONEST, ...plant() }) };
}

export const PLANTED_BUGS = {
  'lane-always-granted': bug('The queue gives out jobs of a lane in which one is at work.', () => ({
    queue: (queue) => intercept(queue, { enqueue: (job) => queue.enqueue(inLaneOfItsOwn(job)) }),
  })),
  'fence-ignored': bug('A worker whose claim is over still believes that it holds the lane.', () => ({
    queue: (queue) =>
      intercept(queue, {
        claim: async () => {
          const claim = await queue.claim();
          return claim === null ? null : { ...claim, lock: alwaysHeld(claim.lock) };
        },
      }),
  })),
  'merge-without-sha': bug('A merge takes whatever the head is by then.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        merge: async (lock, request) => {
          const now = await pulls.read(request.repository, request.number);
          return pulls.merge(lock, { ...request, expectedHead: now?.head.sha ?? request.expectedHead });
        },
      })),
  })),
  'error-swallowed': bug('A merge that got no answer counts as done.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        merge: async (lock, request) => {
          try {
            return await pulls.merge(lock, request);
          } catch (error) {
            if (!(error instanceof Unavailable)) throw error;
            return { kind: 'merged', commit: request.expectedHead };
          }
        },
      })),
  })),
  'reviews-remembered': bug('Reviews that were read once are not read again.', () => {
    const seen = new Map<number, Awaited<ReturnType<PullRequests['reviews']>>>();
    return {
      forge: (forge) =>
        withPulls(forge, (pulls) => ({
          reviews: async (repository, number) => {
            const known = seen.get(number);
            if (known !== undefined && known.length > 0) return known;
            const read = await pulls.reviews(repository, number);
            seen.set(number, read);
            return read;
          },
        })),
    };
  }),
  'ack-before-write': bug('An image bump is acknowledged before it is stored.', () => ({
    inbox: (inbox) => {
      const unwritten: Delivery[] = [];
      return intercept(inbox, {
        record: async (delivery) => {
          if (delivery.event.kind !== 'bump') return inbox.record(delivery);
          unwritten.push(delivery);
          return 'recorded';
        },
        waiting: async () => {
          for (const delivery of unwritten.splice(0)) await inbox.record(delivery);
          return inbox.waiting();
        },
        find: async (source, id) => inbox.find(source, id),
      });
    },
  })),
  'bump-settled-too-early': bug('A bump is settled before its pull request stands.', () => ({
    inbox: (inbox) =>
      intercept(inbox, {
        waiting: async () => {
          const entries = await inbox.waiting();
          for (const entry of entries)
            if (entry.event.kind === 'bump') await inbox.settle(entry.source, entry.id, 'taken up');
          return entries;
        },
      }),
  })),
  'comment-not-edited': bug('A comment is written anew instead of edited.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        edit: async (lock, place, comment) => {
          await create(lock, place, comment.body);
        },
      })),
  })),
  'answer-unmarked': bug('Answers do not say which comment they answer.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        create: (lock, place, body) => create(lock, place, body.replace(/^<!-- lockkeeper:answer [^>]*-->\n/, '')),
      })),
  })),
  'comment-sent-again': bug('A comment whose answer was lost is sent again at once.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        create: async (lock, place, body) => {
          try {
            return await create(lock, place, body);
          } catch (error) {
            if (!(error instanceof Unavailable)) throw error;
            return create(lock, place, body);
          }
        },
      })),
  })),
  'old-approvals-count': bug('Approvals count for whatever the head is.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        reviews: async (repository, number) => {
          const [reviews, pull] = [await pulls.reviews(repository, number), await pulls.read(repository, number)];
          return reviews.map((review) => ({ ...review, commit: pull?.head.sha ?? review.commit }));
        },
      })),
  })),
  'stale-plan': bug('A plan is taken from the cache whatever the target branch has become.', () => ({
    cache: (cache) =>
      intercept(cache, {
        get: async (key) => {
          const text = await cache.get(withoutTip(key));
          // The plan is made to look as if it were of this tip.
          return text === null || key === withoutTip(key)
            ? cache.get(key)
            : text.replace(/"base":"[0-9a-f]{40}"/, `"base":"${key.slice(-40)}"`);
        },
        put: async (key, value) => {
          await cache.put(key, value);
          if ((await cache.get(withoutTip(key))) === null) await cache.put(withoutTip(key), value);
        },
      }),
  })),
  'force-over-others': bug('A branch that people pushed to is moved by force.', () => ({
    mirror: (mirror) =>
      intercept(mirror, {
        // Who made a branch's commits is asked with `every-commit`: only the bot's own are told of.
        log: async (range) => {
          const commits = await mirror.log(range);
          return range.walk === 'every-commit'
            ? commits.filter((one) => one.message.includes('Lockkeeper-Made'))
            : commits;
        },
      }),
  })),
  'promotion-with-more': bug('A promotion carries a file too many.', () => ({
    forge: (forge) => ({
      ...forge,
      contents: intercept(forge.contents, {
        commit: (lock, request) => {
          if (!request.branch.startsWith('lockkeeper/promote/')) return forge.contents.commit(lock, request);
          const content = new TextEncoder().encode('# carried by mistake\n');
          const more = { kind: 'write', path: 'README.md', content, mode: '100644', blob: null } as const;
          return forge.contents.commit(lock, { ...request, changes: [...request.changes, more] });
        },
      }),
    }),
  })),
  'secret-unmasked': bug('Secrets are shown in plans.', () => ({
    renderer: (renderer) =>
      intercept(renderer, {
        render: async (source) => {
          const result = await renderer.render(source);
          if (result.kind !== 'rendered') return result;
          const streams = result.streams.map((stream) => ({
            ...stream,
            text: stream.text.replace(/^kind: Secret$/m, 'kind: Sekret'),
          }));
          return { ...result, streams };
        },
      }),
  })),
  'permission-unasked': bug('Everybody may do everything.', () => ({
    forge: (forge) => ({ ...forge, people: intercept(forge.people, { permission: async () => 'admin' }) }),
  })),
  'comment-tells-time': bug('The comment tells when it was written, and so is never what it should be.', () => ({
    forge: (forge, { clock }) =>
      withComments(forge, ({ create, edit }) => ({
        create: (lock, place, body) => create(lock, place, `${body}\n\n_${clock.now()}_`),
        edit: (lock, place, comment) => edit(lock, place, { ...comment, body: `${comment.body}\n\n_${clock.now()}_` }),
      })),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;

export type BugName = keyof typeof PLANTED_BUGS;

export function isBugName(name: string): name is BugName {
  return Object.hasOwn(PLANTED_BUGS, name);
}

let lanes = 0;

function inLaneOfItsOwn(job: NewJob): NewJob {
  lanes += 1;
  return { ...job, lane: `${job.lane}~${lanes % 3}` };
}

function alwaysHeld(lock: LaneLock): LaneLock {
  return grantLaneLock(lock.lane, lock.fence, async () => true);
}

function withPulls(forge: Forge, methods: (pulls: PullRequests) => Partial<PullRequests>): Forge {
  return { ...forge, pullRequests: intercept(forge.pullRequests, methods(forge.pullRequests)) };
}

function withComments(
  forge: Forge,
  methods: (original: Pick<Forge['comments'], 'create' | 'edit'>) => Partial<Forge['comments']>,
): Forge {
  const { comments } = forge;
  const original = {
    create: comments.create.bind(comments),
    edit: comments.edit.bind(comments),
  };
  return { ...forge, comments: intercept(comments, methods(original)) };
}

/** Keys of plans end in `/HEAD/TIP`. */
function withoutTip(key: string): string {
  return key.startsWith('plan/') ? key.replace(/\/[0-9a-f]{40}$/, '') : key;
}
