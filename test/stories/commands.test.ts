/** Commands: answered always, run once, by people who may. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

const FILE = 'apps/web/envs/dev/settings.yaml';

async function openChange(world: World): Promise<number> {
  await world.people.push('alice', 'change', {
    start: 'main',
    files: { [FILE]: `${await world.people.file(FILE)}  MORE: "1"\n` },
  });
  const number = await world.people.open('alice', { title: 'Change a setting', head: 'change' });
  await world.settle();
  await world.sticky(number);
  return number;
}

story('answers what it does not understand with what was probably meant', async (world) => {
  const number = await openChange(world);
  await world.people.comment('alice', number, '/promot prod');
  await world.people.comment('alice', number, '/promote');
  await world.people.comment('alice', number, '/promote prodd');
  await world.people.comment('alice', number, '/freeze prod');
  await world.people.comment('alice', number, 'see /etc/hosts, and `/merge` is what I mean\n> /merge');
  await world.settle();
  expect(await world.readNew(number)).toEqual([
    expect.stringContaining('Did you mean `/promote ENV [APP]`?'),
    expect.stringContaining('It is written `/promote ENV [APP]`.'),
    expect.stringContaining('Did you mean `prod`?'),
    expect.stringContaining('not available in this version'),
  ]);
});

story('helps, explains and plans again', async (world) => {
  const number = await openChange(world);
  const comment = await world.people.comment('alice', number, '/help');
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('| `/why` |')]);
  const seen = (await world.people.pullRequest(number)).comments.find((each) => each.id === comment);
  expect(seen?.reactions.map((reaction) => reaction.name)).toEqual(['eyes']);
  await world.people.comment('bob', number, '/why\n/plan');
  await world.settle();
  const [answer] = await world.readNew(number);
  expect(answer).toContain('It is not merged because');
  expect(answer).toContain('The plan is being made anew.');
});

story('runs a command once, however often it is told of it', async (world) => {
  const number = await openChange(world);
  await world.people.deliveryFault({ kind: 'double', times: 5 });
  await world.people.comment('alice', number, '/help');
  await world.settle();
  await world.sweep();
  await world.sweep();
  expect(await world.readNew(number)).toHaveLength(1);
});

story('refuses who may not, and says who may', async (world) => {
  const number = await openChange(world);
  await world.people.comment('dave', number, world.merge);
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('is for anyone with write permission')]);
  expect(await world.sticky(number)).not.toContain('In the merge queue');
});

story('reads rights again when the command runs', async (world) => {
  const number = await openChange(world);
  await world.people.comment('bob', number, world.merge);
  await world.people.permission('bob', 'read');
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('Refused')]);
});
