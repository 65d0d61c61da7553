/**
 * What it costs a forge to have the policy of one unchanged pull request evaluated, the first time and again: the bot's own use case and
 * adapters on the simulated GitHub, which counts. A 304 costs nothing of GitHub's rate limit.
 */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { createMirrors } from '../../src/adapters/git/create-mirrors.js';
import { createGithub } from '../../src/adapters/github/create-github.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { createProcesses } from '../../src/adapters/process/create-processes.js';
import { enqueue, type App } from '../../src/app/app.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { createLog } from '../../src/cli/log.js';
import { createRenderers, NOTHING_MORE } from '../../src/cli/create-renderers.js';
import type { Forge } from '../../src/ports/forge.js';
import { demoBot, demoRepository, demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

export interface RequestsOfTwo {
  /** Of everything that is asked for, for the first time. */
  readonly first: number;
  /** At once again. */
  readonly second: number;
}

export interface ForgeRequests {
  /** To the API, that count against GitHub's rate limit. */
  readonly forgeRequests: RequestsOfTwo;
  /** To the API, answered by 304. */
  readonly notModified: RequestsOfTwo;
  /** To git. */
  readonly gitRequests: RequestsOfTwo;
}

const REPOSITORY = { forge: 'github', path: demoRepository } as const;

export async function countForgeRequests(): Promise<ForgeRequests> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-policy-'));
  const lines: string[] = [];
  const simulator = await startSimulator({
    forge: 'github',
    seed: demoSeed('github'),
    log: (line) => lines.push(line),
  });
  const log = createLog('silent');
  const processes = createProcesses({ path: process.env['PATH'] ?? '' });
  const mirrors = createMirrors({ dataDirectory: directory, processes, log });
  const fingerprint: App['fingerprint'] = (value) => createHmac('sha256', 'bench').update(value).digest('hex');
  const queue = new MemoryWorkQueue({ clock: systemClock });
  const app: App = {
    forges: { github: await forgeOn(simulator) },
    mirrors,
    renderers: {
      all: createRenderers({ processes, fingerprint, settings: NOTHING_MORE }),
      parallel: 1,
      sandbox: () => Promise.resolve('limits-only'),
    },
    queue,
    inbox: new MemoryInbox(queue),
    cache: new MemoryCache(),
    clock: systemClock,
    log,
    sign: (text) => createHmac('sha256', 'bench').update(text).digest('base64url'),
    fingerprint,
  };
  try {
    const number = await openApproved(simulator);
    await attend(app, number);
    // Its own comment is there now, and read with the rest.
    await attend(app, number);
    // One that has asked nothing yet.
    const fresh: App = { ...app, forges: { github: await forgeOn(simulator) } };
    const first = await counting(lines, () => attend(fresh, number));
    const second = await counting(lines, () => attend(fresh, number));
    return {
      forgeRequests: { first: first.counted, second: second.counted },
      notModified: { first: first.notModified, second: second.notModified },
      gitRequests: { first: first.git, second: second.git },
    };
  } finally {
    await mirrors.close();
    await simulator.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function forgeOn({ apiUrl }: Simulator): Promise<Forge> {
  const { forge } = await createGithub({
    auth: { kind: 'token', token: `${demoBot}-token` },
    webhookSecret: 'secret-of-the-bench',
    apiUrl,
    pace: 'none',
    answers: new MemoryCache(),
    log: createLog('silent'),
  });
  await forge.people.self();
  return forge;
}

/** Of production, so that rights and teams of those who approve are asked for. */
async function openApproved({ forge }: Simulator): Promise<number> {
  const repository = demoRepository;
  const file = 'apps/api/envs/prod/deployment.yaml';
  const before = (await forge.git(repository).readFile('main', file))?.toString('utf8') ?? '';
  const content = Buffer.from(before.replace(/(image: \S+):\S+/, '$1:1.1.0'));
  const actions = [{ kind: 'put' as const, path: file, content }];
  const commit = { repository, actor: 'carol', branch: 'work', start: 'main', message: 'Use 1.1.0', actions };
  must(await forge.commits.commit(commit));
  const pull = { repository, actor: 'carol', title: 'Use 1.1.0', body: '', headBranch: 'work', baseBranch: 'main' };
  const { number } = must(await forge.pullRequests.open(pull));
  for (const actor of ['alice', 'bob'])
    must(forge.reviews.submit({ repository, number, actor, state: 'approved', body: '' }));
  return number;
}

function must<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: object },
): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`The forge refused: ${JSON.stringify(outcome.refusal)}`);
}

async function attend(app: App, number: number): Promise<void> {
  await enqueue(app, { kind: 'attend', repository: REPOSITORY, number });
  while ((await workOnce(app)) === 'worked');
  const [given] = await app.queue.dead();
  if (given !== undefined) throw new Error(`A job was given up: ${given.reason}`);
}

/** `lines`: what the forge says of each request: `GET /api/v3/… 304`. */
async function counting(
  lines: string[],
  act: () => Promise<void>,
): Promise<{ readonly counted: number; readonly notModified: number; readonly git: number }> {
  lines.length = 0;
  await act();
  const api = lines.filter((line) => line.includes(' /api/'));
  const notModified = api.filter((line) => line.endsWith(' 304')).length;
  return { counted: api.length - notModified, notModified, git: lines.length - api.length };
}
