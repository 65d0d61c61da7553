/**
 * What people, CI and time do in one step. Each act chooses by its own numbers from what is there when its turn comes, and says in a
 * plain sentence what it did; where nothing fits it does nothing and says nothing.
 */
import { reportCi } from '../../src/simulator/control/report-ci.js';
import type { FileAction } from '../../src/simulator/forge/commits.js';
import type { Outcome } from '../../src/simulator/forge/refusal.js';
import type { Comment, PullRequest } from '../../src/simulator/forge/state.js';
import {
  ADMIN,
  APPS,
  BROKEN_CONFIGURATION,
  configurationText,
  deploymentText,
  directoryOf,
  ENVIRONMENTS,
  NOT_CARRIED,
  READER,
  REPOSITORY,
  secretText,
  settingsText,
  WRITERS,
} from './ground.js';
import type { Random } from './random.js';
import type { World } from './world.js';

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

/** What acts leave behind for the checks. */
export class Deeds {
  readonly commands: AskedCommand[] = [];
  readonly bumps: AcceptedBump[] = [];
  /** People closed, deleted, pushed to or overtook the bot's bump: what lands of it is theirs to answer for. */
  bumpsDisturbed = false;
  branches = 0;
  sent = 0;
}

export interface Act {
  readonly world: World;
  readonly deeds: Deeds;
  readonly random: Random;
}

/** The sentence, or null where there was nothing to do. */
type Actor = (act: Act) => Promise<string | null>;

export type ActName = keyof typeof ACTS;

const ACTS = {
  'change-image': changeImage,
  'change-files': changeFiles,
  'change-configuration': changeConfiguration,
  push: pushMore,
  'push-to-bots-branch': pushToBotsBranch,
  'force-push': forcePush,
  approve,
  'request-changes': requestChanges,
  'take-back': takeBack,
  command,
  'wrong-command': wrongCommand,
  'edit-pull-request': editPullRequest,
  'meddle-with-comment': meddleWithComment,
  'merge-by-hand': mergeByHand,
  close: closeOrReopen,
  'delete-branch': deleteBranch,
  'ci-green': ciGreen,
  'ci-one': ciOne,
  bump,
  wait: waitAWhile,
  sweep: sweepNow,
  restart: restartNow,
  redeliver: redeliverOld,
} as const satisfies Readonly<Record<string, Actor>>;

/** How often each is chosen. */
export const ACT_WEIGHTS: readonly (readonly [weight: number, name: ActName])[] = [
  [6, 'change-image'],
  [5, 'change-files'],
  [1, 'change-configuration'],
  [4, 'push'],
  [1.5, 'push-to-bots-branch'],
  [2, 'force-push'],
  [14, 'approve'],
  [2, 'request-changes'],
  [3, 'take-back'],
  [12, 'command'],
  [4, 'wrong-command'],
  [2, 'edit-pull-request'],
  [1.5, 'meddle-with-comment'],
  [3, 'merge-by-hand'],
  [2.5, 'close'],
  [1.5, 'delete-branch'],
  [20, 'ci-green'],
  [5, 'ci-one'],
  [8, 'bump'],
  [5, 'wait'],
  [2, 'sweep'],
  [2, 'restart'],
  [2, 'redeliver'],
];

export function perform(name: ActName, act: Act): Promise<string | null> {
  return ACTS[name](act);
}

function openOnes(world: World): readonly PullRequest[] {
  return world.simulator.forge.pullRequests.of(REPOSITORY).filter((one) => one.state === 'open');
}

function pickOpen({ world, random }: Act): PullRequest | null {
  return random.pick(openOnes(world)) ?? null;
}

function named(pull: PullRequest): string {
  return `#${pull.number} (${pull.title})`;
}

function isBots(world: World, pull: PullRequest): boolean {
  return pull.author === world.botLogin;
}

function refusedNote(outcome: Outcome<unknown>): string {
  return outcome.ok ? '' : `, which the forge refuses (${outcome.refusal.kind})`;
}

