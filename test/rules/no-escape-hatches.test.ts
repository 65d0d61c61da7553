// A rule that can be switched off in a comment is no rule: no source file does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
const escapeHatch =
  /(?:eslint|oxlint)-(?:disable|enable)|prettier-ignore|@ts-(?:ignore|nocheck)|v8 ignore|depcruise-ignore/;

/** Lines of `text` that switch a rule off, as `line: text`. */
function findEscapeHatches(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => (escapeHatch.test(line) ? [`${index + 1}: ${line.trim()}`] : []));
}

function sourceFiles(): readonly string[] {
  return ['src', 'test', 'scripts']
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.(ts|mjs|js|cjs)$/.test(path) && !path.startsWith(join('test', 'rules')));
}

test('no source file switches a rule off', () => {
  const found = sourceFiles().flatMap((path) =>
    findEscapeHatches(readFileSync(join(project, path), 'utf8')).map((line) => `${path}:${line}`),
  );
  expect(found).toEqual([]);
});

test.each(['// eslint-disable-next-line', '/* oxlint-disable */', '// @ts-ignore', '// prettier-ignore'])(
  '%s is found',
  (comment) => {
    expect(findEscapeHatches(`const a = 1;\n${comment}\n`)).toEqual([`2: ${comment}`]);
  },
);
