/** `lockkeeper deliveries`: what came in, what became of it, and taking it up again. */
import { takeUpDelivery } from '../../app/intake/take-up-delivery.js';
import { nudges } from '../../core/event.js';
import type { Delivery, InboxEntry } from '../../ports/store.js';
import { eventText, jobText } from '../../text/event-text.js';
import type { Storage } from '../storage.js';
import { columns } from './columns.js';
import { withStorage } from './with-storage.js';

type Source = Delivery['source'];
type Output = 'text' | 'json';

const SOURCES: readonly Source[] = ['github', 'gitlab', 'api'];
const COMMAND = 'lockkeeper deliveries';

interface ListOptions {
  readonly most: number;
  readonly state: InboxEntry['state'] | null;
  readonly output: Output;
}

/** Newest first. Resolves to the exit status, as the others do. */
export async function listDeliveries(options: ListOptions, environment: NodeJS.ProcessEnv): Promise<number> {
  return withStorage({ command: COMMAND, environment }, async ({ inbox }) => {
    const { most, state } = options;
    const found = await inbox.latest({ most, ...(state === null ? {} : { state }) });
    if (options.output === 'json') for (const entry of found) console.log(JSON.stringify(shown(entry)));
    else if (found.length === 0) console.log('No deliveries.');
    else for (const line of columns(found.map(lineOf))) console.log(line);
    return 0;
  });
}

interface OneDelivery {
  readonly id: string;
  /** Null: whichever has one with this id. */
  readonly source: Source | null;
}

export async function showDelivery(
  wanted: OneDelivery & { readonly output: Output },
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  return withStorage({ command: COMMAND, environment }, async (storage) => {
    const entry = await findOne(storage, wanted);
    if (entry === null) return 1;
    if (wanted.output === 'json') console.log(JSON.stringify(shown(entry)));
    else console.log(inWords(entry));
    return 0;
  });
}

/** The bot that uses the same store takes it up within a second, or when it starts. */
export async function replayDelivery(wanted: OneDelivery, environment: NodeJS.ProcessEnv): Promise<number> {
  return withStorage({ command: COMMAND, environment }, async (storage) => {
    const entry = await findOne(storage, wanted);
    if (entry === null) return 1;
    await storage.inbox.reopen(entry.source, entry.id);
    await takeUpDelivery(storage, entry);
    const jobs = nudges(entry.event).map(jobText);
    console.log(`${entry.source} ${entry.id} is taken up again: ${jobs.join(', ') || 'it asks for nothing'}.`);
    return 0;
  });
}

async function findOne({ inbox }: Storage, { id, source }: OneDelivery): Promise<InboxEntry | null> {
  const found: InboxEntry[] = [];
  for (const one of source === null ? SOURCES : [source]) {
    const entry = await inbox.find(one, id);
    if (entry !== null) found.push(entry);
  }
  const [first, ...more] = found;
  if (first === undefined)
    console.error(`${COMMAND}: No delivery ${id} is known. Settled ones are forgotten after KEEP_DELIVERIES.`);
  else if (more.length > 0)
    console.error(`${COMMAND}: ${found.map((each) => each.source).join(' and ')} both have ${id}: say --source.`);
  return more.length > 0 ? null : (first ?? null);
}

function shown(entry: InboxEntry): object {
  const { receivedAt, ...rest } = entry;
  return { ...rest, receivedAt: new Date(receivedAt).toISOString() };
}

function lineOf(entry: InboxEntry): readonly string[] {
  const { receivedAt, source, name, id, event, state, outcome } = entry;
  return [new Date(receivedAt).toISOString(), source, name, eventText(event), id, outcome ?? state];
}

function inWords(entry: InboxEntry): string {
  return [
    `id        ${entry.id}`,
    `source    ${entry.source}`,
    `event     ${entry.name}`,
    `about     ${eventText(entry.event)}`,
    `received  ${new Date(entry.receivedAt).toISOString()}`,
    `state     ${entry.state}`,
    `outcome   ${entry.outcome ?? 'none yet'}`,
    `says      ${JSON.stringify(entry.event)}`,
  ].join('\n');
}
