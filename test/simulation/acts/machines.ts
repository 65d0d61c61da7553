/** CI, builds, the clock and the operator of the bot. */
import { reportCi } from '../../../src/simulator/control/report-ci.js';
import { ADMIN, REPOSITORY } from '../ground.js';
import { named, openOnes, pickOpen, refusedNote, verifiedBranches, type Act } from './act.js';

export async function ciGreen({ world }: Act): Promise<string> {
  const main = (await world.git.branchHead('main')) ?? '';
  const pulls = new Set(openOnes(world).map((pull) => pull.headSha));
  const branches = (await verifiedBranches(world)).map(({ sha }) => sha);
  const heads = [...new Set([...pulls, ...branches, main])];
  for (const sha of heads)
    reportCi(world.simulator.forge, { repository: REPOSITORY, sha, name: 'ci/build', state: 'success' });
  const beside = branches.length === 0 ? '' : `, ${branches.length} branch(es) of queues`;
  return `CI is green for ${pulls.size} pull request(s)${beside} and main`;
}

/** Of the head of one pull request, and of nothing else. */
export async function ciGreenOfOne(act: Act): Promise<string | null> {
  const pull = pickOpen(act);
  if (pull === null) return null;
  const { forge } = act.world.simulator;
  reportCi(forge, { repository: REPOSITORY, sha: pull.headSha, name: 'ci/build', state: 'success' });
  return `CI is green for ${named(pull)}`;
}

/** Of what is verified beside pull requests. */
export async function ciOfQueue({ world, random }: Act): Promise<string | null> {
  const branch = random.pick(await verifiedBranches(world));
  if (branch === undefined) return null;
  const state = random.one('success', 'success', 'failure', 'pending');
  reportCi(world.simulator.forge, { repository: REPOSITORY, sha: branch.sha, name: 'ci/build', state });
  return `CI says ${state} of ${branch.name}`;
}

/** GitHub's own merge queue: one or two are put into it, or its head's turn has come. */
export async function mergeGroup(act: Act): Promise<string | null> {
  const { world, random } = act;
  if (world.options.forge !== 'github') return null;
  const { mergeGroups } = world.simulator.forge;
  const groups = (await verifiedBranches(world)).filter(({ name }) => name.startsWith('gh-'));
  const first = groups[0];
  if (first !== undefined && random.chance(0.6)) {
    const outcome = await mergeGroups.settle(REPOSITORY, first.name);
    return `GitHub's queue looks at ${first.name}: ${outcome.ok ? outcome.value : outcome.refusal.kind}`;
  }
  const [one, other] = [pickOpen(act), pickOpen({ ...act, focus: null })];
  if (one === null || other === null) return null;
  const numbers = [...new Set(random.chance(0.5) ? [one.number, other.number] : [one.number])];
  const order = { repository: REPOSITORY, actor: ADMIN, numbers, method: random.one('merge', 'squash') } as const;
  const outcome = await mergeGroups.build(order);
  return `${ADMIN} puts ${numbers.map((number) => `#${number}`).join(' and ')} into GitHub's queue${refusedNote(outcome)}`;
}

/** Red, running or green, and perhaps late: of a commit that is a head no more. */
export async function ciOne(act: Act): Promise<string | null> {
  const { world, random, focus } = act;
  const pull =
    focus === null ? random.pick(world.simulator.forge.pullRequests.of(REPOSITORY)) : (pickOpen(act) ?? undefined);
  const shas = pull?.versions.map((version) => version.headSha) ?? [];
  const sha = random.chance(0.6) ? shas.at(-1) : random.pick(shas);
  if (pull === undefined || sha === undefined || !world.store.holds(sha)) return null;
  const state = random.one('failure', 'pending', 'success');
  reportCi(world.simulator.forge, { repository: REPOSITORY, sha, name: 'ci/build', state });
  return `CI says ${state} of ${sha === pull.headSha ? 'the head' : 'an older head'} of ${named(pull)}`;
}

export async function bump({ world, deeds, random }: Act): Promise<string> {
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

export async function waitAWhile({ world, random }: Act): Promise<string> {
  const seconds = random.weighted([
    [2, 5],
    [2, 20],
    [2, 61],
    [2, 300],
    [2, 1200],
    [2, 2400],
    // Over a night and more: what is remembered for a day is forgotten.
    [0.7, 90_000],
  ]);
  world.clock.advance(seconds * 1000);
  return `${seconds} seconds pass`;
}

export async function sweepNow({ world }: Act): Promise<string> {
  await world.sweep();
  return 'the bot sweeps';
}

export async function restartNow({ world, random }: Act): Promise<string> {
  const data = random.chance(0.25) ? 'empty' : 'keep';
  await world.restart(data);
  return data === 'empty' ? 'the bot is stopped, its data deleted, and started' : 'the bot is stopped and started';
}

/** Whatever it had not written down is gone. */
export async function crashNow({ world }: Act): Promise<string> {
  await world.restart('keep');
  return 'the bot dies and is started again';
}

export async function redeliverOld({ world, random }: Act): Promise<string | null> {
  const sent = world.simulator.deliveries.list().filter((one) => one.state === 'sent' || one.state === 'lost');
  const delivery = random.pick(sent);
  if (delivery === undefined) return null;
  await world.simulator.deliveries.redeliver(delivery.number);
  return `an old webhook (${delivery.event}) is delivered again`;
}
