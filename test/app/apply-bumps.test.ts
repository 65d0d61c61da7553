import { expect, it } from 'vitest';
import { applyBumps } from '../../src/app/bump/apply-bumps.js';
import type { ConfiguredRepository } from '../../src/app/pull-request/gather-repository.js';
import type { ImageRule } from '../../src/core/configuration.js';
import type { InboxEntry } from '../../src/ports/store.js';

const rule: ImageRule = {
  image: 'ghcr.io/acme/api',
  app: 'api',
  into: 'dev',
  update: 'any',
  range: null,
  source: null,
  tag: null,
};
const BEFORE = 'image: ghcr.io/acme/api:1.0.0';

function reading(files: Readonly<Record<string, Buffer>>): ConfiguredRepository {
  const entries = Object.keys(files).map((path) => ({ path: `envs/dev/${path}`, mode: '100755', sha: path }));
  const mirror = {
    entries: () => Promise.resolve(entries),
    blobs: () => Promise.resolve(new Map(Object.entries(files))),
  };
  const configuration = {
    layouts: [{ path: 'envs/{env}', app: 'api' }],
    environments: [{ name: 'dev' }],
    images: [rule],
  };
  return { mirror, tip: 'tip', configuration } as unknown as ConfiguredRepository;
}

async function bumped(files: Readonly<Record<string, Buffer>>): Promise<Readonly<Record<string, string>>> {
  const request = { image: rule.image, tag: '1.1.0', digest: null, source: null };
  const ground = { kind: 'ours', branch: 'b', open: null, images: [], content: 'mergeable' } as const;
  const { changes } = await applyBumps(reading(files), ground, [{ entry: {} as InboxEntry, rule, request }]);
  const written = changes.flatMap((change) => (change.kind === 'write' ? [change] : []));
  return Object.fromEntries(
    written.map(({ path, content, mode }) => [path, `${mode} ${Buffer.from(content).toString('latin1')}`]),
  );
}

it('leaves a file that is no text alone: written back, it would hold other bytes', async () => {
  const files = { 'a.yaml': Buffer.from(`${BEFORE}\n`), 'b.yaml': Buffer.from(`${BEFORE} # f\xfcr\n`, 'latin1') };
  expect(await bumped(files)).toEqual({ 'envs/dev/a.yaml': '100755 image: ghcr.io/acme/api:1.1.0\n' });
});

it('writes every other byte of a file as it was', async () => {
  const text = (line: string) => Buffer.from(`\ufeff# für alle\r\n${line}\r\n`).toString('latin1');
  expect(await bumped({ 'a.yaml': Buffer.from(text(BEFORE), 'latin1') })).toEqual({
    'envs/dev/a.yaml': `100755 ${text('image: ghcr.io/acme/api:1.1.0')}`,
  });
});
