/** Carries out every waiting image bump of a repository: one pull request for each environment, which gathers them. */
import { bumpBranch, pullRequestKind } from '../core/branch-names.js';
import type { ImageRule } from '../core/configuration.js';
import type { BumpRequest } from '../core/event.js';
import type { PullRequest } from '../core/forge-objects.js';
import { repositoryKey, type RepositoryId } from '../core/ids.js';
import { Unavailable } from '../core/problem.js';
import type { LaneLock } from '../ports/lane-lock.js';
import type { InboxEntry } from '../ports/store.js';
import { bumpBody, bumpTitle, type BumpedImage } from '../text/bump-text.js';
import { enqueue, type App } from './app.js';
import { gatherBumpGround, type BumpGround } from './gather-bump.js';
import { gatherRepository, type ConfiguredRepository } from './gather-repository.js';
import { applyBumps, type BumpItem, type BumpResult } from './apply-bumps.js';
import { writeBranch } from './write-branch.js';

export async function carryOutBumps(app: App, lock: LaneLock, repository: RepositoryId): Promise<void> {
  const entries = (await app.inbox.waiting()).filter((entry) => isBumpOf(entry, repository));
  if (entries.length === 0) return;
  const reading = await gatherRepository(app, repository);
  if (reading.kind !== 'configured') {
    const why = reading.kind === 'broken' ? 'the repository’s .lockkeeper.yaml is broken' : reading.why;
    for (const entry of entries) await settle(app, entry, `refused: ${why}`);
    return;
  }
  const byEnvironment = new Map<string, BumpItem[]>();
  for (const entry of entries) {
    const rules = rulesFor(reading, entry);
    if (rules.length === 0)
      await settle(app, entry, 'refused: no entry under images: in .lockkeeper.yaml names this image');
    // One request may feed several environments: it is settled with the last of them.
    for (const rule of rules)
      byEnvironment.set(rule.into, [
        ...(byEnvironment.get(rule.into) ?? []),
        { entry, rule, request: requestOf(entry) },
      ]);
  }
  for (const [environment, items] of byEnvironment) await bumpEnvironment(app, lock, reading, { environment, items });
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

async function settle(app: App, entry: InboxEntry, outcome: string): Promise<void> {
  await app.inbox.settle(entry.source, entry.id, outcome);
  app.log.info({ delivery: entry.id, outcome }, 'Settled an image bump');
}

interface EnvironmentBumps {
  readonly environment: string;
  readonly items: readonly BumpItem[];
}

/** Commit, then pull request, then settle: what is interrupted is found again and finished, for the requests are still waiting. */
async function bumpEnvironment(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  bumps: EnvironmentBumps,
): Promise<void> {
  const branch = bumpBranch(bumps.environment);
  const ground = await gatherBumpGround(app, reading, branch);
  if (ground.kind === 'touched') {
    for (const { entry } of bumps.items)
      await settle(app, entry, `refused: people have pushed to ${branch}; merge or delete it, then ask again`);
    return;
  }
  const applied = await applyBumps(reading, ground, bumps.items);
  const pullRequest = await publish(app, lock, reading, { ground, applied, environment: bumps.environment, branch });
  for (const { item, result } of applied.results) await settle(app, item.entry, outcomeText(result, pullRequest));
}

function outcomeText(result: BumpResult, pullRequest: PullRequest | null): string {
  if (result.kind === 'refused') return `refused: ${result.reason}`;
  if (result.kind === 'landed' && !result.onBranch) return `nothing to do: the environment is at ${result.at} already`;
  return pullRequest === null ? 'nothing to do' : `in pull request ${pullRequest.url}`;
}

interface Publication {
  readonly ground: BumpGround;
  readonly applied: Awaited<ReturnType<typeof applyBumps>>;
  readonly environment: string;
  readonly branch: string;
}

async function publish(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  publication: Publication,
): Promise<PullRequest | null> {
  const { ground, applied, environment, branch } = publication;
  if (applied.changes.length > 0) {
    const written = await writeBranch(app, lock, reading, {
      branch,
      manner: ground.manner,
      changes: applied.changes,
      message: bumpTitle(environment, applied.newImages),
      trailers: applied.newImages.map((image) => `Lockkeeper-Bump: ${JSON.stringify(image)}`),
    });
    if (written.kind !== 'written') throw new Unavailable(`${branch} moved while it was written`);
  }
  const images = mergeImages(ground.manner === 'extend' ? ground.images : [], applied.newImages);
  if (images.length === 0) return null;
  const pullRequest = await ensurePullRequest(lock, reading, { environment, branch, images });
  await enqueue(app, { kind: 'attend', repository: reading.repository, number: pullRequest.number });
  return pullRequest;
}

/** A later version of the same image in the same application replaces the earlier. */
function mergeImages(before: readonly BumpedImage[], now: readonly BumpedImage[]): readonly BumpedImage[] {
  const key = (image: BumpedImage) => `${image.app} ${image.image}`;
  return [...new Map([...before, ...now].map((image) => [key(image), image])).values()];
}

async function ensurePullRequest(
  lock: LaneLock,
  reading: ConfiguredRepository,
  bump: { environment: string; branch: string; images: readonly BumpedImage[] },
): Promise<PullRequest> {
  const { pullRequests, people } = reading.forge;
  const text = { title: bumpTitle(bump.environment, bump.images), body: bumpBody(bump.environment, bump.images) };
  const self = await people.self();
  const open = (await pullRequests.listOpen(reading.repository)).find(
    (each) =>
      each.head.branch === bump.branch && each.base === reading.branch && pullRequestKind(each, self) === 'bump',
  );
  if (open === undefined) {
    return pullRequests.open(lock, {
      repository: reading.repository,
      head: bump.branch,
      base: reading.branch,
      labels: [],
      ...text,
    });
  }
  if (open.title !== text.title || open.body.trim() !== text.body.trim()) await pullRequests.edit(lock, open, text);
  return open;
}
