/** Runs one git command, binary in and out. */
import { spawn } from 'node:child_process';

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

/**
 * Arguments for `env` that keep the person's own git configuration, editors, prompts and repository out of the
 * simulator. `env` is used because the simulator itself does not read the environment it passes on.
 */
export function isolated(environment: Readonly<Record<string, string>>): readonly string[] {
  const forgotten = [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_OBJECT_DIRECTORY',
    'GIT_NAMESPACE',
    'GIT_CONFIG_COUNT',
  ];
  const settings = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // What reads refs without git reads this format.
    GIT_DEFAULT_REF_FORMAT: 'files',
    LC_ALL: 'C',
    ...environment,
  };
  return [
    ...forgotten.flatMap((name) => ['-u', name]),
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ];
}

/** Resolves with whatever git answered, also when it failed; rejects only when git can't be started. */
export function runGit(command: GitCommand): Promise<GitAnswer> {
  const where = command.directory === undefined ? [] : ['--git-dir', command.directory];
  const line = [...isolated(command.environment ?? {}), 'git', ...where, ...command.arguments];
  return new Promise((resolve, reject) => {
    const child = spawn('env', line, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // Git may end without reading all of its input; its exit status says how that went.
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
