/** Plans: rendered with the real tools, masked, and right about who is touched. */
import { expect } from 'vitest';
import { story } from './world.js';

const SECRET_FILE = 'apps/api/envs/dev/secret.yaml';
const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: api\nstringData:\n  password: ${value}\n`;

story(
  'shows that a secret changed, never the secret',
  async (world) => {
    await world.people.push('alice', 'change', { start: 'main', files: { [SECRET_FILE]: secret('hunter-two') } });
    const number = await world.people.open('alice', { title: 'Rotate', head: 'change' });
    await world.settle();
    const sticky = await world.sticky(number);
    expect(sticky).toContain('-  password: masked:');
    expect(sticky).toContain('+  password: masked:');
    const everything = JSON.stringify([await world.people.pullRequest(number), world.log.lines]);
    expect(everything).not.toContain('hunter-two');
    expect(everything).not.toContain('hunter-one');
  },
  { files: { [SECRET_FILE]: secret('hunter-one') } },
);

story('says that nothing changes when nothing does', async (world) => {
  await world.people.push('alice', 'change', { start: 'main', files: { 'README.md': 'Hello\n' } });
  const number = await world.people.open('alice', { title: 'Say hello', head: 'change' });
  await world.settle();
  expect(await world.sticky(number)).toContain('What every environment runs stays the same.');
});

story('fails the plan of broken YAML with its place, and plans the rest', async (world) => {
  const web = 'apps/web/envs/dev/settings.yaml';
  await world.people.push('alice', 'change', {
    start: 'main',
    files: {
      'apps/api/envs/dev/service.yaml': 'a: [1, 2\nb: }\n',
      [web]: `${await world.people.file(web)}  MORE: "1"\n`,
    },
  });
  const number = await world.people.open('alice', { title: 'Break', head: 'change' });
  await world.settle();
  const sticky = await world.sticky(number);
  expect(sticky).toContain('apps/api/envs/dev/service.yaml:');
  expect(sticky).toMatch(/\*\*web in dev\*\*: 1 (resource|ConfigMap) changed/);
  expect((await world.people.pullRequest(number)).checks).toContainEqual(
    expect.objectContaining({ name: 'lockkeeper/plan', state: 'failure' }),
  );
});
