/** What acts have in common: what is there to choose from, and what they leave behind for the checks. */
import type { FileAction } from '../../../src/simulator/forge/commits.js';
import type { Outcome } from '../../../src/simulator/forge/refusal.js';
import type { Comment, PullRequest } from '../../../src/simulator/forge/state.js';
import { APPS, ENVIRONMENTS, REPOSITORY } from '../ground.js';
import type { Random } from '../random.js';
import type { World } from '../world/world.js';

/** A person's comment that holds a command, and so is owed an answer. */
export interface AskedCommand {
  readonly commentId: number;
  readonly number: number;
  readonly author: string;
  readonly body: string;
  readonly at: number;
}

/** An image bump that the bot said it accepted. */
export interface AcceptedBump {
  readonly id: string;
  readonly tag: string;
  readonly epoch: number;
}

export interface Place {
  readonly app: (typeof APPS)[number];
  readonly env: (typeof ENVIRONMENTS)[number];
}

/** What acts leave behind for the checks and for each other. */
export class Deeds {
  readonly commands: AskedCommand[] = [];
  readonly bumps: AcceptedBump[] = [];
  /** The pull request that steps of an arc are about. */
  focus: number | null = null;
  branches = 0;
  sent = 0;

  /** @param hot where half of the changes happen, so that pull requests meet */
  constructor(readonly hot: Place) {}
}

export interface Act {
  readonly world: World;
  readonly deeds: Deeds;
  readonly random: Random;
  /** The pull request that it is about, if it is open; null for any. */
  readonly focus: number | null;
}

/** The sentence, or null where there was nothing to do. */
export type Actor = (act: Act) => Promise<string | null>;

/** What is verified beside pull requests: the bot's batches, and the groups of GitHub's own queue. */
export async function verifiedBranches(world: World): Promise<readonly VerifiedBranch[]> {
  const branches = await world.simulator.forge.branches.list(REPOSITORY);
  return branches.filter(({ name }) => /^(lockkeeper\/queue|gh-readonly-queue)\//.test(name));
}

export interface VerifiedBranch {
  readonly name: string;
  readonly sha: string;
}

export function openOnes(world: World): readonly PullRequest[] {
  return world.simulator.forge.pullRequests.of(REPOSITORY).filter((one) => one.state === 'open');
}

/** The one it is about, or one by chance. */
export function pickOpen(act: Act, fits: (pull: PullRequest) => boolean = () => true): PullRequest | null {
  const fitting = openOnes(act.world).filter(fits);
  const focused = act.focus === null ? undefined : fitting.find((pull) => pull.number === act.focus);
  return focused ?? act.random.pick(fitting) ?? null;
}

export function pickPlace({ deeds, random }: Act): Place {
  return random.chance(0.5) ? deeds.hot : { app: random.one(...APPS), env: random.one(...ENVIRONMENTS) };
}

export function named(pull: PullRequest): string {
  return `#${pull.number} (${pull.title})`;
}

export function isBots(world: World, pull: PullRequest): boolean {
  return pull.author === world.botLogin;
}

export function refusedNote(outcome: Outcome<unknown>): string {
  return outcome.ok ? '' : `, which the forge refuses (${outcome.refusal.kind})`;
}

export function put(path: string, text: string): FileAction {
  return { kind: 'put', path, content: Buffer.from(text) };
}

export function isSticky(comment: Comment): boolean {
  return comment.body.startsWith('<!-- lockkeeper:state ');
}
