/** What the use cases act through: every port, chosen once in the composition root. */
import type { Fingerprint } from '../core/plan/mask.js';
import type { ForgeKind, RepositoryId } from '../core/ids.js';
import { laneAndKey, type JobSubject } from '../core/job.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { Metrics } from '../ports/metrics.js';
import type { Rego } from '../ports/rego.js';
import type { SandboxKind } from '../ports/processes.js';
import type { Renderer } from '../ports/renderer.js';
import type { Mirrors } from '../ports/repository.js';
import type { Cache, Inbox } from '../ports/store.js';
import type { WorkQueue } from '../ports/work-queue.js';
import type { Signer } from '../text/marker.js';

export interface App {
  readonly forges: Readonly<Partial<Record<ForgeKind, Forge>>>;
  readonly mirrors: Mirrors;
  readonly renderers: {
    readonly all: readonly Renderer[];
    /** How many targets are rendered at once. */
    readonly parallel: number;
    /** What their tools run in. */
    sandbox(): Promise<SandboxKind>;
  };
  readonly queue: WorkQueue;
  readonly inbox: Inbox;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where nobody counts. */
  readonly metrics?: Metrics;
  /** HMAC for the markers of the bot's comments. */
  readonly sign: Signer;
  /** Absent where there is nothing to run policies in Rego with: those that name some are then refused. */
  readonly rego?: Rego;
  /** For those that were compiled to WebAssembly; absent likewise. */
  readonly compiledRego?: Rego;
  /** Path of the repository whose policy holds where a repository has none of its own; absent where the operator names none. */
  readonly policyRepository?: string;
  /** Keyed hash shown in place of secret values. */
  readonly fingerprint: Fingerprint;
  /** Absent where the bot has no public address: then nothing links to pages. */
  readonly planPages?: PlanPages;
}

/** What planning needs: no forge. With a cache, what was rendered before is not rendered again. */
export interface PlanningApp extends Pick<App, 'fingerprint'>, Partial<Pick<App, 'cache'>> {
  readonly renderers: Pick<App['renderers'], 'all' | 'parallel'>;
}

/** The forge a repository is on. Rejects nothing: a repository of a forge that is not configured is a bug of the caller. */
export function forgeOf(app: App, repository: RepositoryId): Forge {
  const forge = app.forges[repository.forge];
  if (forge === undefined) throw new Error(`No ${repository.forge} is configured`);
  return forge;
}

/** For one job, or for what must rest on nothing that was read before it. */
export function afresh(app: App): App {
  const forges = Object.entries(app.forges).map(([kind, forge]) => [kind, forge.afresh()]);
  return { ...app, forges: Object.fromEntries(forges) as App['forges'] };
}

export async function enqueue(app: Pick<App, 'queue'>, subject: JobSubject, notBefore?: number): Promise<void> {
  const { lane, key } = laneAndKey(subject);
  await app.queue.enqueue({ lane, key, subject, ...(notBefore === undefined ? {} : { notBefore }) });
}

interface PlanPages {
  /** The bot's public address, without a slash at its end. */
  readonly url: string;
  /** HMAC with a key of its own: no other signature of the bot opens a page. */
  readonly sign: Signer;
}