function put(path: string, text: string): FileAction {
  return { kind: 'put', path, content: Buffer.from(text) };
}

async function openPull(
  act: Act,
  change: { readonly title: string; readonly actions: readonly FileAction[] },
): Promise<string> {
  const { world, deeds, random } = act;
  const { forge } = world.simulator;
  const actor = random.one(...WRITERS);
  deeds.branches += 1;
  const headBranch = `${actor}/change-${deeds.branches}`;
  const tip = (await world.git.branchHead('main')) ?? '';
  const parent = world.store.commit(tip).parents[0];
  // Some people have not pulled for a while.
  const start = parent !== undefined && random.chance(0.2) ? parent : tip;
  const message = change.title;
  await forge.commits.commit({
    repository: REPOSITORY,
    actor,
    branch: headBranch,
    message,
    actions: change.actions,
    start,
  });
  const opened = await forge.pullRequests.open({
    repository: REPOSITORY,
    actor,
    title: change.title,
    body: random.one('', 'Please have a look.', '/merge is not a command here'),
    headBranch,
    baseBranch: 'main',
  });
  const number = opened.ok ? `#${opened.value.number}` : 'nothing';
  return `${actor} opens ${number} (${change.title})${refusedNote(opened)}`;
}

async function changeImage(act: Act): Promise<string> {
  const app = act.random.one(...APPS);
  const env = act.random.one(...ENVIRONMENTS);
  const version = `1.${act.random.below(4)}.${act.random.below(6)}`;
  const actions = [put(`${directoryOf(app, env)}/deployment.yaml`, deploymentText(app, version))];
  return openPull(act, { title: `Set ${app} to ${version} in ${env}`, actions });
}

async function changeFiles(act: Act): Promise<string> {
  const { random } = act;
  const app = random.one(...APPS);
  const env = random.one(...ENVIRONMENTS);
  const level = random.one('debug', 'info', 'warn', 'error');
  const settings = put(`${directoryOf(app, env)}/${NOT_CARRIED}`, settingsText(app, env, level));
  const choices: readonly { readonly title: string; readonly actions: readonly FileAction[] }[] = [
    { title: `Log ${level} for ${app} in ${env}`, actions: [settings] },
    {
      title: `New password in ${env}`,
      actions: [put(`${directoryOf('api', env)}/secret.yaml`, secretText('api', random.between(1, 9)))],
    },
    { title: 'Say more in the README', actions: [put('README.md', `# What Acme runs\n\nPart ${random.below(9)}.\n`)] },
    {
      title: `A job for ${app} in ${env}`,
      actions: [put(`${directoryOf(app, env)}/job.yaml`, settingsText(`${app}-job`, env, level))],
    },
    {
      title: `Settings of ${app} everywhere`,
      actions: ENVIRONMENTS.map((each) =>
        put(`${directoryOf(app, each)}/${NOT_CARRIED}`, settingsText(app, each, level)),
      ),
    },
  ];
  const chosen = random.pick(choices) ?? { title: 'Settings', actions: [settings] };
  return openPull(act, chosen);
}

async function changeConfiguration(act: Act): Promise<string> {
  const { random } = act;
  const variant = {
    testMerge: random.one('auto', 'manual'),
    testPromotion: random.one('auto', 'manual'),
    method: random.one('squash', 'merge', 'rebase'),
    soak: random.one(null, null, '30m'),
  } as const;
  const text = random.chance(0.2) ? BROKEN_CONFIGURATION : configurationText(variant);
  const title = text === BROKEN_CONFIGURATION ? 'Break the configuration' : `Configure ${JSON.stringify(variant)}`;
  return openPull(act, { title, actions: [put('.lockkeeper.yaml', text)] });
}

