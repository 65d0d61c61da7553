/** The forge's tables at one moment: what the bot may have seen. */
import { join } from 'node:path';
import type { PullRequest, Review } from '../../../src/simulator/forge/state.js';
import { readRef } from '../git/quick-git.js';
import { REPOSITORY, SRE_TEAM } from '../ground.js';
import type { World } from '../world/world.js';

export interface SeenFreeze {
  readonly env: string;
  readonly by: string;
  /** Null: until somebody ends it. */
  readonly until: number | null;
}

/** Records are never changed in place, so copies of the tables are enough. */
export interface Facts {
  readonly moment: number;
  readonly pullRequests: ReadonlyMap<string, PullRequest>;
  readonly reviews: ReadonlyMap<number, Review>;
  /** Heads of open pull requests on which CI is green. */
  readonly green: ReadonlySet<string>;
  /** Heads of open pull requests on which some check has failed. */
  readonly red: ReadonlySet<string>;
  /** Batches of the bot's on which CI is green. */
  readonly batches: ReadonlySet<string>;
  readonly sre: ReadonlySet<string>;
  readonly writers: ReadonlySet<string>;
  readonly freezes: readonly SeenFreeze[];
}

export function takeFacts(world: World): Facts {
  const { forge } = world.simulator;
  const { pullRequests, reviews } = forge.state;
  const open = forge.pullRequests.of(REPOSITORY).filter(({ state }) => state === 'open');
  const heads = open.map(({ headSha: sha }) => ({ sha, checks: checksOf(world, sha) }));
  const people = [...forge.state.users.values()].filter(({ kind }) => kind === 'person');
  return {
    moment: world.moment,
    pullRequests: new Map(pullRequests),
    reviews: new Map(reviews),
    green: new Set(heads.filter(({ checks }) => checks.some(isGreenBuild)).map(({ sha }) => sha)),
    red: new Set(heads.filter(({ checks }) => checks.some(({ state }) => state === 'failure')).map(({ sha }) => sha)),
    batches: new Set(batchesOf(world).filter((sha) => isGreen(world, sha))),
    sre: new Set(forge.people.teamMembers(SRE_TEAM).map(({ login }) => login)),
    writers: new Set(people.map(({ login }) => login).filter((login) => mayWrite(world, login))),
    freezes: freezesAt(world, readRef(join(world.git.directory, 'refs/heads/lockkeeper/state'))),
  };
}

/** The bot's batches that stand. */
export function batchesOf(world: World): readonly string[] {
  return BATCH_BRANCHES.flatMap((name) => readRef(join(world.git.directory, 'refs/heads', name)) ?? []);
}

const BATCH_BRANCHES = ['lockkeeper/queue/main', 'lockkeeper/queue/main+1'];

function mayWrite(world: World, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(world.simulator.forge.people.accessTo(REPOSITORY, login));
}

/** As the file says, whoever wrote it: what people write there makes everything count as frozen, which is not looked at. */
export function freezesAt(world: World, head: string | null): readonly SeenFreeze[] {
  const text = head === null ? null : world.store.text(head, 'lockkeeper-freezes.json');
  if (text === null) return [];
  return (JSON.parse(text) as { readonly freezes: readonly SeenFreeze[] }).freezes;
}

export interface SeenCheck {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
}

/** The newest report of each name on a commit, from the forge's tables. */
export function checksOf(world: World, sha: string): readonly SeenCheck[] {
  const { forge } = world.simulator;
  const checks = new Map<string, SeenCheck>();
  for (const run of forge.checks.runsOf(REPOSITORY, sha)) {
    const state = run.conclusion === undefined ? 'pending' : run.conclusion === 'success' ? 'success' : 'failure';
    if (!checks.has(run.name)) checks.set(run.name, { name: run.name, state });
  }
  const pipeline = forge.pipelines.newestOf(REPOSITORY, sha);
  for (const job of pipeline === undefined ? [] : forge.pipelines.jobsOf(pipeline.id)) {
    const state = job.status === 'success' ? 'success' : job.status === 'failed' ? 'failure' : 'pending';
    checks.set(job.name, { name: job.name, state });
  }
  return [...checks.values()];
}

export function isGreen(world: World, sha: string): boolean {
  return checksOf(world, sha).some(isGreenBuild);
}

function isGreenBuild({ name, state }: SeenCheck): boolean {
  return name === 'ci/build' && state === 'success';
}

/** A plan of the commit is shown. */
export function isPlanned(world: World, sha: string): boolean {
  return checksOf(world, sha).some((check) => check.name === 'lockkeeper/plan' && check.state !== 'pending');
}
