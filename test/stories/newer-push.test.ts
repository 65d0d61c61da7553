/** A push while the plan of an older head is made. */
import { expect } from 'vitest';
import type { App } from '../../src/app/app.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { story } from './world.js';

const FILE = 'apps/api/envs/dev/settings.yaml';

story('gives up the plan of a head that was pushed over, and says nothing of it', async (world) => {
  const text = (await world.people.file(FILE)) ?? '';
  const older = await world.people.push('alice', 'change', {
    start: 'main',
    files: { [FILE]: text.replace('debug', 'trace-older') },
  });
  const number = await world.people.open('alice', { title: 'Trace', head: 'change' });
  await world.simulator.deliveries.deliverAll();
  const { app, begun } = neverRendering(world.app);
  let planning = workOnce(app).then(() => 'worked');
  while ((await Promise.race([planning, begun])) === 'worked') planning = workOnce(app).then(() => 'worked');
  const newer = await world.people.push('alice', 'change', { files: { [FILE]: text.replace('debug', 'trace-newer') } });
  await world.simulator.deliveries.deliverAll();
  // Ends for no other reason than that it is given up: nothing else ends the rendering.
  await planning;
  expect((await world.people.pullRequest(number)).head.sha).toBe(newer);
  await world.settle();
  const sticky = await world.sticky(number);
  expect(sticky).toContain('trace-newer');
  expect(sticky).not.toContain('trace-older');
  const old = await world.people.call('GET', `/_simulator/repositories/acme/config/checks?ref=${older}`);
  const checks = (old as { checks: { name: string; state: string }[] }).checks;
  expect(checks.filter(({ name, state }) => name.startsWith('lockkeeper/') && state !== 'pending')).toEqual([]);
});

/** Renderings that end only when they are told to. */
function neverRendering(app: App): { readonly app: App; readonly begun: Promise<'rendering'> } {
  const { promise: begun, resolve: begin } = withResolver<'rendering'>();
  const all = app.renderers.all.map((renderer): App['renderers']['all'][number] => ({
    ...renderer,
    render: ({ signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve({ kind: 'failed', file: null, message: 'given up' }));
        begin('rendering');
      }),
  }));
  return { app: { ...app, renderers: { ...app.renderers, all } }, begun };
}

function withResolver<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((take) => {
    resolve = take;
  });
  return { promise, resolve };
}
