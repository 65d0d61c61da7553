/** People past the bot: they merge by hand, close, reopen, delete branches, and change who may do what. */
import { reportCi } from '../../../src/simulator/control/report-ci.js';
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import { ADMIN, REPOSITORY, SRE_TEAM, WRITERS } from '../ground.js';
import { isBots, named, openOnes, pickOpen, refusedNote, type Act } from './act.js';

export async function mergeByHand(act: Act): Promise<string | null> {
  const { world, random } = act;
  const pull = pickOpen(act);
  if (pull === null) return null;
  const actor = random.one(ADMIN, ADMIN, ...WRITERS);
  const method = random.one('merge', 'squash', 'rebase');
  const order = { repository: REPOSITORY, number: pull.number, actor, method } as const;
  const outcome = await world.simulator.forge.merging.merge(order);
  return `${actor} merges ${named(pull)} by hand (${method})${refusedNote(outcome)}`;
}

/** One who may merge past every rule does. */
export async function mergeAnyway(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  return pull === null ? null : mergePast(act, pull);
}

/** What was opened last beside the one that it is about. */
export async function mergeTheOther(act: Act): Promise<string | null> {
  const other = openOnes(act.world).findLast((pull) => !isBots(act.world, pull) && pull.number !== act.focus);
  return other === undefined ? null : mergePast(act, other);
}

async function mergePast({ world }: Act, pull: PullRequest): Promise<string> {
  const repository = world.simulator.forge.repositories.get(REPOSITORY);
  const [method = 'merge'] = repository.ok ? repository.value.settings.mergeMethods : [];
  // Nobody gets past GitLab's pipelines.
  if (world.options.forge === 'gitlab')
    reportCi(world.simulator.forge, { repository: REPOSITORY, sha: pull.headSha, name: 'ci/build', state: 'success' });
  const outcome = await world.simulator.forge.merging.merge({
    repository: REPOSITORY,
    number: pull.number,
    actor: ADMIN,
    method,
  });
  return `${ADMIN} merges ${named(pull)} past everything (${method})${refusedNote(outcome)}`;
}

/** Somebody merges another one: the target branch moves. */
export async function moveTheBase(act: Act): Promise<string | null> {
  const { world, random, focus } = act;
  const pull = pickOpen({ ...act, focus: null }, (one) => one.number !== focus);
  if (pull === null) return null;
  const method = random.one('merge', 'squash');
  const order = { repository: REPOSITORY, number: pull.number, actor: ADMIN, method } as const;
  const outcome = await world.simulator.forge.merging.merge(order);
  return `${ADMIN} merges ${named(pull)} by hand (${method})${refusedNote(outcome)}`;
}

export async function closeOrReopen(act: Act): Promise<string | null> {
  const { world, random } = act;
  const pulls = world.simulator.forge.pullRequests.of(REPOSITORY);
  const closed = pulls.filter((one) => one.state === 'closed');
  const pull = random.chance(0.4) && closed.length > 0 ? random.pick(closed) : pickOpen(act);
  if (pull === null || pull === undefined) return null;
  const actor = isBots(world, pull) ? random.one(...WRITERS) : pull.author;
  const state = pull.state === 'open' ? 'closed' : 'open';
  const order = { repository: REPOSITORY, number: pull.number, actor, state } as const;
  const outcome = await world.simulator.forge.pullRequests.edit(order);
  return `${actor} ${state === 'open' ? 'reopens' : 'closes'} ${named(pull)}${refusedNote(outcome)}`;
}

export async function deleteBranch(act: Act): Promise<string | null> {
  const { world, random } = act;
  const all = await world.simulator.forge.branches.list(REPOSITORY);
  const branches = all.filter(({ name }) => name !== 'main');
  const branch = random.pick(branches);
  if (branch === undefined) return null;
  // Without it everything counts as frozen: rarely, or little else would be played.
  if (branch.name === 'lockkeeper/state' && random.chance(0.8)) return null;
  const actor = random.one(...WRITERS);
  const outcome = await world.simulator.forge.branches.delete({ repository: REPOSITORY, actor, branch: branch.name });
  return `${actor} deletes the branch ${branch.name}${refusedNote(outcome)}`;
}

/** carol may only read for a while, or bob leaves the team, until they come back. */
export async function changeRights({ world, random }: Act): Promise<string> {
  const { people } = world.simulator.forge;
  if (random.chance(0.5)) {
    const level = people.accessTo(REPOSITORY, 'carol') === 'write' ? 'read' : 'write';
    people.setCollaborator(REPOSITORY, 'carol', level);
    world.monitor.peopleChanged();
    return `carol gets the permission to ${level}`;
  }
  const isMember = people.teamMembers(SRE_TEAM).some(({ login }) => login === 'bob');
  people.setTeamMember(SRE_TEAM, 'bob', isMember ? 'out' : 'in');
  world.monitor.peopleChanged();
  return `bob ${isMember ? 'leaves' : 'joins'} ${SRE_TEAM}`;
}
