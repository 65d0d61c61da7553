// What can't be built in a test is at least read as its tools would read it: compose file, App manifest, pinned versions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { NEEDED_EVENTS, NEEDED_PERMISSIONS } from '../../src/adapters/github/guards.js';

const project = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(project, name), 'utf8');

interface Compose {
  readonly services: Readonly<Record<string, { healthcheck: { test: unknown[] }; volumes: string[] }>>;
  readonly volumes: Readonly<Record<string, null>>;
}

test('every service of the compose file has a health check of words and a declared volume', () => {
  const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as Compose;
  for (const service of Object.values(services)) {
    expect(service.healthcheck.test.map((word) => typeof word)).not.toContain('object');
    for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
  }
});

test('the GitHub App asks for no more than it uses', () => {
  const manifest = parse(read('app.yml')) as { default_permissions: unknown; default_events: unknown; public: unknown };
  expect(manifest.public).toBe(false);
  expect(manifest.default_permissions).toEqual(NEEDED_PERMISSIONS);
  expect(manifest.default_events).toEqual(NEEDED_EVENTS);
});

test.each(['helm', 'kustomize'])('the image and continuous integration use the same %s', (tool) => {
  const version = /v\d+\.\d+\.\d+/;
  const inImage = read('Dockerfile')
    .split('\n')
    .find((line) => line.startsWith(`ARG ${tool.toUpperCase()}_VERSION=`));
  const inCi = read('.ci/run')
    .split('\n')
    .find((line) => line.startsWith(`${tool}_version=`));
  expect(inImage).toMatch(version);
  expect(version.exec(inCi ?? '')).toEqual(expect.arrayContaining([version.exec(inImage ?? '')?.[0]]));
});
