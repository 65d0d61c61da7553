import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../../src/cli/log.js';
import type { Log } from '../../src/ports/log.js';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lockkeeper-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function logged(say: (log: Log) => void): string {
  const file = join(directory, 'log');
  say(createLog('debug', { file }));
  return readFileSync(file, 'utf8');
}

it.each<[string, (log: Log) => void]>([
  ['in a field', (log) => log.info({ reason: `refused ${TOKEN}` }, 'Told')],
  ['in a list', (log) => log.info({ jobs: ['a', `b ${TOKEN}`] }, 'Told')],
  ['deep in an object', (log) => log.info({ a: { b: [{ c: TOKEN }] } }, 'Told')],
  ['in the sentence itself', (log) => log.warn({ from: 'a library' }, `GET /x?private_token=${TOKEN} failed`)],
  ['in an error', (log) => log.error({ err: new Error(`bad ${TOKEN}`, { cause: new Error(TOKEN) }) }, 'Told')],
  ['under a name that tells', (log) => log.info({ request: { headers: { authorization: 'Basic YWJj' } } }, 'Told')],
  ['in what a child log says of itself', (log) => log.child({ lane: TOKEN }).info({}, 'Told')],
])('a log line holds no secret %s', (_where, say) => {
  const line = logged(say);
  expect(line).not.toContain(TOKEN);
  expect(line).not.toContain('YWJj');
  expect(line).toMatch(/masked/);
});

it('keeps what is no secret as it was', () => {
  const line = logged((log) => log.child({ lane: 'github:acme/config' }).info({ pullRequests: [1, 2] }, 'Looked at'));
  expect(JSON.parse(line)).toMatchObject({ lane: 'github:acme/config', pullRequests: [1, 2], msg: 'Looked at' });
});