async function pushOnto(act: Act, pull: PullRequest, force: boolean): Promise<string> {
  const { world, random } = act;
  const actor = isBots(world, pull) ? random.one(...WRITERS) : pull.author;
  const path = random.one(
    'README.md',
    `${directoryOf('web', 'dev')}/${NOT_CARRIED}`,
    `${directoryOf('api', 'prod')}/${NOT_CARRIED}`,
  );
  const text =
    path === 'README.md'
      ? `# Pushed ${random.below(1000)}\n`
      : settingsText('any', 'any', `level-${random.below(1000)}`);
  const tip = (await world.git.branchHead('main')) ?? '';
  const pushed = await world.simulator.forge.commits.commit({
    repository: REPOSITORY,
    actor,
    branch: pull.headBranch,
    message: `Change ${path}`,
    actions: [put(path, text)],
    ...(force ? { start: tip, force: true } : {}),
  });
  return `${actor} ${force ? 'force-pushes' : 'pushes'} ${path} to ${named(pull)}${refusedNote(pushed)}`;
}

async function pushMore(act: Act): Promise<string | null> {
  const pull = act.random.pick(openOnes(act.world).filter((one) => !isBots(act.world, one)));
  return pull === undefined ? null : pushOnto(act, pull, false);
}

async function pushToBotsBranch(act: Act): Promise<string | null> {
  const { world, deeds, random } = act;
  const pull = random.pick(openOnes(world).filter((one) => isBots(world, one)));
  if (pull === undefined) return null;
  if (pull.headBranch.includes('/bump/')) deeds.bumpsDisturbed = true;
  return pushOnto(act, pull, false);
}

async function forcePush(act: Act): Promise<string | null> {
  const pull = act.random.pick(openOnes(act.world).filter((one) => !isBots(act.world, one)));
  return pull === undefined ? null : pushOnto(act, pull, true);
}

async function approve(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const actor = act.random.one(...WRITERS, ADMIN, READER);
  const { reviews } = act.world.simulator.forge;
  const outcome = reviews.submit({ repository: REPOSITORY, number: pull.number, actor, state: 'approved' });
  return `${actor} approves ${named(pull)}${refusedNote(outcome)}`;
}

async function requestChanges(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null || act.world.options.forge === 'gitlab') return null;
  const actor = act.random.one(...WRITERS);
  const { reviews } = act.world.simulator.forge;
  const outcome = reviews.submit({ repository: REPOSITORY, number: pull.number, actor, state: 'changes-requested' });
  return `${actor} requests changes of ${named(pull)}${refusedNote(outcome)}`;
}

/** A review is dismissed (GitHub) or withdrawn (GitLab). */
async function takeBack(act: Act): Promise<string | null> {
  const { world, random } = act;
  const { reviews } = world.simulator.forge;
  const standing = openOnes(world)
    .flatMap((pull) => reviews.of(REPOSITORY, pull.number))
    .filter((review) => review.state === 'approved' || review.state === 'changes-requested');
  const review = random.pick(standing);
  if (review === undefined) return null;
  if (world.options.forge === 'gitlab') {
    reviews.withdraw({ repository: REPOSITORY, number: review.number, actor: review.author });
    return `${review.author} withdraws the approval of #${review.number}`;
  }
  const actor = random.one(...WRITERS);
  reviews.dismiss({ actor, reviewId: review.id, message: 'No longer' });
  return `${actor} dismisses the review of ${review.author} on #${review.number}`;
}

function say(
  act: Act,
  pull: PullRequest,
  spoken: { readonly actor: string; readonly body: string; readonly owed: boolean },
): string {
  const { world, deeds } = act;
  const { actor, body } = spoken;
  const outcome = world.simulator.forge.comments.add({ repository: REPOSITORY, number: pull.number, actor, body });
  if (outcome.ok && spoken.owed)
    deeds.commands.push({
      commentId: outcome.value.id,
      number: pull.number,
      author: actor,
      body,
      at: world.clock.now(),
    });
  return `${actor} comments "${body.replaceAll('\n', ' / ')}" on ${named(pull)}${refusedNote(outcome)}`;
}

function mergeCommand(world: World): string {
  return world.options.forge === 'gitlab' ? '@lockkeeper /merge' : '/merge';
}

