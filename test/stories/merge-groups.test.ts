/** GitHub's own merge queue: what it would merge is judged, and never waved through. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

const settings = (app: string, env: string): string => `apps/${app}/envs/${env}/settings.yaml`;

/** Opened, approved and green. `line`: added to an application's settings. */
async function approved({ people }: World, name: string, path: string): Promise<number> {
  const before = (await people.file(path)) ?? '';
  await people.push('carol', name, { start: 'main', files: { [path]: `${before}  ${name.toUpperCase()}: "1"\n` } });
  const number = await people.open('carol', { title: `Set ${name}`, head: name });
  await people.ci(name);
  await people.review('alice', number);
  await people.review('bob', number);
  return number;
}

interface Group {
  readonly branch: string;
  readonly headSha: string;
}

async function queue(world: World, ...numbers: readonly number[]): Promise<readonly Group[]> {
  const path = '/_simulator/repositories/acme/config/merge-groups';
  const answer = await world.people.call('POST', path, { actor: 'carol', numbers, method: 'squash' });
  return (answer as { groups: readonly Group[] }).groups;
}

/** CI is green on the group, and its turn has come. */
async function settled(world: World, { branch, headSha }: Group): Promise<unknown> {
  await world.people.ci(headSha);
  const path = '/_simulator/repositories/acme/config/merge-groups/settle';
  return ((await world.people.call('POST', path, { branch })) as { outcome: unknown }).outcome;
}

/** `lockkeeper/plan` → `success: title`. */
function checksOf(world: World, { headSha }: Group): Readonly<Record<string, string>> {
  const runs = world.simulator.forge.checks.runsOf('acme/config', headSha);
  return Object.fromEntries(
    runs
      .filter(({ name }) => name.startsWith('lockkeeper/'))
      .map(({ name, conclusion, title }) => [name, `${conclusion ?? 'pending'}: ${title ?? ''}`]),
  );
}

function summaryOf(world: World, { headSha }: Group): string {
  const runs = world.simulator.forge.checks.runsOf('acme/config', headSha);
  return runs.find(({ name }) => name === 'lockkeeper/plan')?.summary ?? '';
}

story('judges what GitHub’s merge queue would merge, part by part', async (world) => {
  // GitLab's merge trains ask nobody but pipelines.
  if (world.kind === 'gitlab') return;
  const { people } = world;
  const api = await approved(world, 'one', settings('api', 'prod'));
  const web = await approved(world, 'two', settings('web', 'prod'));
  const same = await approved(world, 'three', settings('api', 'prod').replace('settings', 'replicas'));
  await world.settle();
  for (const number of [api, web, same]) expect(await world.sticky(number)).toContain('The policy is satisfied');

  const [first, second, third] = await queue(world, api, web, same);
  if (first === undefined || second === undefined || third === undefined) throw new Error('no groups');
  await world.settle();
  expect(checksOf(world, first)).toEqual({
    'lockkeeper/plan': `success: What was approved in #${api} is what would be merged`,
    'lockkeeper/policy': `success: Satisfied for #${api}`,
    'lockkeeper/queue': `success: Nothing stops #${api}`,
  });
  expect(checksOf(world, second)['lockkeeper/policy']).toBe(`success: Satisfied for #${api} and #${web}`);
  // Both change api in prod: with the other before it, it is not what was approved.
  expect(checksOf(world, third)).toEqual({
    'lockkeeper/plan': `failure: #${same} would deploy something else than was approved`,
    'lockkeeper/policy': `failure: #${same}: see lockkeeper/plan`,
    'lockkeeper/queue': `failure: #${same}: see lockkeeper/plan`,
  });
  expect(summaryOf(world, third)).toContain(`#${web} would deploy what was approved`);
  expect(summaryOf(world, third)).toContain('something else than was approved, in `api in prod`');

  expect(await settled(world, third)).toBe('dequeued');
  expect(await settled(world, second)).toBe('merged');
  await world.settle();
  const states = await Promise.all([api, web, same].map(async (number) => (await people.pullRequest(number)).state));
  expect(states).toEqual(['merged', 'merged', 'open']);
  for (const number of [api, web]) expect(await world.sticky(number)).toContain('Merged.');
  expect(await world.sticky(same)).toContain('before the plan changed');
});

story('stops a merge group for what was not approved, or is held, and finds one it was not told of', async (world) => {
  if (world.kind === 'gitlab') return;
  const { people } = world;
  const held = await approved(world, 'held', settings('api', 'prod'));
  const bare = await approved(world, 'bare', settings('web', 'prod'));
  await people.review('alice', bare, 'changes-requested');
  await people.comment('bob', held, '/hold until noon');
  await world.settle();
  await world.readNew(held);
  await world.sticky(bare);

  // Neither GitHub's word about the group nor that about its branch arrives.
  await people.deliveryFault({ kind: 'lose', event: 'merge_group' });
  await people.deliveryFault({ kind: 'lose', event: 'push' });
  const [first] = await queue(world, held);
  if (first === undefined) throw new Error('no group');
  await world.settle();
  expect(checksOf(world, first)).toEqual({});
  await world.sweep();
  expect(checksOf(world, first)['lockkeeper/queue']).toBe(`failure: #${held} must not be merged now`);
  const reports = world.simulator.forge.checks.runsOf('acme/config', first.headSha).length;
  await world.sweep();
  expect(world.simulator.forge.checks.runsOf('acme/config', first.headSha)).toHaveLength(reports);

  await people.comment('bob', held, '/unhold');
  const [second] = await queue(world, bare);
  if (second === undefined) throw new Error('no group');
  await world.settle();
  await world.readNew(held);
  expect(checksOf(world, first)['lockkeeper/queue'], 'judged again').toBe(`success: Nothing stops #${held}`);
  expect(checksOf(world, second)['lockkeeper/policy']).toBe(`failure: #${bare} has not what the policy asks for`);
  expect(checksOf(world, second)['lockkeeper/plan']).toContain('see lockkeeper/policy');
  expect(await settled(world, second)).toBe('dequeued');
  await world.settle();
});
