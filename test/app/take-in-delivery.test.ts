/** From a webhook that was read to the jobs it asks for. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { takeInDelivery } from '../../src/app/intake/take-up-delivery.js';
import type { Event } from '../../src/core/event.js';
import type { Delivery } from '../../src/ports/store.js';
import { drain } from '../contract/work-queue/two-workers.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const request = { image: 'ghcr.io/acme/api', tag: '1.0.0', digest: null, source: null };
const bump: Event = { kind: 'bump', repository, request };
const rerun: Event = { kind: 'rerun', repository, sha: 'a'.repeat(40), numbers: [3, 4] };

const delivery = (event: Event): Delivery => ({ id: 'd1', source: 'github', name: 'some', receivedAt: 1_000, event });

describe('taking in a delivery', () => {
  let app: { readonly queue: MemoryWorkQueue; readonly inbox: MemoryInbox };
  beforeEach(() => {
    const queue = new MemoryWorkQueue({ clock: new ManualClock() });
    app = { queue, inbox: new MemoryInbox(queue) };
  });

  test('all that it asks for is enqueued, and it is settled with that', async () => {
    expect(await takeInDelivery(app, delivery(rerun))).toBe('recorded');
    expect(await app.inbox.find('github', 'd1')).toMatchObject({
      state: 'settled',
      outcome: 'nudged plan, plan, attend-commit',
    });
    const lane = 'github:acme/config';
    expect(await drain(app.queue)).toEqual([`${lane}#3/plan`, `${lane}#4/plan`, `${lane}/attend-commit:${rerun.sha}`]);
  });

  test('one that asks for nothing says so', async () => {
    await takeInDelivery(app, delivery({ kind: 'repositories', repositories: [] }));
    expect(await app.inbox.find('github', 'd1')).toMatchObject({ state: 'settled', outcome: 'nudged nothing' });
  });

  test('a bump waits until it was carried out', async () => {
    await takeInDelivery(app, delivery(bump));
    expect(await app.inbox.waiting()).toMatchObject([{ id: 'd1', state: 'waiting' }]);
    expect(await drain(app.queue)).toEqual(['github:acme/config/bump']);
  });

  test('a duplicate enqueues nothing where it was settled', async () => {
    await takeInDelivery(app, delivery(rerun));
    await drain(app.queue);
    expect(await takeInDelivery(app, delivery(bump))).toBe('duplicate');
    expect(await drain(app.queue)).toEqual([]);
  });

  test('a duplicate that still waits is taken up once more, as it was recorded', async () => {
    await app.inbox.record(delivery(rerun));
    expect(await takeInDelivery(app, { ...delivery(bump), receivedAt: 2_000 })).toBe('duplicate');
    expect(await drain(app.queue)).toHaveLength(3);
    expect(await app.inbox.find('github', 'd1')).toMatchObject({ state: 'settled', receivedAt: 1_000, event: rerun });
  });

  test('a bump that waits is enqueued once more, and goes on waiting', async () => {
    await takeInDelivery(app, delivery(bump));
    await drain(app.queue);
    await takeInDelivery(app, delivery(bump));
    expect(await drain(app.queue)).toEqual(['github:acme/config/bump']);
    expect(await app.inbox.waiting()).toHaveLength(1);
  });
});
