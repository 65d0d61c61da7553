/** `lockkeeper simulator`: the local forge alone, for any client of its API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Seed } from '../../simulator/seed.js';
import { startSimulator, type Simulator } from '../../simulator/start-simulator.js';
import { untilStopped } from '../until-stopped.js';
import { readSeed } from './read-seed.js';

interface SimulatorRequest {
  readonly forge: 'github' | 'gitlab';
  readonly port: number;
  readonly seed?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
}

/** Runs until SIGTERM or SIGINT. Resolves to the exit status: 1 if it can't listen, 2 if the seed is not fit. */
export async function simulator(request: SimulatorRequest): Promise<number> {
  const stopped = untilStopped();
  const directory = await mkdtemp(join(tmpdir(), 'lockkeeper-simulator-'));
  try {
    const reading = await readSeed({
      forge: request.forge,
      file: request.seed ?? null,
      webhookUrl: request.webhookUrl ?? null,
      webhookSecret: request.webhookSecret ?? null,
      directory,
    });
    if (reading.kind === 'unfit') return refuse(reading.problems, 2);
    const { forge, port } = request;
    const started = await start({ forge, port, dataDirectory: join(directory, 'git'), seed: reading.seed });
    if (typeof started === 'string') return refuse([started], 1);
    console.log(welcome(started, { ...reading, forge }));
    await stopped;
    await started.close();
    return 0;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The running simulator, or why it can't run. */
async function start(options: Parameters<typeof startSimulator>[0]): Promise<Simulator | string> {
  try {
    return await startSimulator(options);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if ('code' in cause && cause.code === 'EADDRINUSE')
      return `Port ${options.port ?? 0} is taken: end what listens there, or choose another with --port.`;
    return cause.message;
  }
}

function refuse(problems: readonly string[], status: number): number {
  console.error('lockkeeper simulator can’t start:');
  for (const problem of problems) console.error(`  - ${problem}`);
  return status;
}

interface Held {
  readonly forge: 'github' | 'gitlab';
  readonly seed: Seed;
  readonly settings: Readonly<Record<string, string>>;
}

function welcome({ url, apiUrl }: Simulator, { forge, seed, settings }: Held): string {
  const repositories = (seed.repositories ?? []).map(({ name }) => `${url}/${name}`);
  const people = (seed.users ?? []).map(
    ({ login, tokens }) => `${login}: ${(tokens ?? [`${login}-token`]).join(', ')}`,
  );
  const hooks = [
    ...(seed.apps ?? []).flatMap(({ webhook }) => webhook?.url ?? []),
    ...(seed.repositories ?? []).flatMap(({ webhooks }) => (webhooks ?? []).map((webhook) => webhook.url)),
  ];
  const apiSetting = forge === 'github' ? { GITHUB_API_URL: apiUrl } : { GITLAB_URL: url };
  const lines = Object.entries({ ...apiSetting, ...settings }).map(([name, value]) => `${name}=${value}`);
  return [
    `A simulated ${forge === 'github' ? 'GitHub' : 'GitLab'} runs at ${url}`,
    section('Pages to open', [`${url}/`, ...repositories]),
    section('API', [apiUrl]),
    section('Control API, which plays people and CI', [`${url}/_simulator`]),
    section('People and their tokens, which are also passwords for git', people),
    ...appSection(seed),
    section('Webhooks are sent to', hooks.length === 0 ? ['nobody (see --webhook-url)'] : [...new Set(hooks)]),
    section('Settings of lockkeeper serve for this forge', lines),
    'Ctrl-C ends it and removes everything.',
  ].join('\n\n');
}

function appSection(seed: Seed): readonly string[] {
  const apps = (seed.apps ?? []).filter(({ publicKey }) => publicKey !== undefined);
  const lines = apps.map(({ id, slug, installations }) => {
    const accounts = (installations ?? []).map(({ account }) => account).join(', ');
    return `${slug}: App ID ${id}, installed on ${accounts === '' ? 'nothing' : accounts}`;
  });
  return lines.length === 0 ? [] : [section('Apps that can sign in', lines)];
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
