/**
 * Writes the files that are made from the code. With `--check` it writes nothing and fails, naming each file that is out of date.
 * Usage: npm run generate [-- --check]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { configurationSchema } from '../src/config/json-schema.js';
import { referencePage } from '../src/config/reference-page.js';

interface Generated {
  /** From the top of the project. */
  readonly path: string;
  readonly content: string;
}

async function generate(): Promise<readonly Generated[]> {
  return [
    { path: 'schema/lockkeeper.schema.json', content: await pretty(JSON.stringify(configurationSchema())) },
    { path: 'docs/configuration.md', content: referencePage() },
  ];
}

async function pretty(json: string): Promise<string> {
  const settings = await resolveConfig(fileURLToPath(import.meta.url));
  return format(json, { ...settings, parser: 'json' });
}

async function isStale({ path, content }: Generated): Promise<boolean> {
  const written = await readFile(place(path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return written !== content;
}

function place(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

async function write({ path, content }: Generated): Promise<void> {
  await mkdir(dirname(place(path)), { recursive: true });
  await writeFile(place(path), content);
}

const stale: Generated[] = [];
for (const file of await generate()) if (await isStale(file)) stale.push(file);

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is out of date: run \`npm run generate\`.`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  await Promise.all(stale.map(write));
  for (const { path } of stale) console.log(`Wrote ${path}.`);
}
