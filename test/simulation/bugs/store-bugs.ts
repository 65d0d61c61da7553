/** Bugs of the inbox and the cache. */
import type { Delivery, DeliveryWork } from '../../../src/ports/store.js';
import type { KeptAnswer } from '../../../src/core/traffic/kept-answer.js';
import { intercept } from '../world/intercept.js';
import { bug, type PlantedBug } from './planted-bug.js';

export const STORE_BUGS = {
  'ack-before-write': bug('An image bump is acknowledged before it is stored.', () => ({
    inbox: (inbox) => {
      const unwritten: { readonly delivery: Delivery; readonly work?: DeliveryWork }[] = [];
      return intercept(inbox, {
        record: async (delivery, work) => {
          if (delivery.event.kind !== 'bump') return inbox.record(delivery, work);
          unwritten.push({ delivery, ...(work && { work }) });
          return 'recorded';
        },
        waiting: async () => {
          for (const { delivery, work } of unwritten.splice(0)) await inbox.record(delivery, work);
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
  'answer-of-another': bug('A 304 brings back what was kept of another question of the same kind.', () => ({
    answers: (answers) => {
      const newest = new Map<string, string>();
      return intercept(answers, {
        get: async (key) => {
          const text = await answers.get(key);
          if (text === null) return null;
          const kept = JSON.parse(text) as KeptAnswer;
          return JSON.stringify({ ...kept, body: newest.get(kindOf(kept.body)) ?? kept.body });
        },
        put: async (key, value) => {
          const { body } = JSON.parse(value) as KeptAnswer;
          newest.set(kindOf(body), body);
          await answers.put(key, value);
        },
      });
    },
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;

/** Lists of things with the same fields, and things with the same fields, are alike. */
function kindOf(body: string): string {
  const parsed = JSON.parse(body) as unknown;
  const one: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  return `${Array.isArray(parsed) ? 'many' : 'one'} ${Object.keys((one ?? {}) as object).join()}`;
}

/** Keys of plans end in `/HEAD/TIP`. */
function withoutTip(key: string): string {
  return key.startsWith('plan/') ? key.replace(/\/[0-9a-f]{40}$/, '') : key;
}
