/** Commands: answered always, run once, by people who may. */
import { expect } from 'vitest';
import { COMMANDS } from '../../src/core/command/commands.js';
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
    expect.stringContaining('Did you mean `/promote ENV [APP…] [--version V]`?'),
    expect.stringContaining('It is written `/promote ENV [APP…] [--version V]`.'),
    expect.stringContaining('Did you mean `prod`?'),
    expect.stringContaining('give a reason'),
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
  expect(answer).toContain('The plan above holds');
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

story('holds a pull request, over a push, until somebody ends it', async (world) => {
  const number = await openChange(world);
  await world.people.comment('bob', number, world.merge.replace('/merge', '/hold until the load test is over'));
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('Held (until the load test is over)')]);
  expect(await world.sticky(number)).toContain('`bob` holds it: until the load test is over');
  await world.people.push('alice', 'change', { files: { [FILE]: `${await world.people.file(FILE)}  MORE: "2"\n` } });
  await world.settle();
  await world.people.ci('change');
  await world.people.review('bob', number);
  await world.people.comment('alice', number, world.merge);
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('`bob` holds it: until the load test is over')]);
  await world.people.comment('alice', number, `/unhold\n${world.merge}\n/unqueue`);
  await world.settle();
  const [answer] = await world.readNew(number);
  expect(answer).toContain('The hold of `bob` is ended.');
  expect(answer).toContain('It is not in the merge queue any more.');
  expect(await world.sticky(number)).toContain('`alice` took it out');
  expect((await world.people.pullRequest(number)).state).toBe('open');
});

story('freezes an environment, for everyone and until it ends by itself', async (world) => {
  const number = await openChange(world);
  await world.people.review('bob', number);
  await world.people.comment('dave', number, '/freeze dev until 8m the audit');
  await world.people.comment('bob', number, '/freeze dev until 8m the audit');
  await world.settle();
  expect(await world.readNew(number)).toEqual([
    expect.stringContaining('is for anyone with write permission'),
    expect.stringMatching(/dev is frozen by `bob` until .* UTC: the audit\. .*It ends by itself/s),
  ]);
  expect(await world.sticky(number)).toContain('dev is frozen by `bob` until');
  await world.people.comment('alice', number, world.merge);
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('dev is frozen by `bob`')]);
  // Nothing but the forge remembers it.
  await world.forgetEverything();
  await world.pass(240_000);
  await world.sweep();
  expect(await world.sticky(number)).toContain('dev is frozen by `bob` until');
  await world.pass(240_000);
  expect(await world.sticky(number)).not.toContain('frozen');
  await world.people.comment('bob', number, '/freeze dev x\n/unfreeze dev\n/unfreeze dev');
  await world.settle();
  const [answer] = await world.readNew(number);
  expect(answer).toContain('dev is not frozen any more');
  expect(answer).toContain('Nothing to do: dev is not frozen.');
});

story('does not run a command again when somebody deletes the answer', async (world) => {
  const number = await openChange(world);
  await world.people.comment('bob', number, '/hold\n/why');
  await world.settle();
  expect(await world.readNew(number)).toHaveLength(1);
  const answer = (await world.people.pullRequest(number)).comments.findLast((each) => world.isBot(each.author));
  world.simulator.forge.comments.delete({ actor: 'admin', id: answer?.id ?? 0 });
  await world.people.comment('bob', number, '/unhold');
  await world.settle();
  await world.sweep();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('The hold of `bob` is ended.')]);
});

const APPROVALS_BY_COMMENT = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {} }
policy:
  approve-command: true
  rules: [{ name: one person, require: { approvals: 1 } }]
`;

story(
  'takes an approval by comment for the head it was given for',
  async (world) => {
    const number = await openChange(world);
    await world.people.ci('change');
    const approve = world.merge.replace('/merge', '/approve');
    await world.people.comment('alice', number, approve);
    await world.people.comment('dave', number, approve);
    await world.settle();
    const answers = await world.readNew(number);
    expect(answers).toEqual([
      expect.stringContaining('Taken as your approval of'),
      expect.stringContaining('is for anyone with write permission'),
    ]);
    expect(await world.sticky(number)).toContain('the policy is not satisfied yet');
    await world.people.comment('bob', number, approve);
    await world.settle();
    await world.readNew(number);
    expect(await world.sticky(number)).not.toContain('the policy is not satisfied yet');
    await world.people.push('alice', 'change', { files: { [FILE]: `${await world.people.file(FILE)}  MORE: "3"\n` } });
    await world.settle();
    expect(await world.sticky(number)).toContain('the policy is not satisfied yet');
  },
  { files: { '.lockkeeper.yaml': APPROVALS_BY_COMMENT } },
);

story('comes to rest while no answer can be written, whatever is asked, and answers each once then', async (world) => {
  const broken = { [FILE]: 'settings: [' };
  await world.people.push('alice', 'change', { start: 'main', files: broken });
  const number = await world.people.open('alice', { title: 'Break a setting', head: 'change' });
  await world.settle();
  await world.sticky(number);
  const asked = [
    '/plan',
    '/retry',
    '/approve',
    '/merge',
    '/unqueue',
    '/hold',
    '/unhold',
    '/why',
    '/help',
    '/promote test web',
    '/freeze test until 2h testing',
    '/unfreeze test',
    '/rollback dev web',
  ];
  expect(new Set(asked.map((each) => each.replace(/^.([a-z]+).*/, '$1')))).toEqual(
    new Set(COMMANDS.map(({ name }) => name)),
  );
  const path = world.kind === 'github' ? `*/issues/${number}/comments` : `*/merge_requests/${number}/notes`;
  await world.people.fault({ method: 'POST', path, times: 1000, effect: { kind: 'status', status: 503 } });
  for (const command of asked)
    await world.people.comment('bob', number, world.kind === 'gitlab' ? `@lockkeeper ${command}` : command);
  await world.settle();
  expect(await world.readNew(number)).toEqual([]);
  await world.people.call('DELETE', '/_simulator/faults');
  await world.pass(10 * 60_000);
  await world.pass(10 * 60_000);
  expect(await world.readNew(number)).toHaveLength(asked.length);
});
