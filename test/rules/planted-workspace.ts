// A throw-away copy of the project's rule files with planted sources, so that a rule can be seen to fail.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Source files by path relative to the workspace. */
export type PlantedFiles = Readonly<Record<string, string>>;

export interface PlantedWorkspace {
  /** Runs a tool's JavaScript entry file (relative to the project) inside the workspace; its exit status is data. */
  run(entry: string, args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

const project = join(import.meta.dirname, '..', '..');

/** Copies `ruleFiles` (files or folders of the project) and writes `files` into a new temporary folder. */
export async function plantWorkspace(ruleFiles: readonly string[], files: PlantedFiles): Promise<PlantedWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-rules-'));
  for (const name of ruleFiles) await cp(join(project, name), join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return {
    run: (entry, args) => runIn(folder, join(project, entry), args),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function runIn(folder: string, entry: string, args: readonly string[]) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [entry, ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
