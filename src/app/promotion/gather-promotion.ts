/** Reads all that one promotion's decision rests on. */
import { promotionBranch, pullRequestKind } from '../../core/branch-names.js';
import type { Configuration, EnvironmentRules } from '../../core/configuration.js';
import { targetNamed, type Target } from '../../core/environment/find-targets.js';
import type { Commit, PullRequest } from '../../core/forge-objects.js';
import type { Sha, TargetName } from '../../core/ids.js';
import {
  carriedChanges,
  carriedWhole,
  fieldFiles,
  type CarriedChange,
  type CarriedFile,
  type TargetFiles,
} from '../../core/promotion/carried-set.js';
import type { OpenPromotion, PromotionFacts } from '../../core/promotion/decide-promotion.js';
import { evaluateGates } from '../../core/promotion/gates.js';
import { readExactText } from '../../core/tree/read-text.js';
import type { App } from '../app.js';
import { readFreezes } from '../command/freeze-book.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { openPullRequests } from '../pull-request/open-pull-requests.js';
import { branchOwner, trailerValues } from '../branch/own-branch.js';
import { commitOfVersion } from './version-at.js';

/** What every promotion of one repository shares: read once. */
export interface PromotionGround {
  readonly repository: ConfiguredRepository;
  readonly targets: readonly Target[];
  /** Open pull requests of the bot that carry promotions into this branch. */
  readonly open: readonly PullRequest[];
}

/** `listed`: every open pull request, where this job has asked for them already. */
export async function gatherPromotionGround(
  repository: ConfiguredRepository,
  listed: readonly PullRequest[] | null = null,
): Promise<PromotionGround> {
  const { forge, mirror, tip, configuration } = repository;
  const self = await forge.people.self();
  const open = listed ?? (await openPullRequests(repository));
  return {
    repository,
    targets: await targetsAt(mirror, tip, configuration),
    open: open.filter((each) => each.base === repository.branch && pullRequestKind(each, self) === 'promotion'),
  };
}

/** Every application that has a target in an environment some other environment comes after, with that other environment. */
export function possiblePromotions(targets: readonly Target[], configuration: Configuration): readonly TargetName[] {
  return configuration.environments.flatMap((environment) => {
    const apps = targets
      .filter((target) => environment.after.includes(target.name.env))
      .map((target) => target.name.app);
    return [...new Set(apps)].sort().map((app) => ({ app, env: environment.name }));
  });
}

export interface GatheredPromotion {
  readonly facts: PromotionFacts;
  /** The destination's directory, once it has one. */
  readonly directory: string | null;
  /** Commits of the source that the destination does not have yet, newest first. */
  readonly commits: readonly Commit[];
  /** Where the source is read: the tip, or the commit with the version that somebody asked for. */
  readonly pin: Sha | null;
}

interface PromotionAsk {
  readonly asked: PromotionFacts['asked'];
  /** The version to carry; null: what the source has now, or what the open pull request was asked for. */
  readonly version: string | null;
}

export async function gatherPromotion(
  app: App,
  ground: PromotionGround,
  destination: TargetName,
  { asked, version }: PromotionAsk,
): Promise<GatheredPromotion> {
  const rules = rulesOf(ground.repository.configuration, destination.env);
  const source: TargetName = { app: destination.app, env: rules.after[0] ?? destination.env };
  const base = { source, destination, rules, sourceCommit: null, gates: null, open: null, ended: null, asked } as const;
  const from = targetNamed(ground.targets, source);
  const to = targetNamed(ground.targets, destination);
  const nothing = { directory: to?.directory ?? null, commits: [], pin: null };
  if (from === null || to === null) {
    const carried = { kind: 'absent', target: from === null ? source : destination } as const;
    return { ...nothing, facts: { ...base, carried } };
  }
  const pin = await pinned(app, ground, from, { destination, asked, version });
  if (pin === 'no-such-version')
    return { ...nothing, facts: { ...base, carried: { kind: 'no-such-version', version: version ?? '' } } };
  return gatherCarried(app, ground, { base, from, to, pin });
}

interface PromotionSides {
  readonly base: Omit<PromotionFacts, 'carried'>;
  readonly from: Target;
  readonly to: Target;
  readonly pin: Sha | null;
}

