/**
 * What a sweep costs where nothing has changed: requests to the forge and time, for many repositories. The bot's own adapter, store and
 * use case are at work; of each repository it remembers what it would after it attended its pull requests.
 */
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { createGithub } from '../../src/adapters/github/create-github.js';
import { createSealedCache } from '../../src/adapters/sealed/sealed-cache.js';
import type { App } from '../../src/app/app.js';
import { handleJob } from '../../src/app/intake/handle-job.js';
import { branchesOf, keepSweep } from '../../src/app/intake/sweep-record.js';
import { sweepAll } from '../../src/app/intake/take-up-delivery.js';
import { createLog } from '../../src/cli/log.js';
import { openStorage } from '../../src/cli/open-storage.js';
import type { Storage } from '../../src/cli/storage.js';
import { stampOf } from '../../src/core/sweep/decide-look.js';
import { startChild, stopChild } from '../child.js';
import type { LightForgeAsk, LightForgeCount, LightForgeOrder } from './light-forge.js';

export interface SweepRun {
  readonly requests: number;
  /** Of them, answered by 304: they cost nothing of GitHub's rate limit. */
  readonly notModified: number;
  /** What is to be looked at again. */
  readonly nudges: number;
  readonly seconds: number;
}

export interface SweepFigures {
  readonly repositories: number;
  readonly pullRequests: number;
  /** With nothing changed, and no answer kept yet. */
  readonly first: SweepRun;
  /** With nothing changed since. */
  readonly unchanged: SweepRun;
  /** With a comment in one repository of a hundred. */
  readonly touched: SweepRun;
  readonly requestsPerRepository: number;
  readonly ratios: Readonly<Record<string, number>>;
  readonly aims: Readonly<Record<string, 'met' | 'missed'>>;
}

const AIM = 1.1;
/** Jobs of as many repositories are worked on at once, as by a worker. */
const PARALLEL = 4;

export async function benchSweep({ size }: { readonly size: 'full' | 'small' }): Promise<SweepFigures> {
  const order: LightForgeOrder =
    size === 'full' ? { repositories: 1000, pullRequests: 20 } : { repositories: 120, pullRequests: 3 };
  const directory = await mkdtemp(join(tmpdir(), 'bench-sweep-'));
  const { child, answer } = await startChild(new URL('light-forge.ts', import.meta.url), order);
  const { apiUrl } = answer as { readonly apiUrl: string };
  const settings = { dataDirectory: directory, redis: null };
  const storage = await openStorage({
    settings,
    clock: systemClock,
    log: createLog('silent'),
    pace: 'none',
    purpose: 'work',
  });
  try {
    const app = await appOn(storage, apiUrl);
    await rememberAll(app);
    await ask(child, { kind: 'count' });
    const first = await sweepOnce(await forgetful(storage, apiUrl), child);
    const unchanged = await sweepOnce(app, child);
    await ask(child, { kind: 'touch', repositories: Math.ceil(order.repositories / 100) });
    const touched = await sweepOnce(app, child);
    return figures(order, { first, unchanged, touched });
  } finally {
    await storage.close();
    await stopChild(child);
    await rm(directory, { recursive: true, force: true });
  }
}

function figures(order: LightForgeOrder, runs: Pick<SweepFigures, 'first' | 'unchanged' | 'touched'>): SweepFigures {
  const { unchanged, touched, first } = runs;
  const expected = 4 * Math.ceil(order.repositories / 100);
  // A comment has its pull request attended, and what rests on all pull requests looked at; nothing else is.
  if (unchanged.nudges !== 0 || touched.nudges !== expected)
    throw new Error(`${unchanged.nudges} and ${touched.nudges} nudges instead of 0 and ${expected}`);
  const requestsPerRepository = Math.round((unchanged.requests / order.repositories) * 1000) / 1000;
  for (const [name, run] of Object.entries(runs))
    console.log(
      `${name}: ${run.requests} requests, ${run.notModified} of them 304, ${run.nudges} nudges, ${run.seconds.toFixed(1)} s`,
    );
  return {
    ...order,
    ...runs,
    requestsPerRepository,
    ratios: {
      shareOfNotModified: Math.round((unchanged.notModified / unchanged.requests) * 1000) / 1000,
      firstToUnchangedInTime: Math.round((first.seconds / unchanged.seconds) * 100) / 100,
    },
    aims: { [`at most ${AIM} requests for each repository`]: requestsPerRepository <= AIM ? 'met' : 'missed' },
  };
}

async function appOn(storage: Storage, apiUrl: string, answers = storage.answers): Promise<App> {
  const log = createLog('silent');
  const { forge } = await createGithub({
    auth: { kind: 'token', token: 'token-of-the-bench' },
    webhookSecret: 'secret-of-the-bench',
    apiUrl,
    pace: 'none',
    answers: createSealedCache(answers, 'key-of-the-bench'),
    log,
  });
  const cache = createSealedCache(storage.cache, 'key-of-the-bench');
  const parts: Partial<App> = { forges: { github: forge }, queue: storage.queue, cache, clock: systemClock, log };
  // Nothing else is reached by a look.
  return parts as App;
}

/** The same with no answer kept, as after the answers were lost. */
function forgetful(storage: Storage, apiUrl: string): Promise<App> {
  return appOn(storage, apiUrl, { get: async () => null, put: async () => undefined });
}

/** As after every pull request was attended and came to rest: what the bot then remembers. Its answers are kept on the way. */
async function rememberAll(app: App): Promise<void> {
  const forge = app.forges.github;
  for (const repository of (await forge?.repositories.list()) ?? []) {
    const glance = await forge?.pullRequests.glance(repository);
    if (glance === null || glance === undefined) throw new Error('The forge shows no pull requests');
    await keepSweep(app, repository, {
      everythingAt: app.clock.now(),
      branches: await branchesOf(glance, null),
      business: 'ours',
      pullRequests: Object.fromEntries(glance.pullRequests.map((each) => [each.number, stampOf(each)])),
      promotions: 'at-rest',
      facts: null,
    });
  }
}

async function sweepOnce(app: App, child: ChildProcess): Promise<SweepRun> {
  const since = performance.now();
  await sweepAll(app);
  const nudges = await Promise.all(Array.from({ length: PARALLEL }, () => workOff(app)));
  const seconds = (performance.now() - since) / 1000;
  const { requests, notModified, unknown } = await ask(child, { kind: 'count' });
  if (unknown > 0) throw new Error(`${unknown} requests had no answer`);
  return { requests, notModified, nudges: nudges.reduce((sum, each) => sum + each, 0), seconds };
}

/** Looks are made; what they ask to be done is counted. */
async function workOff(app: App): Promise<number> {
  let nudges = 0;
  for (let claim = await app.queue.claim(); claim !== null; claim = await app.queue.claim()) {
    if (claim.subject.kind === 'look') await handleJob(app, claim.subject, claim.lock);
    else nudges += 1;
    await app.queue.finish(claim);
  }
  return nudges;
}

async function ask(child: ChildProcess, question: LightForgeAsk): Promise<LightForgeCount> {
  const answer = once(child, 'message');
  child.send(question);
  const [count] = (await answer) as [LightForgeCount];
  return count;
}
