// What the pages show by example is what the program takes, and what they list is all there is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkSeed } from '../../src/cli/simulator/check-seed.js';
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import { parseBump } from '../../src/server/parse-bump.js';

const project = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(project, name), 'utf8');

function blocks(page: string, language: string): readonly string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

const problemsOf = (text: string) => {
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  return parsed.kind === 'valid' ? [] : parsed.problems;
};

describe('every .lockkeeper.yaml in the pages is valid', () => {
  const pages = ['README.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];
  const examples = pages.flatMap((page) => blocks(page, 'yaml').map((text) => ({ page, text })));
  test.each(examples.filter(({ text }) => text.startsWith('version: 1')))('$page', ({ text }) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('rights of commands', () => {
    const [rights = ''] = blocks('docs/commands.md', 'yaml');
    const rest = 'version: 1\nlayout: { path: "apps/{app}/{env}" }\nenvironments: { dev: {}, prod: { after: dev } }\n';
    expect(rights).toMatch(/^commands:/);
    expect(problemsOf(rest + rights)).toEqual([]);
  });
});

test('the seed of docs/simulator.md can be planted, its configuration too', () => {
  const [text = ''] = blocks('docs/simulator.md', 'yaml');
  const seed = parse(text) as { repositories: { files: Record<string, string> }[] };
  expect(checkSeed(seed)).toEqual([]);
  expect(problemsOf(seed.repositories[0]?.files['.lockkeeper.yaml'] ?? '')).toEqual([]);
});

test('docs/simulator.md lists the control API as the code describes it', () => {
  const described = read('src/simulator/control/register-control.ts').match(/^ \* \|.*$/gm) ?? [];
  expect(described.length).toBeGreaterThan(20);
  const page = read('docs/simulator.md');
  expect(described.map((line) => line.slice(3)).filter((row) => !page.includes(row))).toEqual([]);
});

test.each(['README.md', 'docs/http-api.md'])('the image bumps of %s are taken', (page) => {
  const bodies = [
    ...blocks(page, 'json'),
    ...[...read(page).matchAll(/-d '(\{"repository".*?\})'/g)].map(([, body = '']) => body),
  ];
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) {
    const reading = parseBump(Buffer.from(body), { forges: ['github'], idempotencyKey: null });
    expect(reading).toMatchObject({ kind: 'bump' });
  }
});

test('settings: the code, .env.example and docs/settings.md name the same ones', () => {
  const code = ['settings', 'storage-settings', 'render-settings'].map((name) => read(`src/cli/${name}.ts`)).join('');
  const inCode = code.matchAll(/(?:read\.(?:text|url|integer|duration|oneOf)\(|textOf\(environment, )'([A-Z_]+)'/g);
  const names = [...new Set([...inCode].map(([, name = '']) => name))].sort();
  const inExample = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);
  const inPage = [...read('docs/settings.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  expect([...new Set(inExample)].sort()).toEqual(names);
  expect(inPage.sort()).toEqual(names);
});
