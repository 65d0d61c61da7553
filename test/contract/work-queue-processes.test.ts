/** The work queue and the inbox over several operating system processes, and after one of them was killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.js';
import { SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import { builtPrograms } from '../processes/programs.js';
import { subject } from './numbered-subject.js';
import { inboxAndQueue, TemporaryStore } from './temporary-store.js';

/** Long after every lease that a child process took. */
const later: Clock = { now: () => Date.now() + 3_600_000 };

describe('several processes', () => {
  let folder: TemporaryStore;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = new TemporaryStore();
    children = [];
  });
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    folder.remove();
  });

  function start(mode: 'toil' | 'work' | 'open'): {
    readonly child: ChildProcess;
    readonly lines: AsyncIterableIterator<string>;
  } {
    const child = spawn(process.execPath, [builtPrograms().storeChild, mode, folder.directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  /** The next `count` lines, fewer if the process ends. */
  async function read(lines: AsyncIterableIterator<string>, count: number): Promise<string[]> {
    const all: string[] = [];
    while (all.length < count) {
      const next = await lines.next();
      if (next.done) break;
      all.push(next.value);
    }
    return all;
  }

  test('I2: two processes are never in one lane together, and do everything once, in order', async () => {
    const queue = new SqliteWorkQueue(folder.connect(), { clock: { now: () => Date.now() } });
    const workers = [start('work'), start('work')];
    expect(await Promise.all(workers.map(({ lines }) => read(lines, 1)))).toEqual([['ready'], ['ready']]);

    const wanted: string[] = [];
    const enqueue = async (): Promise<void> => {
      const number = wanted.length;
      const lane = `lane-${number % 3}`;
      wanted.push(`did ${lane}/${number}`);
      await queue.enqueue({ lane, key: String(number), subject: subject(number) });
    };
    // More and more until each of the two has had its part.
    let ready: 'waiting' | 'both' = 'waiting';
    const firsts = Promise.all(workers.map(({ lines }) => read(lines, 15))).finally(() => (ready = 'both'));
    while (ready === 'waiting') {
      if ((await queue.nextDue()) === null) for (let more = 0; more < 6; more++) await enqueue();
      await turn();
    }
    const done = await firsts;
    for (const { child } of workers) child.stdin?.end();
    const rest = await Promise.all(workers.map(({ lines }) => read(lines, Infinity)));

    expect([...done, ...rest].flat().toSorted()).toEqual(wanted.toSorted());
    for (const [index, first] of done.entries()) {
      const lines = [...first, ...(rest[index] ?? [])];
      for (const lane of ['lane-0', 'lane-1', 'lane-2']) {
        const numbers = lines.filter((line) => line.includes(lane)).map((line) => Number(line.split('/')[1]));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }
  });

  test.each([1, 40, 97, 230])('nothing that was said to be done is lost by a kill after %i lines', async (count) => {
    const { child, lines } = start('toil');
    const said: string[] = [];
    for await (const line of lines) {
      // What is still in the pipe when the kill arrives was done too.
      said.push(line);
      if (said.length === count) child.kill('SIGKILL');
    }
    const numbers = (verb: string): Set<number> =>
      new Set(said.filter((line) => line.startsWith(`${verb} `)).map((line) => Number(line.split(' ')[1])));

    const store = folder.connect();
    // Every second pair is recorded with its job in one step, the others are enqueued alone.
    const recorded = new Set((await inboxAndQueue(store).inbox.waiting()).map((entry) => Number(entry.id)));
    expect([...numbers('recorded')].filter((id) => !recorded.has(id))).toEqual([]);

    const queue = new SqliteWorkQueue(store, { clock: later });
    const found = new Set<number>();
    for (let claim = await queue.claim(); claim; claim = await queue.claim()) {
      expect(claim.subject).toEqual(subject(Number(claim.key)));
      found.add(Number(claim.key));
      await queue.finish(claim);
    }
    // The last thing may have been done without being said any more: a job may be gone whose finishing was under way.
    const inDoubt = new Set([...numbers('claimed')].filter((key) => !numbers('finished').has(key)));
    const lost = [...numbers('enqueued')].filter(
      (key) => !found.has(key) && !numbers('finished').has(key) && !inDoubt.has(key),
    );
    expect(lost).toEqual([]);
    expect([...numbers('finished')].filter((key) => found.has(key))).toEqual([]);
    // Said or not, what was recorded has its job, and the job its delivery.
    const known = (key: number): boolean => found.has(key) || numbers('claimed').has(key);
    expect([...recorded].filter((id) => !known(id) && !inDoubt.has(id))).toEqual([]);
    expect([...found].filter((key) => key % 4 < 2 && !recorded.has(key))).toEqual([]);
  });

  test('processes that open a new folder at the same moment all find it ready', async () => {
    const openers = [1, 2, 3, 4].map(() => start('open'));
    for (const { lines } of openers) expect(await read(lines, 1)).toEqual(['ready']);
    for (let round = 0; round < 40; round++) {
      for (const { child } of openers) child.stdin?.write(`${join(folder.directory, String(round))}\n`);
      const opened = await Promise.all(openers.map(({ lines }) => read(lines, 1)));
      expect(opened.flat()).toEqual(['opened', 'opened', 'opened', 'opened']);
    }
  });
});
