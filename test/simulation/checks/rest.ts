/** What has to hold once faults have stopped and the bot has looked at everything once more (I3, I5, I7, I8, I9). */
import { join } from 'node:path';
import { parseConfiguration } from '../../../src/config/parse-configuration.js';
import { reportCi } from '../../../src/simulator/control/report-ci.js';
import type { Deeds } from '../acts/act.js';
import { readRef } from '../git/quick-git.js';
import { REPOSITORY, SECRETS } from '../ground.js';
import type { World } from '../world/world.js';
import { stickyOf } from './bots-comments.js';
import { compareVersions, DEV, devVersion } from './dev-version.js';
import { membersOf } from './batch-evidence.js';
import { batchesOf, isGreen } from './forge-facts.js';
import { objections } from './oracle.js';
import type { Watch } from './watch.js';

export interface Resting {
  readonly world: World;
  readonly watch: Watch;
  readonly deeds: Deeds;
  /** Delivers and works until nothing is left that is due. */
  settle(): Promise<void>;
}

/** Waits one after the other for what is due later: more means that the bot never comes to rest. */
const MOST_WAITS = 60;
/** In ms. */
const DAY = 24 * 60 * 60 * 1000;

export async function checkRest(resting: Resting): Promise<void> {
  const { world, watch } = resting;
  world.simulator.deliveries.clearFaults();
  await comeToRest(resting);
  await world.sweep();
  await comeToRest(resting);
  await finishVerifying(resting);
  if (watch.violations.length > 0) return;
  checkAnswers(resting);
  checkBatches(resting);
  await checkBumps(resting);
  await checkQueue(resting);
  await checkBranches(resting);
  checkPromotions(resting);
  checkLog(resting);
  const before = world.writes;
  const written: string[] = [];
  const { monitor } = world;
  world.monitor = {
    beforeRequest: (request, task) => {
      written.push(`${request.method} ${request.path}`);
      monitor.beforeRequest(request, task);
    },
    afterRequest: (request, task) => monitor.afterRequest(request, task),
    peopleChanged: () => monitor.peopleChanged(),
  };
  await world.sweep();
  await comeToRest(resting);
  if (world.writes > before)
    watch.broken('I8', `a second sweep wrote ${world.writes - before} times: ${written.slice(0, 4).join(', ')}`);
}

/** Time goes on until nothing is due any more. */
async function comeToRest({ world, watch, settle }: Resting): Promise<void> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    await settle();
    if (watch.violations.length > 0) return;
    const due = await world.bot.app.queue.nextDue();
    if (due === null) return;
    world.clock.advanceTo(due);
  }
  watch.broken('I8', `after ${MOST_WAITS} waits there is still something to do`);
}

/** CI ends what it was asked to verify for the queue. */
async function finishVerifying(resting: Resting): Promise<void> {
  const { world, watch } = resting;
  for (let round = 0; round < MOST_WAITS && watch.violations.length === 0; round += 1) {
    const waiting = batchesOf(world).filter((sha) => !isGreen(world, sha));
    if (waiting.length === 0) return;
    for (const sha of waiting)
      reportCi(world.simulator.forge, { repository: REPOSITORY, sha, name: 'ci/build', state: 'success' });
    await comeToRest(resting);
  }
  watch.broken('I8', `${MOST_WAITS} batches were verified, and there is another`);
}

/** None is left that nobody waits for. */
function checkBatches({ world, watch }: Resting): void {
  for (const batch of batchesOf(world)) {
    if (watch.peoplesCommits.has(batch)) continue;
    const members = membersOf(world, batch);
    if (!members.some(({ number }) => isQueued(world, number)))
      watch.broken(
        'own branch',
        `a batch of ${members.map(({ number }) => `#${number}`).join(', ')} is left for nobody`,
      );
  }
}

function isQueued(world: World, number: number): boolean {
  const pull = world.simulator.forge.pullRequests.get(REPOSITORY, number);
  return pull.ok && pull.value.state === 'open' && (stickyOf(world, number)?.ticket ?? null) !== null;
}

function checkAnswers({ world, watch, deeds }: Resting): void {
  for (const command of deeds.commands) {
    const comment = world.simulator.forge.comments.get(REPOSITORY, command.commentId);
    if (!comment.ok) continue;
    // Nobody waits any more for what was asked for a day before the bot came to see it.
    if (world.clock.now() - command.at > DAY) continue;
    if ((watch.answers.get(command.commentId) ?? 0) === 0)
      watch.broken('I7', `"${command.body}" of ${command.author} on #${command.number} was never answered`);
  }
}

