/** Lockkeeper's commands as processes of their own, with documented settings only. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import type { BuiltPrograms } from './build-programs.js';

export interface Program {
  /** What it printed so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the exit status (or the signal's name). */
  readonly ended: Promise<number | string>;
  /** Resolves with what the pattern found in the output. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export function builtPrograms(): BuiltPrograms {
  const programs = inject('programs');
  if (typeof programs === 'string') throw new Error(programs);
  return programs;
}

/**
 * `lockkeeper` with these arguments. The environment holds PATH, HOME and what is given: nothing of the machine's own settings.
 * `directory`: where it runs; an empty folder when absent.
 */
export function startProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  directory?: string,
): Program {
  const { lockkeeper, workingDirectory } = builtPrograms();
  const child = spawn(process.execPath, [lockkeeper, ...args], {
    cwd: directory ?? workingDirectory,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child);
}

function follow(child: ChildProcess): Program {
  let [output, errors] = ['', ''];
  const told = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    told.forEach((tell) => tell());
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([status, signal]: (number | string | null)[]) => status ?? signal ?? 'gone');
  const until = async (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(output);
        if (found === null) return;
        told.delete(look);
        resolve(found);
      };
      told.add(look);
      look();
      void ended.then((how) =>
        reject(new Error(`The program ended (${how}) before it printed ${pattern}:\n${output}\n${errors}`)),
      );
    });
  const end = async (signal: NodeJS.Signals): Promise<number | string> => {
    child.kill(signal);
    return ended;
  };
  return { output: () => output, errors: () => errors, ended, until, end };
}
