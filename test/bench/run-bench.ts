/** Runs a benchmark compiled, as its processes are then too: to compile each of them takes longer than a small run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtPrograms } from '../processes/programs.js';

/** In ms. */
export const TIME_LIMIT = 300_000;

export function runBench(...options: readonly string[]): Promise<{ readonly stdout: string }> {
  return promisify(execFile)(process.execPath, [builtPrograms().bench, ...options], { timeout: TIME_LIMIT });
}

/** What its last line says. */
export async function runSmall<T>(name: string): Promise<T> {
  const { stdout } = await runBench(name, '--json', '--small');
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}
