/**
 * A worker in a process of its own, for the tests that kill it: `store-child.ts MODE DIRECTORY`. It says each thing it has done on a line of
 * its own, after it was done.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { openSqliteStore } from '../../src/adapters/sqlite/open-sqlite-store.js';
import type { SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import type { Claim } from '../../src/ports/work-queue.js';
import { subject } from './numbered-subject.js';
import { commitAside, inboxAndQueue, type InboxAndQueue } from './temporary-store.js';

const [mode, directory = ''] = process.argv.slice(2);
/** At once, unlike console.log into a pipe: the process may be killed at any moment. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

/** Records, enqueues, claims and finishes without end. */
async function toil({ inbox, queue }: InboxAndQueue): Promise<never> {
  for (let number = 0; ; number++) {
    const id = String(number);
    const event = { kind: 'repositories', repositories: [] } as const;
    const delivery = { id, source: 'api', name: 'bump', receivedAt: number, event } as const;
    const job = { lane: `lane-${number % 3}`, key: id, subject: subject(number) };
    if (number % 4 < 2) {
      await inbox.record(delivery, { jobs: [job], outcome: null });
      say(`recorded ${id}`);
    } else {
      await queue.enqueue(job);
    }
    say(`enqueued ${id}`);
    if (number % 2 === 0) continue;
    const claim = await queue.claim();
    if (!claim) continue;
    say(`claimed ${claim.key}`);
    await queue.finish(claim);
    say(`finished ${claim.key}`);
    await turn();
  }
}

/**
 * Works until its input has ended and nothing is left. A file for each lane that only one process can make tells whether two were in it
 * together.
 */
async function work({ queue }: InboxAndQueue): Promise<void> {
  process.stdin.resume();
  say('ready');
  for (;;) {
    const claim = await queue.claim();
    await turn();
    if (claim) await finishAlone(claim, queue);
    else if (process.stdin.readableEnded && (await queue.nextDue()) === null) return;
  }
}

async function finishAlone(claim: Claim, queue: SqliteWorkQueue): Promise<void> {
  const witness = join(directory, `${claim.lane}.held`);
  try {
    closeSync(openSync(witness, 'wx'));
  } catch {
    say(`together ${claim.lane}/${claim.key}`);
    return;
  }
  for (let wait = 0; wait < 5; wait++) await turn();
  const held = await claim.lock.stillHeld();
  rmSync(witness);
  await queue.finish(claim);
  say(`${held ? 'did' : 'lost'} ${claim.lane}/${claim.key}`);
}

/** Opens the store in each directory that a line of the input names, and says what became of it. */
async function open(): Promise<void> {
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const opened = openSqliteStore({ directory: line });
    if (opened.kind === 'opened') opened.store.close();
    say(opened.kind === 'opened' ? 'opened' : opened.message);
  }
}

async function withStore(act: (parts: InboxAndQueue) => Promise<void>): Promise<void> {
  const opened = openSqliteStore({ directory });
  if (opened.kind !== 'opened') throw new Error(opened.message);
  await act(inboxAndQueue(await commitAside(opened.store)));
  opened.store.close();
}

await (mode === 'open' ? open() : withStore(mode === 'toil' ? toil : work));
