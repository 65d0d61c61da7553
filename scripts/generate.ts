// Writes the files that are generated from the code (reference pages, the JSON Schema of `.lockkeeper.yaml`).
// `--check` writes nothing and fails when a file on disk is not what the code says.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generatedFiles } from './generated-files.js';

const project = join(import.meta.dirname, '..');
const checkOnly = process.argv.includes('--check');

const outcomes = await Promise.all(generatedFiles.map(async (file) => ({ path: file.path, ...(await compare(file)) })));
const stale = outcomes.filter((outcome) => outcome.onDisk !== outcome.wanted);

for (const { path, wanted } of stale) {
  if (checkOnly) {
    console.error(`${path} is not what the code says: run "npm run generate"`);
  } else {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), wanted);
    console.log(`wrote ${path}`);
  }
}
if (checkOnly && stale.length > 0) process.exitCode = 1;
else console.log(`${outcomes.length} generated files are up to date`);

async function compare(file: { path: string; render: () => string }) {
  const path = join(project, file.path);
  const wanted = file.path.endsWith('.md')
    ? file.render()
    : await format(file.render(), { ...(await resolveConfig(path)), filepath: path });
  return { wanted, onDisk: existsSync(path) ? readFileSync(path, 'utf8') : undefined };
}