async function gatherCarried(
  app: App,
  ground: PromotionGround,
  { base, from, to, pin }: PromotionSides,
): Promise<GatheredPromotion> {
  const { tip, configuration } = ground.repository;
  const { directory } = to;
  const source = await targetFiles(ground, pin ?? tip, from);
  const carried = carriedChanges(source, await targetFiles(ground, tip, to), configuration.carry);
  const open = await gatherOpen(app, ground, source, { name: base.destination, directory });
  const facts = { ...base, carried, open };
  if (carried.kind !== 'changes' || carried.changes.length === 0) return { facts, directory, commits: [], pin };
  const commits = await sourceCommits(ground, { from, pin }, carried.changes);
  const sourceCommit = commits[0] ?? null;
  if (sourceCommit === null) return { facts, directory, commits, pin };
  const { rules, destination, asked } = base;
  const gates = await gatherGates(app, ground, { source, rules, commit: sourceCommit, app: destination.app });
  const ended =
    open === null && gates.state === 'passed' && asked === 'not-asked'
      ? await gatherEnded(app, ground, destination, sourceCommit)
      : null;
  return { facts: { ...facts, sourceCommit, gates, ended }, directory, commits, pin };
}

/** In the commits of a promotion that was asked for by version: which commit's it carries, until somebody asks for something else. */
export const PIN_TRAILER = 'Lockkeeper-Pinned';

/** Null: what the source has now. */
async function pinned(
  app: App,
  ground: PromotionGround,
  from: Target,
  { destination, asked, version }: PromotionAsk & { readonly destination: TargetName },
): Promise<Sha | null | 'no-such-version'> {
  const { mirror, tip } = ground.repository;
  if (version !== null) return (await commitOfVersion(app, ground.repository, from, version)) ?? 'no-such-version';
  const branch = promotionBranch(destination);
  const head = await mirror.branch(branch);
  const isOpen = ground.open.some((each) => each.head.branch === branch);
  if (asked === 'asked' || head === null || !isOpen) return null;
  const [commit] = await mirror.log({ from: tip, to: head, paths: [], limit: 1, walk: 'first-parents' });
  const pin = trailerValues(commit?.message ?? '', PIN_TRAILER).at(-1);
  // Written by anybody it would at most say which of the source's own states is carried, and the branch is not the bot's alone then.
  return pin !== undefined && (await mirror.holds(pin)) ? pin : null;
}

/** Commits bear the times of their makers' clocks: pull requests are looked for from this much earlier, in ms. */
const CLOCKS_APART = 24 * 60 * 60 * 1000;

/** The forge knows of every promotion there was; its text names the commit that it carried. */
async function gatherEnded(
  app: App,
  ground: PromotionGround,
  destination: TargetName,
  source: Commit,
): Promise<PullRequest | null> {
  const { forge, repository, branch } = ground.repository;
  const self = await forge.people.self();
  const since = Math.min(source.committedAt, app.clock.now()) - CLOCKS_APART;
  const touched = await forge.pullRequests.listUpdatedSince(repository, since);
  const ended = touched.filter(
    (each) =>
      each.state !== 'open' &&
      each.base === branch &&
      each.head.branch === promotionBranch(destination) &&
      pullRequestKind(each, self) === 'promotion' &&
      each.body.includes(source.sha),
  );
  return ended.toSorted((a, b) => b.number - a.number)[0] ?? null;
}

function rulesOf(configuration: Configuration, environment: string): EnvironmentRules {
  const rules = configuration.environments.find((each) => each.name === environment);
  if (rules === undefined) throw new Error(`No environment ${environment} is configured`);
  return rules;
}

/** In bytes: what people keep a version in is smaller. */
const LARGEST_TEXT = 12 * 1024 * 1024;

