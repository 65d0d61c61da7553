import { afterEach, beforeEach, expect, test } from 'vitest';
import { Deliveries } from '../../src/simulator/delivery/deliveries.js';
import type { Receiver } from './webhook-receiver.js';
import { startReceiver } from './webhook-receiver.js';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const stepped = () => new Deliveries({ mode: 'stepped', now: () => new Date(0) });

function put(deliveries: Deliveries, text: string, event = 'push'): void {
  const prepare = async ({ body }: { readonly body?: string }) => ({ headers: { 'x-id': text }, body: body ?? text });
  deliveries.enqueue({ id: text, url: receiver.url, event, hookId: 1, prepare });
}

const arrived = () => receiver.received.map((one) => one.body);

test('nothing leaves before it is told to, then one at a time, with the answer recorded', async () => {
  const deliveries = stepped();
  put(deliveries, 'a');
  put(deliveries, 'b');
  expect(deliveries.pending().map((one) => one.id)).toEqual(['a', 'b']);
  expect(arrived()).toEqual([]);
  const sent = await deliveries.deliverNext();
  expect(sent).toMatchObject({
    id: 'a',
    state: 'sent',
    attempts: [{ status: 202, responseBody: 'taken', redelivery: false }],
  });
  expect(arrived()).toEqual(['a']);
  receiver.status = 500;
  expect(await deliveries.deliverNext()).toMatchObject({ state: 'failed', attempts: [{ status: 500 }] });
  expect(await deliveries.deliverNext()).toBeUndefined();
});

test('waiting deliveries are lost, doubled, delayed and reordered', async () => {
  const deliveries = stepped();
  for (const text of ['a', 'b', 'c', 'd']) put(deliveries, text);
  deliveries.lose(1);
  deliveries.double(2);
  deliveries.reorder([4, 3]);
  deliveries.delay(4);
  expect(await deliveries.deliverAll()).toBe(4);
  expect(arrived()).toEqual(['c', 'b', 'b', 'd']);
  expect(deliveries.get(1)?.state).toBe('lost');
  await deliveries.redeliver(1);
  expect(arrived().at(-1)).toBe('a');
});

test('planned faults strike the deliveries they are for', async () => {
  const deliveries = stepped();
  deliveries.plan({ kind: 'lose', event: 'status', times: 2 });
  deliveries.plan({ kind: 'double', event: 'push' });
  deliveries.plan({ kind: 'delay', event: 'comment' });
  put(deliveries, 'comment', 'comment');
  for (const text of ['s1', 's2', 's3']) put(deliveries, text, 'status');
  put(deliveries, 'p');
  await deliveries.deliverAll();
  expect(arrived()).toEqual(['comment', 's3', 'p', 'p']);
  deliveries.plan({ kind: 'delay', after: 9 });
  put(deliveries, 'late');
  expect(deliveries.pending()).toEqual([]);
  deliveries.clearFaults();
  await deliveries.deliverAll();
  expect(arrived().at(-1)).toBe('late');
});

test('automatic: each goes by itself, in order; after closing none does', async () => {
  const deliveries = new Deliveries({ mode: 'automatic', now: () => new Date(0) });
  for (const text of ['a', 'b', 'c']) put(deliveries, text);
  await deliveries.settled();
  expect(arrived()).toEqual(['a', 'b', 'c']);
  await deliveries.close();
  put(deliveries, 'd');
  await deliveries.settled();
  expect(arrived()).toEqual(['a', 'b', 'c']);
});

test('nobody there is a failed attempt, and what has no payload any more is void', async () => {
  const deliveries = stepped();
  deliveries.enqueue({
    id: 'x',
    url: 'http://127.0.0.1:1/',
    event: 'push',
    hookId: 1,
    prepare: async () => ({ headers: {}, body: 'x' }),
  });
  deliveries.enqueue({ id: 'y', url: receiver.url, event: 'push', hookId: 1, prepare: async () => undefined });
  await deliveries.deliverAll();
  expect(deliveries.get(1)).toMatchObject({
    state: 'failed',
    attempts: [{ error: expect.stringContaining('ECONNREFUSED') as string }],
  });
  expect(deliveries.get(2)).toMatchObject({ state: 'void', attempts: [] });
});

test('a receiver that does not answer is given up', async () => {
  const { createServer } = await import('node:net');
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const deliveries = new Deliveries({ mode: 'stepped', now: () => new Date(0), timeout: 20 });
  deliveries.enqueue({
    id: 'x',
    url: `http://127.0.0.1:${port}/`,
    event: 'push',
    hookId: 1,
    prepare: async () => ({ headers: {}, body: 'x' }),
  });
  expect(await deliveries.deliverNext()).toMatchObject({
    state: 'failed',
    attempts: [{ error: 'no answer within 20 ms' }],
  });
  await new Promise((resolve) => silent.close(resolve));
});
