/** People comment commands, right and wrong, with the right and without, and meddle with what the bot says. */
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import { ADMIN, ENVIRONMENTS, READER, REPOSITORY, WRITERS } from '../ground.js';
import { targetOf } from '../checks/oracle.js';
import { isBots, isSticky, named, openOnes, pickOpen, refusedNote, type Act } from './act.js';

function say(
  act: Act,
  pull: PullRequest,
  spoken: { readonly actor: string; readonly body: string; readonly owed: boolean },
): string {
  const { world, deeds } = act;
  const { actor, body } = spoken;
  const outcome = world.simulator.forge.comments.add({ repository: REPOSITORY, number: pull.number, actor, body });
  if (outcome.ok && spoken.owed) {
    const { id: commentId } = outcome.value;
    deeds.commands.push({ commentId, number: pull.number, author: actor, body, at: world.clock.now() });
  }
  return `${actor} comments "${body.replaceAll('\n', ' / ')}" on ${named(pull)}${refusedNote(outcome)}`;
}

/** GitLab obeys these itself unless somebody is named before them. */
function spelt({ world }: Act, command: 'merge' | 'approve'): string {
  return world.options.forge === 'gitlab' ? `@lockkeeper /${command}` : `/${command}`;
}

export async function command(act: Act): Promise<string | null> {
  const { world, random, focus } = act;
  const all = world.simulator.forge.pullRequests.of(REPOSITORY);
  const pull = focus !== null || random.chance(0.75) ? pickOpen(act) : (random.pick(all) ?? null);
  if (pull === null) return null;
  const merge = spelt(act, 'merge');
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
    [1, '/retry'],
    [0.7, `${merge} now`],
    [0.8, spelt(act, 'approve')],
  ]);
  const actor = random.weighted([
    [5, 'alice'],
    [3, 'bob'],
    [2, 'carol'],
    [1.5, READER],
  ]);
  return say(act, pull, { actor, body, owed: true });
}

/** What stops merges, and what lets them go on. */
export async function holdOrFreeze(act: Act): Promise<string | null> {
  const { random } = act;
  const pull = pickOpen(act);
  if (pull === null) return null;
  const env = random.one(...ENVIRONMENTS);
  const body = random.weighted([
    [3, '/hold'],
    [1, '/hold until the review is over'],
    [3, '/unhold'],
    [2, `/freeze ${env} until 2h the stocktaking`],
    [1, `/freeze ${env} nobody knows how long`],
    [4, `/unfreeze ${env}`],
  ]);
  return say(act, pull, { actor: random.one(...WRITERS, READER), body, owed: true });
}

/** An environment of what a pull request changes. */
export async function freezeItsPlace(act: Act): Promise<string | null> {
  const { world, random } = act;
  const pull = pickOpen(act);
  const base = pull === null ? undefined : world.store.mergeBases(pull.headSha, world.lastTip)[0];
  if (pull === null || base === undefined) return null;
  const changed = world.store.changedPaths(base, pull.headSha).flatMap((path) => targetOf(path) ?? []);
  const env = random.pick(changed)?.env;
  if (env === undefined) return null;
  const body = `/freeze ${env} until 2h the stocktaking`;
  return say(act, pull, { actor: random.one(...WRITERS), body, owed: true });
}

export async function rollBack(act: Act): Promise<string | null> {
  const { random } = act;
  const pull = pickOpen(act);
  if (pull === null) return null;
  const body = `/rollback ${random.one(...ENVIRONMENTS)} ${random.one('api', 'api', 'web')}`;
  return say(act, pull, { actor: random.one(...WRITERS, READER), body, owed: true });
}

/** One who may asks for the merge. */
export async function askToMerge(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  return say(act, pull, { actor: act.random.one(...WRITERS), body: spelt(act, 'merge'), owed: true });
}

/** One who may not asks for something. */
export async function askWithoutRight(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const merge = spelt(act, 'merge');
  const body = act.random.one(merge, merge, '/promote prod', '/freeze prod for no reason', '/rollback dev api');
  return say(act, pull, { actor: READER, body, owed: true });
}

export async function wrongCommand(act: Act): Promise<string | null> {
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
    ['/freeze prod', true],
    ['/rollback', true],
  );
  // What counts as a command is the parser's to say, in tests of its own: only the sure ones are owed an answer.
  return say(act, pull, { actor: act.random.one(...WRITERS), body, owed });
}

export async function editPullRequest(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const change = act.random.one({ title: `${pull.title.slice(0, 40)}!` }, { body: `Edited ${act.random.below(100)}` });
  const actor = isBots(act.world, pull) ? ADMIN : pull.author;
  const order = { repository: REPOSITORY, number: pull.number, actor, ...change };
  const outcome = await act.world.simulator.forge.pullRequests.edit(order);
  return `${actor} edits ${Object.keys(change).join()} of ${named(pull)}${refusedNote(outcome)}`;
}

/** A maintainer deletes or rewrites one of the bot's comments. */
export async function meddleWithComment(act: Act): Promise<string | null> {
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
