/** A sweep asks one listing where nothing has changed, and misses nothing of what did although no webhook told. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'vitest';
import { story, type World } from './world.js';

const FILE = 'apps/api/envs/test/deployment.yaml';

/** What was asked about the repository, API and git, while something was done. */
async function asked(world: World, act: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: { origin: unknown; method: string; path: string } };
    const about = decodeURIComponent(request.path.split('?')[0] ?? '');
    if (String(request.origin) === world.simulator.url && about.includes('acme/config'))
      seen.push(`${request.method} ${about.replace(/^.*acme\/config(\.git)?/, '')}`);
  };
  subscribe('undici:request:create', note);
  try {
    await act();
  } finally {
    unsubscribe('undici:request:create', note);
  }
  return seen;
}

/** Whatever was just touched is looked at once more when it has settled. In all a story has less than ten minutes, as long as an App’s JWT holds. */
async function comeToRest(world: World): Promise<void> {
  await world.sweep();
  await world.pass(65_000);
  await world.sweep();
}

const play = async (world: World): Promise<void> => {
  const { people } = world;
  await people.push('alice', 'work', { files: { [FILE]: await bumped(world, '1.2.0') }, start: 'main' });
  const number = await people.open('alice', { head: 'work', title: 'Use 1.2.0' });
  await people.ci('work', 'pending');
  await world.settle();
  await world.sticky(number);
  await comeToRest(world);
  // A check runs, and no listing shows when it ends.
  expect((await asked(world, () => world.sweep())).length).toBeGreaterThan(5);

  await people.deliveryFault({ kind: 'lose', times: 1000 });
  await people.ci('work');
  await comeToRest(world);
  const once = world.kind === 'github' ? ['GET /pulls'] : ['GET /merge_requests', 'POST /git-upload-pack'];
  expect(await asked(world, () => world.sweep())).toEqual(once);

  await people.comment('bob', number, '/why');
  await world.sweep();
  expect(await world.readNew(number)).toHaveLength(1);

  await comeToRest(world);
  expect(await asked(world, () => world.sweep())).toEqual(once);
  // Nobody opened a pull request for it: the plan of everything that aims at that branch may be another.
  const tip = await people.push('alice', 'main', { files: { 'README.md': 'Elsewhere\n' } });
  await world.sweep();
  expect(await world.sticky(number)).toContain(`on \`${tip.slice(0, 7)}\``);

  await comeToRest(world);
  expect(await asked(world, () => world.sweep())).toEqual(once);
  await people.call('POST', `/_simulator/repositories/acme/config/pull-requests/${number}/state`, {
    actor: 'alice',
    state: 'closed',
  });
  await world.sweep();
  expect(await world.sticky(number)).toMatch(/closed/i);
};

story('asks one listing where nothing has changed, and finds what no webhook told', play, {
  // Anybody may push to main.
  change: (seed) => ({
    ...seed,
    repositories: (seed.repositories ?? []).map((each) => ({ ...each, protections: [] })),
  }),
});

async function bumped(world: World, version: string): Promise<string> {
  const text = (await world.people.file(FILE)) ?? '';
  return text.replace(/(image: \S+):\S+/, `$1:${version}`);
}
