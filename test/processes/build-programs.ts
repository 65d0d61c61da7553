/** Builds the programs that tests start, once for the whole run: to compile them anew for each start took longer than most of them run. */
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The words of the compiler where the sources can't be compiled: only the tests that start programs fail then. */
    readonly programs: BuiltPrograms | string;
  }
}

/** Paths; removed after the run. */
export interface BuiltPrograms {
  readonly lockkeeper: string;
  readonly storeChild: string;
  readonly startsChildren: string;
  readonly bench: string;
  /** Runs compiled policies. */
  readonly compiledProcess: string;
  /** An empty folder to run in: in the checkout a developer's own `.env` would be read. */
  readonly workingDirectory: string;
}

const PROJECT = join(import.meta.dirname, '..', '..');
/** What the package holds beside its code, and the libraries. */
const BESIDE = ['package.json', 'app.yml', 'node_modules'];

/** What libraries in CommonJS expect to find around them. */
const COMMON_JS = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  'const { filename: __filename, dirname: __dirname } = import.meta;',
].join('');

/** Vitest's global set-up. Built again before tests are run again by `vitest watch`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'lockkeeper-programs-')));
  // As deep below the root as the sources that look for a file of the package by its address.
  const output = join(root, 'dist', 'built');
  const workingDirectory = join(root, 'empty');
  await mkdir(workingDirectory);
  for (const name of BESIDE) await symlink(join(PROJECT, name), join(root, name));
  const programs: BuiltPrograms = {
    lockkeeper: join(output, 'lockkeeper.js'),
    storeChild: join(output, 'store-child.js'),
    startsChildren: join(output, 'starts-children.js'),
    bench: join(output, 'bench.js'),
    compiledProcess: join(output, 'compiled-process.js'),
    workingDirectory,
  };
  const provide = async (): Promise<void> => {
    const failure = await bundle(output);
    project.provide('programs', failure ?? programs);
  };
  await provide();
  project.onTestsRerun(provide);
  return () => rm(root, { recursive: true, force: true });
}

/** Those that benchmarks start, which look for them beside themselves. */
async function programsOfBench(): Promise<Readonly<Record<string, string>>> {
  const files = await readdir(join(PROJECT, 'bench'), { recursive: true });
  const programs = files.filter((file) => /-(process|worker|forge)\.ts$/.test(file));
  return Object.fromEntries(programs.map((file) => [basename(file, '.ts'), join('bench', file)]));
}

/** Null when it went well. */
async function bundle(output: string): Promise<string | null> {
  const building = build({
    absWorkingDir: PROJECT,
    entryPoints: {
      lockkeeper: 'src/main.ts',
      // Looked for beside what starts them.
      'compiled-process': 'src/adapters/opa-wasm/compiled-process.ts',
      'run-children': 'src/spawner/run-children.js',
      'store-child': 'test/contract/store-child.ts',
      'starts-children': 'test/spawner/starts-children.ts',
      bench: 'bench/main.ts',
      ...(await programsOfBench()),
    },
    outdir: output,
    bundle: true,
    splitting: true,
    // With the libraries, whose thousand files take half of each start to find; not with the one that looks for machine code beside itself.
    external: ['libsql'],
    banner: { js: COMMON_JS },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  return building.then(
    () => null,
    (error: unknown) => String(error),
  );
}
