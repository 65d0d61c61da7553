/** What the doctor asks for is what the App is registered with. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { NEEDED_EVENTS, NEEDED_PERMISSIONS } from '../../../src/adapters/github/guards.js';

test('app.yml and the doctor name the same permissions and events', () => {
  const manifest: unknown = parse(readFileSync('app.yml', 'utf8'));
  expect(manifest).toMatchObject({ default_permissions: NEEDED_PERMISSIONS, default_events: NEEDED_EVENTS });
});
