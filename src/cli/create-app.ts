/** Chooses every adapter that the use cases act through. */
import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createMirrors, type GitMirrors } from '../adapters/git/create-mirrors.js';
import { createOpa } from '../adapters/opa/create-opa.js';
import { createOpaWasm } from '../adapters/opa-wasm/create-opa-wasm.js';
import { createProcesses } from '../adapters/process/create-processes.js';
import { sandboxed } from '../adapters/sandbox/sandboxed.js';
import { createSealedCache } from '../adapters/sealed/sealed-cache.js';
import type { App } from '../app/app.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { Metrics } from '../ports/metrics.js';
import type { Cache } from '../ports/store.js';
import type { WebhookReader } from '../ports/webhooks.js';
import { openRemoteSources } from './open-remote-sources.js';
import { createRenderers } from './create-renderers.js';
import type { BotSettings } from './settings.js';
import type { Storage } from './storage.js';

export interface AppOptions {
  readonly settings: BotSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Where programs are looked for. */
  readonly path: string;
  /** Proxies and certificate authorities for git, as `networkSettings` picks them. */
  readonly network?: Readonly<Record<string, string>>;
  /** Absent where nobody counts. */
  readonly metrics?: Metrics;
  /** `none` only against a forge of one's own. */
  readonly pace: 'forge' | 'none';
}

export interface CreatedApp {
  readonly app: App;
  readonly readers: readonly WebhookReader[];
  readonly mirrors: GitMirrors;
}

export async function createApp(
  options: AppOptions,
  { queue, inbox, cache, answers }: Pick<Storage, 'queue' | 'inbox' | 'cache' | 'answers'>,
): Promise<CreatedApp> {
  const { settings, clock, log } = options;
  const processes = createProcesses({ path: options.path });
  const sandbox = sandboxed(processes, { path: options.path, parallel: availableParallelism() });
  const mirrors = createMirrors({
    dataDirectory: settings.dataDirectory,
    processes,
    log,
    ...(options.network === undefined ? {} : { network: options.network }),
  });
  const { dataDirectory, rendering } = settings;
  const remotes = openRemoteSources({ allowed: rendering.remoteSources, dataDirectory, processes, log });
  const { forges, readers } = await createForges(options, createSealedCache(answers, settings.markerKey));
  const fingerprint: App['fingerprint'] = (value) =>
    createHmac('sha256', `mask:${settings.markerKey}`).update(value).digest('hex').slice(0, 8);
  const app: App = {
    forges,
    mirrors,
    renderers: {
      all: createRenderers({ processes: sandbox, fingerprint, settings: rendering, remotes: remotes.sources }),
      parallel: availableParallelism(),
      sandbox: () => sandbox.describe(),
    },
    queue,
    inbox,
    cache: createSealedCache(cache, settings.markerKey),
    clock,
    log,
    rego: createOpa({ processes: sandbox }),
    ...metricsOf(options),
    compiledRego: createOpaWasm({ processes, node: process.execPath }),
    sign: (text) => createHmac('sha256', settings.markerKey).update(text).digest('base64url'),
    fingerprint,
    ...(settings.policyRepository === undefined ? {} : { policyRepository: settings.policyRepository }),
    ...planPagesOf(settings),
  };
  const close = async (): Promise<void> => {
    await Promise.all([remotes.close(), mirrors.close()]);
  };
  return { app, readers, mirrors: { of: mirrors.of, close } };
}

function metricsOf({ metrics }: AppOptions): Pick<AppOptions, 'metrics'> {
  return metrics === undefined ? {} : { metrics };
}

/** The key is derived, so that nothing else that is signed with the marker key opens a page. */
function planPagesOf({ publicUrl, markerKey }: BotSettings): Pick<App, 'planPages'> {
  if (publicUrl === null) return {};
  const key = createHmac('sha256', markerKey).update('plan pages').digest();
  return { planPages: { url: publicUrl, sign: (path) => createHmac('sha256', key).update(path).digest('base64url') } };
}

/** The clients of a forge that is not set are not loaded: they take longer than the rest of the start. */
async function createForges(
  options: AppOptions,
  answers: Cache,
): Promise<{ forges: App['forges']; readers: readonly WebhookReader[] }> {
  const { settings, clock, log, pace } = options;
  const forges: { github?: Forge; gitlab?: Forge } = {};
  const readers: WebhookReader[] = [];
  if (settings.github !== null) {
    const { apiUrl, ...github } = settings.github;
    const { createGithub } = await import('../adapters/github/create-github.js');
    const { forge, reader } = await createGithub({
      ...github,
      ...(apiUrl === null ? {} : { apiUrl }),
      ...metricsOf(options),
      pace,
      answers,
      log,
    });
    forges.github = forge;
    readers.push(reader);
  }
  if (settings.gitlab !== null) {
    const { createGitlab } = await import('../adapters/gitlab/create-gitlab.js');
    const { forge, reader } = await createGitlab({
      ...settings.gitlab,
      ...metricsOf(options),
      pace,
      answers,
      clock,
      log,
    });
    forges.gitlab = forge;
    readers.push(reader);
  }
  return { forges, readers };
}
