/** Carries out every waiting image bump of a repository: one pull request for each environment, which gathers them. */
import type { ImageRule } from '../../core/configuration.js';
import type { BumpRequest } from '../../core/event.js';
import type { PullRequest } from '../../core/forge-objects.js';
import type { BumpOutcome, BumpRefusal, BumpResults } from '../../core/image/bump-outcome.js';
import { repositoryKey, type RepositoryId } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { InboxEntry } from '../../ports/store.js';
import { bumpOutcomeText, bumpResultsText } from '../../text/bump-outcome-text.js';
import { bumpBody, bumpTitle } from '../../text/bump-text.js';
import { enqueue, type App } from '../app.js';
import { applyBumps, type AppliedBumps, type BumpItem, type BumpResult } from './apply-bumps.js';
import { gatherBumpGround, type BumpGround } from './gather-bump.js';
import { gatherRepository, logIgnored, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { Attempts } from '../intake/attempts.js';
import { openOwnPullRequest } from '../branch/open-own-pull-request.js';
import { writeBranch } from '../branch/write-branch.js';

export async function carryOutBumps(app: App, lock: LaneLock, repository: RepositoryId): Promise<void> {
  const entries = (await app.inbox.waiting()).filter((entry) => isBumpOf(entry, repository));
  const reading = await gatherRepository(app, repository);
  if (reading.kind !== 'configured') {
    const why: BumpRefusal =
      reading.kind === 'broken'
        ? { kind: 'broken-configuration', branch: reading.branch }
        : { kind: 'none-of-ours', why: reading.why };
    for (const entry of entries) await settle(app, entry, bumpOutcomeText({ kind: 'refused', why }));
    return logIgnored(app, repository, reading.kind === 'broken' ? 'its configuration is broken' : reading.why);
  }
  const attempts = new Attempts(app.log);
  const results = new Map<InboxEntry, BumpResults[]>(entries.map((entry) => [entry, []]));
  for (const environment of new Set(reading.configuration.images.map((rule) => rule.into))) {
    const items = entries.flatMap((entry) => itemsOf(reading, entry, environment));
    const found = await attempts.make(() => bumpEnvironment(app, lock, reading, { environment, items }));
    for (const [entry, outcomes] of found ?? []) results.get(entry)?.push({ environment, outcomes });
  }
  for (const [entry, found] of results) await settleComplete(app, reading, entry, found);
  attempts.finish();
}

function isBumpOf(entry: InboxEntry, repository: RepositoryId): boolean {
  return entry.event.kind === 'bump' && repositoryKey(entry.event.repository) === repositoryKey(repository);
}

function requestOf(entry: InboxEntry): BumpRequest {
  if (entry.event.kind !== 'bump') throw new Error('Not a bump');
  return entry.event.request;
}

function rulesFor(reading: ConfiguredRepository, entry: InboxEntry): readonly ImageRule[] {
  const { image } = requestOf(entry);
  return reading.configuration.images.filter((rule) => rule.image === image);
}

function itemsOf(reading: ConfiguredRepository, entry: InboxEntry, environment: string): readonly BumpItem[] {
  const rules = rulesFor(reading, entry).filter((rule) => rule.into === environment);
  return rules.map((rule) => ({ entry, rule, request: requestOf(entry) }));
}

/** One request may feed several environments: it is settled once each of them has its outcome, and waits until then (I3). */
async function settleComplete(
  app: App,
  reading: ConfiguredRepository,
  entry: InboxEntry,
  found: readonly BumpResults[],
): Promise<void> {
  const wanted = new Set(rulesFor(reading, entry).map((rule) => rule.into));
  const { image } = requestOf(entry);
  if (wanted.size === 0)
    return settle(app, entry, bumpOutcomeText({ kind: 'refused', why: { kind: 'no-rule', image } }));
  if (found.length === wanted.size) await settle(app, entry, bumpResultsText(found));
}

async function settle(app: App, entry: InboxEntry, outcome: string): Promise<void> {
  await app.inbox.settle(entry.source, entry.id, outcome);
  app.log.info({ delivery: entry.id, outcome }, 'Settled an image bump');
}

interface EnvironmentBumps {
  readonly environment: string;
  readonly items: readonly BumpItem[];
}

/** What became of each item's request in this environment. */
type Outcomes = ReadonlyMap<InboxEntry, readonly BumpOutcome[]>;

/**
 * Commit, then pull request, then settle: what is interrupted is found again and finished, for the requests are still waiting. Without
 * items, a branch that came to conflict with the tip is made anew, and a pull request with nothing left to bring is closed.
 */
async function bumpEnvironment(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  bumps: EnvironmentBumps,
): Promise<Outcomes> {
  const refuseAll = (why: BumpRefusal): Outcomes =>
    new Map(bumps.items.map(({ entry }) => [entry, [{ kind: 'refused', why }]]));
  const ground = await gatherBumpGround(app, reading, bumps.environment);
  if (ground.kind === 'touched') return refuseAll(ground);
  const applied = await applyBumps(reading, ground, bumps.items);
  try {
    const pullRequest = await publish(app, lock, reading, { ground, applied, environment: bumps.environment });
    return outcomesOf(applied, pullRequest);
  } catch (cause) {
    if (cause instanceof Forbidden) return refuseAll({ kind: 'forbidden', message: cause.message });
    throw cause;
  }
}

/** A request may be for several applications of one environment. */
function outcomesOf({ results }: AppliedBumps, pullRequest: PullRequest | null): Outcomes {
  const found = new Map<InboxEntry, BumpOutcome[]>();
  for (const { item, result } of results) {
    const outcomes = found.get(item.entry) ?? [];
    found.set(item.entry, [...outcomes, outcomeOf(result, pullRequest)]);
  }
  return found;
}

function outcomeOf(result: BumpResult, pullRequest: PullRequest | null): BumpOutcome {
  if (result.kind === 'refused') return result;
  if (result.kind === 'landed' && !result.onBranch) return { kind: 'landed', at: result.at };
  return pullRequest === null ? { kind: 'nothing-to-do' } : { kind: 'in-pull-request', url: pullRequest.url };
}

interface Publication {
  readonly ground: BumpGround;
  readonly applied: AppliedBumps;
  readonly environment: string;
}

async function publish(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  publication: Publication,
): Promise<PullRequest | null> {
  const { ground, applied, environment } = publication;
  const { pullRequests } = reading.forge;
  if (applied.images.length === 0) {
    if (ground.open !== null) await pullRequests.close(lock, ground.open);
    return null;
  }
  const text = { title: bumpTitle(environment, applied.images), body: bumpBody(environment, applied.images) };
  if (applied.news === 'some' || ground.content === 'conflict') {
    const written = await writeBranch(app, lock, reading, {
      branch: ground.branch,
      changes: applied.changes,
      message: text.title,
      trailers: applied.images.map((image) => `Lockkeeper-Bump: ${JSON.stringify(image)}`),
    });
    if (written.kind !== 'written') throw new Unavailable(`${ground.branch} moved while it was written`);
  }
  const pullRequest = ground.open ?? (await openOwnPullRequest(lock, reading, ground.branch, text));
  if (pullRequest.title !== text.title || pullRequest.body.trim() !== text.body.trim())
    await pullRequests.edit(lock, pullRequest, text);
  if (applied.news === 'some' || ground.content === 'conflict')
    await enqueue(app, { kind: 'attend', repository: reading.repository, number: pullRequest.number });
  return pullRequest;
}
