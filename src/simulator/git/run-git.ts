/** Runs one git command, binary in and out. */
import { startChild } from '../../spawner/start-child.js';

export interface GitAnswer {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitCommand {
  /** A bare repository, or undefined for commands such as `init`. */
  readonly directory?: string;
  readonly arguments: readonly string[];
  readonly input?: Buffer | string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Nothing of the person's own git configuration, editors, prompts and repository. */
export function isolated(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // What reads refs without git reads this format.
    GIT_DEFAULT_REF_FORMAT: 'files',
    LC_ALL: 'C',
    ...environment,
  };
}

/** Resolves with whatever git answered, also when it failed; rejects only when git can't be started. */
export async function runGit(command: GitCommand): Promise<GitAnswer> {
  const where = command.directory === undefined ? [] : ['--git-dir', command.directory];
  const child = startChild({
    program: 'git',
    arguments: [...where, ...command.arguments],
    environment: isolated(command.environment ?? {}),
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(command.input ?? '');
  const end = await child.ended;
  switch (end.kind) {
    case 'ended':
      return { status: end.status ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') };
    case 'failed':
      throw new Error(`git could not be started: ${end.message}`);
    case 'lost':
      throw new Error(`git was ended: ${end.why}`);
  }
}

/** The same for commands that must succeed: throws what git said. */
export async function runGitOrThrow(command: GitCommand): Promise<Buffer> {
  const answer = await runGit(command);
  if (answer.status !== 0) {
    throw new Error(`git ${command.arguments.join(' ')} ended with ${answer.status}: ${answer.stderr.trim()}`);
  }
  return answer.stdout;
}
