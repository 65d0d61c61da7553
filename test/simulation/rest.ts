/** What has to hold once faults have stopped and the bot has looked at everything once more (I3, I5, I7, I8, I9). */
import type { Deeds } from './actors.js';
import { REPOSITORY, SECRETS } from './ground.js';
import { compareVersions, DEV, devVersion, type Watch } from './monitor.js';
import type { World } from './world.js';

export interface Resting {
  readonly world: World;
  readonly watch: Watch;
  readonly deeds: Deeds;
  /** Delivers and works until nothing is left that is due. */
  settle(): Promise<void>;
}

/** Waits one after the other for what is due later: more means that the bot never comes to rest. */
const MOST_WAITS = 60;

export async function checkRest(resting: Resting): Promise<void> {
  const { world, watch } = resting;
  world.simulator.deliveries.clearFaults();
  await comeToRest(resting);
  await world.sweep();
  await comeToRest(resting);
  if (watch.violations.length > 0) return;
  checkAnswers(resting);
  await checkBumps(resting);
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

function checkAnswers({ world, watch, deeds }: Resting): void {
  for (const command of deeds.commands) {
    const comment = world.simulator.forge.comments.get(REPOSITORY, command.commentId);
    if (!comment.ok) continue;
    if ((watch.answers.get(command.commentId) ?? 0) === 0)
      watch.broken('I7', `"${command.body}" of ${command.author} on #${command.number} was never answered`);
  }
}

async function checkBumps({ world, watch, deeds }: Resting): Promise<void> {
  const tip = (await world.git.branchHead('main')) ?? '';
  const landed = devVersion(world.store.text(tip, DEV));
  const open = world.simulator.forge.pullRequests
    .of(REPOSITORY)
    .filter((pull) => pull.state === 'open' && pull.headBranch.startsWith('lockkeeper/bump/'));
  // People who set the version themselves know what they do.
  const isTheirs = deeds.bumpsDisturbed || peopleSetVersion(world);
  const carried = open.map((pull) => devVersion(world.store.text(pull.headSha, DEV)));
  for (const bump of deeds.bumps.filter((one) => one.epoch === world.epoch)) {
    const entry = await world.stored.inbox.find('api', bump.id);
    if (entry === null || entry.state !== 'settled') {
      watch.broken(
        'I3',
        `the bump ${bump.id} to ${bump.tag} was accepted and is ${entry === null ? 'forgotten' : 'still waiting'}`,
      );
      continue;
    }
    const isRefused = entry.outcome?.includes('refused') === true;
    if (isRefused || isTheirs || !/^\d+\.\d+\.\d+$/.test(bump.tag)) continue;
    const reached = [landed, ...carried].some((version) => version !== null && compareVersions(version, bump.tag) >= 0);
    if (!reached)
      watch.broken(
        'I3',
        `the bump ${bump.id} to ${bump.tag} was settled ("${entry.outcome ?? ''}"), and dev is at ${landed ?? 'nothing'}`,
      );
  }
}

function peopleSetVersion(world: World): boolean {
  return world.simulator.forge.pullRequests.of(REPOSITORY).some((pull) => {
    const sha = pull.merge?.sha;
    if (sha === undefined || pull.headBranch.startsWith('lockkeeper/bump/')) return false;
    const base = world.store.mergeBases(pull.headSha, world.store.commit(sha).parents[0] ?? sha)[0];
    return base === undefined || world.store.changedPaths(base, pull.headSha).includes(DEV);
  });
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