/** A target's files at a commit or tree, with the texts that `fields` rules read. */
export async function targetFiles(
  ground: Pick<PromotionGround, 'repository'>,
  tree: Sha,
  target: Target,
): Promise<TargetFiles> {
  const { mirror, configuration } = ground.repository;
  const entries = await mirror.entries(tree, target.directory);
  const files = entries.flatMap((entry): CarriedFile[] => {
    if (entry.mode === '160000') return [];
    return [{ path: entry.path.slice(target.directory.length + 1), blob: entry.sha, mode: entry.mode }];
  });
  const named = new Set(
    fieldFiles(
      files.map((file) => file.path),
      configuration.carry,
    ),
  );
  const wanted = files.filter((file) => named.has(file.path));
  const plain = wanted.filter((file) => file.mode !== '120000');
  const blobs = await mirror.blobs(
    plain.map((file) => file.blob),
    { maxBytes: LARGEST_TEXT },
  );
  const texts = wanted.map(({ path, blob, mode }) => {
    const bytes = mode === '120000' ? undefined : blobs.get(blob);
    return [path, bytes === undefined ? null : readExactText(bytes)] as const;
  });
  return { directory: target.directory, files, texts: new Map(texts) };
}

/** Commits along the branch that brought what is to be carried, newest first. */
async function sourceCommits(
  ground: PromotionGround,
  { from, pin }: { readonly from: Target; readonly pin: Sha | null },
  changes: readonly CarriedChange[],
): Promise<readonly Commit[]> {
  const { mirror, tip } = ground.repository;
  const paths = changes.map((change) => `${from.directory}/${change.path}`);
  return mirror.log({ from: null, to: pin ?? tip, paths, limit: MAX_COMMITS, walk: 'first-parents' });
}

/** Commits a promotion's text names, at most. */
const MAX_COMMITS = 20;

async function gatherGates(
  app: App,
  ground: PromotionGround,
  promotion: { source: TargetFiles; rules: EnvironmentRules; commit: Commit; app: string },
): Promise<ReturnType<typeof evaluateGates>> {
  const { forge, repository, tip, configuration } = ground.repository;
  const others = await Promise.all(
    promotion.rules.after.slice(1).map(async (environment) => {
      const target = targetNamed(ground.targets, { app: promotion.app, env: environment });
      const carried =
        target === null
          ? null
          : carriedChanges(promotion.source, await targetFiles(ground, tip, target), configuration.carry);
      const holds =
        carried?.kind === 'changes' && carried.changes.length === 0 ? ('same' as const) : ('other' as const);
      return { environment, holds };
    }),
  );
  const checks = await forge.checks.list(repository, promotion.commit.sha);
  return evaluateGates(promotion.rules.gates, {
    source: promotion.commit,
    checks,
    now: app.clock.now(),
    others,
    destination: promotion.rules.name,
    freezes: await readFreezes(app, ground.repository),
  });
}

async function gatherOpen(
  app: App,
  ground: PromotionGround,
  source: TargetFiles,
  destination: Target,
): Promise<OpenPromotion | null> {
  const branch = promotionBranch(destination.name);
  const pullRequest = ground.open.find((each) => each.head.branch === branch);
  if (pullRequest === undefined) return null;
  const { mirror, tip } = ground.repository;
  const head = (await mirror.branch(branch)) ?? pullRequest.head.sha;
  return {
    pullRequest,
    content: await promotionContent(ground, { head, source, destination }),
    branch: await branchOwner(app, mirror, { branch, tip, head }),
  };
}

/** `current`: merged now, the branch would leave the destination with exactly the carried set and change nothing else (I5). */
export async function promotionContent(
  ground: Pick<PromotionGround, 'repository'>,
  promotion: { readonly head: Sha; readonly source: TargetFiles; readonly destination: Target },
): Promise<'current' | 'outdated'> {
  const { mirror, tip, configuration } = ground.repository;
  const { directory } = promotion.destination;
  const merged = await mirror.merge(tip, promotion.head);
  if (merged.kind === 'conflict') return 'outdated';
  const after = carriedChanges(
    promotion.source,
    await targetFiles(ground, merged.tree, promotion.destination),
    configuration.carry,
  );
  if (after.kind !== 'changes' || after.changes.length > 0) return 'outdated';
  const changed = await mirror.changedPaths(await mirror.treeOf(tip), merged.tree);
  const carried = changed.every((path) => {
    const inside = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : null;
    if (inside === null) return false;
    return carriedWhole(inside, configuration.carry) || fieldFiles([inside], configuration.carry).length > 0;
  });
  return carried ? 'current' : 'outdated';
}