async function command(act: Act): Promise<string | null> {
  const { world, random } = act;
  const all = world.simulator.forge.pullRequests.of(REPOSITORY);
  const pull = random.chance(0.75) ? pickOpen(act) : (random.pick(all) ?? null);
  if (pull === null) return null;
  const merge = mergeCommand(world);
  const body = random.weighted([
    [6, merge],
    [3, '/promote prod'],
    [2, '/promote test'],
    [1, '/promote prod api'],
    [1, '/plan'],
    [1, '/why'],
    [0.5, '/help'],
    [1, `Looks good.\n\n${merge}`],
    [1, `/why\n${merge}`],
    [1, '/unqueue'],
  ]);
  const actor = random.weighted([
    [5, 'alice'],
    [3, 'bob'],
    [2, 'carol'],
    [1.5, READER],
  ]);
  return say(act, pull, { actor, body, owed: true });
}

async function wrongCommand(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const [body, owed] = act.random.one<readonly [string, boolean]>(
    ['/promote nowhere', true],
    ['/promote', true],
    ['/promte prod', true],
    ['/merge-it-all', false],
    ['> /promote prod', false],
    ['`/promote prod`', false],
    ['Should we promote?', false],
    ['/promote prod api web nothing', true],
  );
  // What counts as a command is the parser's to say, in tests of its own: only the sure ones are owed an answer.
  return say(act, pull, { actor: act.random.one(...WRITERS), body, owed });
}

async function editPullRequest(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const change = act.random.one({ title: `${pull.title.slice(0, 40)}!` }, { body: `Edited ${act.random.below(100)}` });
  const actor = isBots(act.world, pull) ? ADMIN : pull.author;
  const outcome = await act.world.simulator.forge.pullRequests.edit({
    repository: REPOSITORY,
    number: pull.number,
    actor,
    ...change,
  });
  return `${actor} edits ${Object.keys(change).join()} of ${named(pull)}${refusedNote(outcome)}`;
}

/** A maintainer deletes or rewrites one of the bot's comments. */
async function meddleWithComment(act: Act): Promise<string | null> {
  const { world, random } = act;
  const { comments } = world.simulator.forge;
  const bots = openOnes(world)
    .flatMap((pull) => comments.of(REPOSITORY, pull.number))
    .filter((comment) => comment.author === world.botLogin && isSticky(comment));
  const comment = random.pick(bots);
  if (comment === undefined) return null;
  if (random.chance(0.5)) {
    comments.delete({ actor: ADMIN, id: comment.id });
    return `${ADMIN} deletes the bot's comment on #${comment.number}`;
  }
  comments.edit({ actor: ADMIN, id: comment.id, body: `${comment.body}\n\nand so on` });
  return `${ADMIN} adds words to the bot's comment on #${comment.number}`;
}

export function isSticky(comment: Comment): boolean {
  return comment.body.startsWith('<!-- lockkeeper:state ');
}

async function mergeByHand(act: Act): Promise<string | null> {
  const { world, deeds, random } = act;
  const pull = pickOpen(act);
  if (pull === null) return null;
  const actor = random.one(ADMIN, ADMIN, ...WRITERS);
  const order = {
    repository: REPOSITORY,
    number: pull.number,
    actor,
    method: random.one('merge', 'squash', 'rebase'),
  } as const;
  if (/\bin dev\b|dev/.test(pull.title)) deeds.bumpsDisturbed = true;
  const outcome = await world.simulator.forge.merging.merge(order);
  return `${actor} merges ${named(pull)} by hand (${order.method})${refusedNote(outcome)}`;
}

async function closeOrReopen(act: Act): Promise<string | null> {
  const { world, deeds, random } = act;
  const pulls = world.simulator.forge.pullRequests.of(REPOSITORY);
  const closed = pulls.filter((one) => one.state === 'closed');
  const pull = random.chance(0.4) && closed.length > 0 ? random.pick(closed) : pickOpen(act);
  if (pull === null || pull === undefined) return null;
  if (pull.headBranch.includes('/bump/')) deeds.bumpsDisturbed = true;
  const actor = isBots(world, pull) ? random.one(...WRITERS) : pull.author;
  const state = pull.state === 'open' ? 'closed' : 'open';
  const outcome = await world.simulator.forge.pullRequests.edit({
    repository: REPOSITORY,
    number: pull.number,
    actor,
    state,
  });
  return `${actor} ${state === 'open' ? 'reopens' : 'closes'} ${named(pull)}${refusedNote(outcome)}`;
}