/** Each was refused with a reason, or dev or a pull request into it held it once, or a newer one. */
async function checkBumps({ world, watch, deeds }: Resting): Promise<void> {
  const reached = versionsReached(world);
  for (const bump of deeds.bumps.filter((one) => one.epoch === world.epoch)) {
    const entry = await world.stored.inbox.find('api', bump.id);
    if (entry === null || entry.state !== 'settled') {
      const words = entry === null ? 'forgotten' : 'still waiting';
      watch.broken('I3', `the bump ${bump.id} to ${bump.tag} was accepted and is ${words}`);
      continue;
    }
    if (entry.outcome?.includes('refused') === true || !/^\d+\.\d+\.\d+$/.test(bump.tag)) continue;
    if (!reached.some((version) => compareVersions(version, bump.tag) >= 0))
      watch.broken(
        'I3',
        `the bump ${bump.id} to ${bump.tag} was settled ("${entry.outcome ?? ''}"), and no commit ever held it`,
      );
  }
}

/** By dev on the target branch, and by pull requests of bumps. */
function versionsReached(world: World): readonly string[] {
  const tip = readRef(join(world.git.directory, 'refs/heads/main')) ?? '';
  const bumps = world.simulator.forge.pullRequests
    .of(REPOSITORY)
    .filter((pull) => pull.headBranch.startsWith('lockkeeper/bump/'))
    .flatMap((pull) => pull.versions.map((version) => version.headSha));
  const commits = [...world.store.ancestors(tip), ...bumps].filter((sha) => world.store.holds(sha));
  return commits.flatMap((sha) => devVersion(world.store.text(sha, DEV)) ?? []);
}

/** Of what was merged while the bot had a comment on it. */
async function checkBranches({ world, watch }: Resting): Promise<void> {
  const { forge } = world.simulator;
  const branches = await forge.branches.list(REPOSITORY);
  if (configurationIsBroken(world, branches.find(({ name }) => name === 'main')?.sha ?? '')) return;
  for (const pull of forge.pullRequests.of(REPOSITORY)) {
    const { number, headBranch, headSha, author, state } = pull;
    if (state !== 'merged' || author !== world.botLogin || stickyOf(world, number) === null) continue;
    if (watch.peoplesCommits.has(headSha)) continue;
    if (branches.some(({ name, sha }) => name === headBranch && sha === headSha))
      watch.broken('own branch', `#${number} (${pull.title}) was merged, and ${headBranch} is still there`);
  }
}

/** Whoever is in the queue, and whom nothing stands in the way of, has been merged. */
async function checkQueue({ world, watch }: Resting): Promise<void> {
  const { forge } = world.simulator;
  const branches = await forge.branches.list(REPOSITORY);
  if (branches.some(({ name }) => name.startsWith('lockkeeper/stopped/'))) return;
  const facts = watch.factsNow();
  const tip = branches.find(({ name }) => name === 'main')?.sha ?? '';
  if (configurationIsBroken(world, tip)) return;
  for (const pull of forge.pullRequests.of(REPOSITORY).filter(({ state }) => state === 'open')) {
    const { number, headSha: head } = pull;
    const state = stickyOf(world, number);
    if (state?.ticket?.head !== head || state.hold !== null || !facts.green.has(head)) continue;
    const { contexts, spoken, peoplesCommits } = watch;
    const found = await objections(world, facts, { number, head, tip, contexts, spoken, peoplesCommits });
    if (found.length === 0)
      watch.broken('I8', `#${number} (${pull.title}) is in the queue, ready, and was never merged`);
  }
}

/** Nothing acts on one that is, nor tells which branches are the bot's. */
function configurationIsBroken({ store }: World, tip: string): boolean {
  return parseConfiguration(store.text(tip, '.lockkeeper.yaml') ?? '', '.lockkeeper.yaml').kind !== 'valid';
}

/** Commits of open promotions that nobody else pushed to. */
function checkPromotions({ world, watch }: Resting): void {
  const open = world.simulator.forge.pullRequests
    .of(REPOSITORY)
    .filter((pull) => pull.state === 'open' && pull.headBranch.startsWith('lockkeeper/promote/'));
  for (const pull of open)
    if (!watch.peoplesCommits.has(pull.headSha)) watch.checkPromotionCommit(pull.headSha, pull.headBranch);
}

function checkLog({ world, watch }: Resting): void {
  for (const line of world.log.lines) {
    const text = JSON.stringify({
      ...line,
      fields: Object.entries(line.fields).map(([key, value]) => [key, words(value)]),
    });
    const leaked = SECRETS.find((secret) => text.includes(secret));
    if (leaked !== undefined) return watch.broken('I9', `the log holds ${leaked}: ${line.message}`);
  }
}

function words(value: unknown): unknown {
  return value instanceof Error ? `${value.message} ${value.stack ?? ''}` : value;
}
