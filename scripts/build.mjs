// Compiles src to dist, from nothing, and makes dist/main.js a program that a shell can start.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..');
const program = join(project, 'dist', 'main.js');
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(join(project, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], {
  cwd: project,
  stdio: 'inherit',
});
if (status !== 0) {
  process.exitCode = 1;
} else if (!readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n')) {
  console.error('src/main.ts must start with the line "#!/usr/bin/env node"');
  process.exitCode = 1;
} else {
  chmodSync(program, 0o755);
}
