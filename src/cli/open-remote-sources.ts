/** Puts together what fetches remote sources, where the settings allow any. */
import { createRemoteSources } from '../adapters/fetch/create-remote-sources.js';
import { httpsGet } from '../adapters/fetch/https-get.js';
import { createTreeFetcher } from '../adapters/git/tree-fetcher.js';
import type { AllowedPlace } from '../core/plan/remote/allowance.js';
import type { Log } from '../ports/log.js';
import type { Processes } from '../ports/processes.js';
import type { RemoteSources } from '../ports/remote-sources.js';

interface OpenedRemoteSources {
  /** Undefined where nothing is allowed. */
  readonly sources: RemoteSources | undefined;
  close(): Promise<void>;
}

/** `processes`: not those of the sandbox, which have no network. */
export function openRemoteSources(options: {
  readonly allowed: readonly AllowedPlace[];
  readonly dataDirectory: string;
  readonly processes: Processes;
  readonly log: Log;
}): OpenedRemoteSources {
  if (options.allowed.length === 0) return { sources: undefined, close: () => Promise.resolve() };
  const now = () => Date.now();
  const trees = createTreeFetcher({ ...options, now });
  const sources = createRemoteSources({ allowed: options.allowed, get: httpsGet, trees, now });
  return { sources, close: () => trees.close() };
}
