// `.env` beside the program: read by serve, never stronger than the environment.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addToEnvFile, withEnvFile } from '../../src/cli/env-file.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'env-file-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('adds what the environment does not say, and nothing where there is no file', () => {
  expect(withEnvFile({ PORT: '1' }, home)).toEqual({ PORT: '1' });
  writeFileSync(join(home, '.env'), 'PORT=2\nHOST=0.0.0.0 # everywhere\n');
  expect(withEnvFile({ PORT: '1' }, home)).toEqual({ PORT: '1', HOST: '0.0.0.0' });
});

test('reads back what it added, over several lines and over what stood before', () => {
  writeFileSync(join(home, '.env'), 'KEY=\nOTHER=kept');
  addToEnvFile(home, { KEY: 'one\ntwo\n' });
  expect(withEnvFile({}, home)).toEqual({ KEY: 'one\ntwo\n', OTHER: 'kept' });
});

test('says which file can’t be read', () => {
  mkdirSync(join(home, '.env'));
  expect(() => withEnvFile({}, home)).toThrow(/\.env can’t be read/);
});
