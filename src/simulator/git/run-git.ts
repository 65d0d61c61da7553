/** Runs one git command, binary in and out. */
import { spawn } from 'node:child_process';

export interface GitAnswer {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitCommand {
  /** A bare repository, or undefined for commands such as `clone`. */
  readonly directory?: string;
  readonly arguments: readonly string[];
  readonly input?: Buffer | string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Variables that keep the person's own git configuration, editors and prompts out of the simulator. */
export const isolatedEnvironment: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C',
};

/** Resolves with whatever git answered, also when it failed; rejects only when git can't be started. */
export function runGit(command: GitCommand): Promise<GitAnswer> {
  const where = command.directory === undefined ? [] : ['--git-dir', command.directory];
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...where, ...command.arguments], {
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...isolatedEnvironment, ...command.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.stdin.on('error', () => child.stdin.destroy());
    child.on('close', (code) =>
      resolve({ status: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }),
    );
    child.stdin.end(command.input ?? '');
  });
}

/** The same for commands that must succeed: throws what git said. */
export async function runGitOrThrow(command: GitCommand): Promise<Buffer> {
  const answer = await runGit(command);
  if (answer.status !== 0) {
    throw new Error(`git ${command.arguments.join(' ')} ended with ${answer.status}: ${answer.stderr.trim()}`);
  }
  return answer.stdout;
}
