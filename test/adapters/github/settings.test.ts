import { afterEach, expect, it } from 'vitest';
import { createGithub } from '../../../src/adapters/github/create-github.js';
import { Forbidden } from '../../../src/core/problem.js';
import type { Log } from '../../../src/ports/log.js';
import { seed, type ForgeWorld } from '../../contract/forge-harness.js';
import { boundedTo } from './github-harness.js';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };

let world: ForgeWorld | undefined;
afterEach(() => world?.close());

it('keeps the bot within the repositories it is confined to', async () => {
  world = await boundedTo(['acme/other']).start();
  const { forge, repository } = world;
  expect(await forge.repositories.list()).toEqual([]);
  expect(await forge.repositories.facts(repository)).toBeNull();
  await expect(forge.repositories.credentials(repository)).rejects.toBeInstanceOf(Forbidden);
  expect(await forge.pullRequests.listOpen(repository)).toBeNull();
});

it('does not care how their names are capitalised', async () => {
  world = await boundedTo(['Acme/Config']).start();
  expect(await world.forge.repositories.list()).toEqual([world.repository]);
  expect(await world.forge.repositories.facts(world.repository)).toMatchObject({ defaultBranch: seed.defaultBranch });
});

it('does not start with a key that is none, and does not quote it', async () => {
  const privateKey = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
  const started = createGithub({ auth: { kind: 'app', appId: 1, privateKey }, webhookSecret: 'x', log });
  await expect(started).rejects.toThrow(/^The private key of the GitHub App is no PEM private key$/);
});

it('does not start without a webhook secret', async () => {
  const started = createGithub({ auth: { kind: 'token', token: 't' }, webhookSecret: '', log });
  await expect(started).rejects.toThrow(/webhook secret/);
});
