// `.env` beside the program: read by serve, never stronger than the environment.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('quotes nothing that needs no quotes, which some readers would take for a part of the value', () => {
  addToEnvFile(home, { ID: '42', KEY: '-----BEGIN KEY-----\\nab+/=\\n-----END KEY-----', WORDS: 'a # b' });
  expect(readFileSync(join(home, '.env'), 'utf8')).toBe(
    'ID=42\nKEY=-----BEGIN KEY-----\\nab+/=\\n-----END KEY-----\nWORDS="a # b"\n',
  );
  expect(withEnvFile({}, home)).toMatchObject({ ID: '42', WORDS: 'a # b' });
});

test('says which file can’t be read', () => {
  mkdirSync(join(home, '.env'));
  expect(() => withEnvFile({}, home)).toThrow(/\.env can’t be read/);
});
