/** Runs one git command on a bare repository and turns what went wrong into words without secrets. */
import { Unavailable } from '../../core/problem.js';
import type { ProcessOutcome, Processes } from '../../ports/processes.js';
import { localEnvironment } from './git-environment.js';

/** Reads of a mirror's own objects. */
const LOCAL_LIMIT = 120_000;
/** A listing of a million files of 200 characters. */
const OUTPUT_LIMIT = 256 * 1024 * 1024;

export interface GitCommand {
  readonly arguments: readonly string[];
  readonly input?: string;
  /** {@link localEnvironment} when absent. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly milliseconds?: number;
}

export type GitAnswer = Extract<ProcessOutcome, { kind: 'ended' }>;

export interface GitContext {
  readonly processes: Processes;
  /** The bare repository. */
  readonly directory: string;
  /** `github:acme/config`, for messages. */
  readonly label: string;
  readonly signal: AbortSignal;
}

/** Whatever git answered, also when it failed. Rejects with `Unavailable` if it did not get to answer. */
export async function runGit(context: GitContext, command: GitCommand): Promise<GitAnswer> {
  const [name = ''] = command.arguments;
  const outcome = await context.processes.run({
    program: 'git',
    arguments: [`--git-dir=${context.directory}`, ...command.arguments],
    environment: command.environment ?? localEnvironment(),
    limits: { milliseconds: command.milliseconds ?? LOCAL_LIMIT, outputBytes: OUTPUT_LIMIT },
    signal: context.signal,
    ...(command.input === undefined ? {} : { input: command.input }),
  });
  switch (outcome.kind) {
    case 'ended':
      return outcome;
    case 'killed':
      throw new Unavailable(`git ${name} of ${context.label} ${killedWords[outcome.why]}`);
    case 'not-found':
      throw new Unavailable('git is not installed: install git 2.38 or newer from your system’s packages');
  }
}

/** Standard output of a command that must succeed. Rejects with {@link failureOf} otherwise. */
export async function gitOutput(context: GitContext, command: GitCommand): Promise<Uint8Array> {
  const answer = await runGit(context, command);
  if (answer.status !== 0) throw failureOf(context, command, answer.stderr);
  return answer.stdout;
}

/** `hidden`: texts that must not be shown. */
export function failureOf(
  context: Pick<GitContext, 'label'>,
  command: Pick<GitCommand, 'arguments'>,
  ...[stderr, hidden = []]: [stderr: string, hidden?: readonly string[]]
): Unavailable {
  return new Unavailable(`git ${command.arguments[0]} of ${context.label} failed: ${gitWords(stderr, hidden)}`);
}

const killedWords = {
  time: 'took too long and was ended',
  output: 'printed too much and was ended',
  processes: 'started too many processes and was ended',
  aborted: 'was ended, since Lockkeeper is stopping',
  signal: 'was ended by a signal',
} as const;

/** Git's own last words, at most 300 characters: its `fatal:`, `error:` and `remote:` lines, secrets and credentials in URLs masked. */
export function gitWords(stderr: string, hidden: readonly string[]): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /^(fatal|error|remote):/.test(line));
  let words = (telling.length > 0 ? telling : lines).join('; ') || 'it said nothing';
  for (const secret of hidden) if (secret !== '') words = words.replaceAll(secret, '***');
  return words.replaceAll(/\/\/[^/@\s]+@/g, '//***@').slice(0, 300);
}
