/** What people see of the merge queue, and what happens to who is in it when something changes. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

const CONFIGURATION = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {} }
`;

/** A change of one file of an application in dev, by alice, whose checks still run. */
async function change(world: World, app: string, file: string): Promise<number> {
  const { people } = world;
  const path = `apps/${app}/envs/dev/${file}.yaml`;
  const text = `${(await people.file(path)) ?? ''}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${app}-${file} }\n`;
  await people.push('alice', `${app}-${file}`, { start: 'main', files: { [path]: text } });
  const number = await people.open('alice', { title: `Change ${file} of ${app}`, head: `${app}-${file}` });
  await people.ci(`${app}-${file}`, 'pending');
  await world.settle();
  return number;
}

async function says(world: World, person: string, number: number, command: string): Promise<string> {
  await world.people.comment(person, number, command.replace('/merge', world.merge));
  await world.settle();
  return (await world.readNew(number)).at(-1) ?? '';
}

async function stateOf(world: World, number: number): Promise<string> {
  return (await world.people.pullRequest(number)).state;
}

story(
  'tells place, reason and about when, and lets go first whom those say who may',
  async (world) => {
    const { people } = world;
    const one = await change(world, 'api', 'settings');
    const two = await change(world, 'api', 'replicas');
    const three = await change(world, 'api', 'service');
    for (const number of [one, two, three])
      expect(await says(world, 'bob', number, '/merge')).toContain('It is in the merge queue and waits for');
    expect(await world.sticky(three)).toMatch(
      /In the merge queue since .* UTC, at place 3: `bob` asked for it\. It waits because/,
    );

    expect(await says(world, 'bob', three, '/merge now')).toMatch(/^[^]*Refused: .* is for `alice`/);
    expect(await world.sticky(three)).toContain('at place 3');
    expect(await says(world, 'alice', three, '/merge now')).toContain('waits for');
    expect(await world.sticky(three)).toContain('at place 1: `alice` put it first');
    expect(await says(world, 'alice', three, '/merge now')).toContain('It is in the merge queue already');
    await people.ci('api-settings');
    await world.settle();
    // Nothing is skipped: what was put first waits for its checks, and what meets it waits for it.
    expect(await world.sticky(one)).toMatch(new RegExp(`at place 2: .*\\. It is ready, and waits for [#!]${three}`));
    await people.ci('api-service');
    await world.settle();
    expect([await stateOf(world, one), await stateOf(world, two), await stateOf(world, three)]).toEqual([
      'merged',
      'open',
      'merged',
    ]);
    expect(await world.sticky(two)).not.toContain('By what merging took here lately');
    await people.ci('api-replicas');
    await world.settle();

    // Three merges were measured by now.
    const four = await change(world, 'web', 'settings');
    await says(world, 'alice', four, '/merge');
    expect(await world.sticky(four)).toMatch(/it is merged at about \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
    for (const number of [one, two, three]) {
      expect(await world.sticky(number)).toContain('Merged.');
      const { checks } = await people.pullRequest(number);
      expect(checks.find(({ name }) => name === 'lockkeeper/queue')).toMatchObject({
        state: 'success',
        description: 'Merged',
      });
    }
  },
  {
    files: {
      '.lockkeeper.yaml': `${CONFIGURATION}policy: { rules: [{ name: dev is free, require: none }] }
commands: { merge-now: { users: [alice] } }
`,
    },
  },
);

/** GitHub dismisses reviews; on GitLab who approved takes it back. */
async function loseApproval(world: World, number: number): Promise<void> {
  if (world.kind === 'gitlab') return world.people.review('bob', number, 'withdrawn');
  const { reviews } = world.simulator.forge;
  const review = reviews.of('acme/config', number).findLast(({ state }) => state === 'approved');
  reviews.dismiss({ actor: 'carol', reviewId: review?.id ?? 0, message: 'Not yet' });
}

story(
  'leaves the queue when it is held, frozen, not agreed to any more or pushed to, says why, and comes back when told',
  async (world) => {
    const { people } = world;
    const number = await change(world, 'api', 'settings');
    const rival = await change(world, 'api', 'replicas');
    const apart = await change(world, 'web', 'settings');
    await people.review('bob', number);
    await world.settle();
    const joins = async () => {
      expect(await says(world, 'alice', number, '/merge')).toContain('It is in the merge queue and waits for');
      expect(await world.sticky(number)).toMatch(/In the merge queue since .*: `alice` asked for it/);
    };
    const left = async () => {
      // The check says it with the comment, not one look later.
      const { checks } = await people.pullRequest(number);
      const check = checks.find(({ name }) => name === 'lockkeeper/queue');
      expect(check?.description).toMatch(/^It left the merge queue/);
      return /It left the merge queue: .*/.exec(await world.sticky(number))?.[0] ?? 'it did not leave';
    };

    await joins();
    expect(await says(world, 'bob', number, '/hold until the load test is over')).toContain(
      'It leaves the merge queue.',
    );
    expect(await left()).toBe('It left the merge queue: `bob` held it: until the load test is over.');
    expect(await says(world, 'alice', number, '/merge')).toContain('`bob` holds it');
    expect(await says(world, 'alice', number, '/unhold')).toContain('The hold of `bob` is ended.');
    expect(await left()).toContain('`bob` held it');

    await joins();
    await says(world, 'bob', number, '/freeze dev until 1h the audit');
    expect(await left()).toContain('dev was frozen by `bob` until');
    expect(await says(world, 'bob', number, '/unfreeze dev')).toContain('dev is not frozen any more');

    await joins();
    await loseApproval(world, number);
    await world.settle();
    expect(await left()).toContain('the policy was not satisfied any more');
    await people.review('bob', number);
    await world.settle();

    await joins();
    const path = 'apps/api/envs/dev/settings.yaml';
    const text = (await people.file(path, 'api-settings')) ?? '';
    await people.push('alice', 'api-settings', { files: { [path]: text.replace('debug', 'info') } });
    await people.ci('api-settings', 'pending');
    await world.settle();
    expect(await left()).toContain('a new commit was pushed');
    await people.review('bob', number);
    await world.settle();

    // The branch moves: where nothing of it is touched it stays, where its plan is another it is to be agreed to again.
    await joins();
    for (const branch of ['web-settings', 'api-replicas']) await people.ci(branch);
    for (const other of [rival, apart]) await people.review('bob', other);
    await world.settle();
    await people.merge('carol', apart);
    await world.settle();
    expect(await world.sticky(number)).toMatch(/In the merge queue since .*: `alice` asked for it/);
    await people.merge('carol', rival);
    await world.settle();
    expect(await left()).toContain('the policy was not satisfied any more');
    expect(await world.sticky(number)).toContain('before the plan changed');
    await people.review('bob', number);
    await people.ci('api-settings');
    await world.settle();
    expect(await stateOf(world, number)).toBe('open');
    expect(await says(world, 'alice', number, '/merge')).toContain('It is in the merge queue and ready');
    expect(await stateOf(world, number)).toBe('merged');
    for (const each of [rival, apart]) await world.sticky(each);
  },
  { files: { '.lockkeeper.yaml': CONFIGURATION } },
);
