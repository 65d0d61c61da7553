// The example of the README is one that the program accepts, and its settings are those of .env.example.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/parse-configuration.js';

const project = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(project, name), 'utf8');

test('the .lockkeeper.yaml of the README is valid', () => {
  const example = /```yaml\n(version: 1\n.*?)```/s.exec(read('README.md'))?.[1];
  expect(parseConfiguration(example ?? '', '.lockkeeper.yaml')).toMatchObject({ kind: 'valid' });
});

test('every setting that the README names is described in .env.example', () => {
  const named = new Set(read('README.md').match(/\b[A-Z]+(?:_[A-Z]+)+\b/g));
  const described = new Set(
    read('.env.example')
      .match(/^#?[A-Z]+(?:_[A-Z]+)*(?==)/gm)
      ?.map((name) => name.replace('#', '')),
  );
  expect([...named].filter((name) => !described.has(name))).toEqual([]);
});