async function deleteBranch(act: Act): Promise<string | null> {
  const { world, deeds, random } = act;
  const branches = (await world.simulator.forge.branches.list(REPOSITORY)).filter(({ name }) => name !== 'main');
  const branch = random.pick(branches);
  if (branch === undefined) return null;
  if (branch.name.includes('/bump/')) deeds.bumpsDisturbed = true;
  const actor = random.one(...WRITERS);
  const outcome = await world.simulator.forge.branches.delete({ repository: REPOSITORY, actor, branch: branch.name });
  return `${actor} deletes the branch ${branch.name}${refusedNote(outcome)}`;
}

async function ciGreen({ world }: Act): Promise<string> {
  const main = (await world.git.branchHead('main')) ?? '';
  const heads = [...new Set([...openOnes(world).map((pull) => pull.headSha), main])];
  for (const sha of heads)
    reportCi(world.simulator.forge, { repository: REPOSITORY, sha, name: 'ci/build', state: 'success' });
  return `CI is green for ${heads.length - 1} pull request(s) and main`;
}

/** Red, running or green, and perhaps late: of a commit that is a head no more. */
async function ciOne({ world, random }: Act): Promise<string | null> {
  const pull = random.pick(world.simulator.forge.pullRequests.of(REPOSITORY));
  const shas = pull?.versions.map((version) => version.headSha) ?? [];
  const sha = random.chance(0.6) ? shas.at(-1) : random.pick(shas);
  if (pull === undefined || sha === undefined || !world.store.holds(sha)) return null;
  const state = random.one('failure', 'pending', 'success');
  reportCi(world.simulator.forge, { repository: REPOSITORY, sha, name: 'ci/build', state });
  return `CI says ${state} of ${sha === pull.headSha ? 'the head' : 'an older head'} of ${named(pull)}`;
}

async function bump({ world, deeds, random }: Act): Promise<string> {
  const tag = random.chance(0.1) ? 'not-a-version' : `1.${random.below(5)}.${random.below(5)}`;
  const image = random.chance(0.93) ? 'ghcr.io/acme/api' : 'ghcr.io/acme/unknown';
  deeds.sent += 1;
  const id = `build-${deeds.sent}`;
  const body = JSON.stringify({ repository: REPOSITORY, image, tag, id });
  const answer = await world.ask({ method: 'POST', path: '/api/v1/bumps', headers: world.bumpHeaders(), body });
  if (answer?.status === 202)
    deeds.bumps.push({ id, tag: image.endsWith('api') ? tag : 'unknown', epoch: world.epoch });
  return `a build asks for ${image}:${tag} and is answered ${answer?.status ?? 'nothing'}`;
}

async function waitAWhile({ world, random }: Act): Promise<string> {
  const seconds = random.one(5, 20, 61, 300, 1200, 2400);
  world.clock.advance(seconds * 1000);
  return `${seconds} seconds pass`;
}

async function sweepNow({ world }: Act): Promise<string> {
  await world.sweep();
  return 'the bot sweeps';
}

async function restartNow({ world, random }: Act): Promise<string> {
  const data = random.chance(0.25) ? 'empty' : 'keep';
  await world.restart(data);
  return data === 'empty' ? 'the bot is stopped, its data deleted, and started' : 'the bot is stopped and started';
}

async function redeliverOld({ world, random }: Act): Promise<string | null> {
  const sent = world.simulator.deliveries.list().filter((one) => one.state === 'sent' || one.state === 'lost');
  const delivery = random.pick(sent);
  if (delivery === undefined) return null;
  await world.simulator.deliveries.redeliver(delivery.number);
  return `an old webhook (${delivery.event}) is delivered again`;
}
