/** People review, and take their reviews back. */
import { REPOSITORY, ADMIN, READER, WRITERS } from '../ground.js';
import { named, openOnes, pickOpen, refusedNote, type Act } from './act.js';

export async function approve(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const actor = act.random.one(...WRITERS, ADMIN, READER);
  const { reviews } = act.world.simulator.forge;
  const outcome = reviews.submit({ repository: REPOSITORY, number: pull.number, actor, state: 'approved' });
  return `${actor} approves ${named(pull)}${refusedNote(outcome)}`;
}

/** Whoever the rules can ask for. */
export async function approveAll(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const { reviews } = act.world.simulator.forge;
  const actors = WRITERS.filter((actor) => actor !== pull.author);
  for (const actor of actors) reviews.submit({ repository: REPOSITORY, number: pull.number, actor, state: 'approved' });
  return `${actors.join(' and ')} approve ${named(pull)}`;
}

export async function requestChanges(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null || act.world.options.forge === 'gitlab') return null;
  const actor = act.random.one(...WRITERS);
  const { reviews } = act.world.simulator.forge;
  const outcome = reviews.submit({ repository: REPOSITORY, number: pull.number, actor, state: 'changes-requested' });
  return `${actor} requests changes of ${named(pull)}${refusedNote(outcome)}`;
}

/** A review is dismissed (GitHub) or withdrawn (GitLab). */
export async function takeBack(act: Act): Promise<string | null> {
  const { world, random, focus } = act;
  const { reviews } = world.simulator.forge;
  const standing = openOnes(world)
    .flatMap((pull) => reviews.of(REPOSITORY, pull.number))
    .filter((review) => review.state === 'approved' || review.state === 'changes-requested');
  const focused = standing.filter((review) => review.number === focus);
  const review = random.pick(focused.length > 0 ? focused : standing);
  if (review === undefined) return null;
  if (world.options.forge === 'gitlab') {
    reviews.withdraw({ repository: REPOSITORY, number: review.number, actor: review.author });
    return `${review.author} withdraws the approval of #${review.number}`;
  }
  const actor = random.one(...WRITERS);
  reviews.dismiss({ actor, reviewId: review.id, message: 'No longer' });
  return `${actor} dismisses the review of ${review.author} on #${review.number}`;
}

/** Nobody's approval stands any more. */
export async function takeAllBack(act: Act): Promise<string | null> {
  const { world } = act;
  const pull = pickOpen(act);
  const { reviews } = world.simulator.forge;
  const standing = pull === null ? [] : reviews.of(REPOSITORY, pull.number).filter(({ state }) => state === 'approved');
  if (pull === null || standing.length === 0) return null;
  for (const review of standing)
    if (world.options.forge === 'gitlab')
      reviews.withdraw({ repository: REPOSITORY, number: review.number, actor: review.author });
    else reviews.dismiss({ actor: ADMIN, reviewId: review.id, message: 'All anew' });
  return `every approval of ${named(pull)} is taken back`;
}
