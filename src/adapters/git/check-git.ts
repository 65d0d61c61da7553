/** Whether this machine's git can do what a mirror needs. */
import type { Processes } from '../../ports/processes.js';
import { localEnvironment } from './git-environment.js';

type GitCheck =
  { readonly kind: 'usable'; readonly version: string } | { readonly kind: 'unusable'; readonly message: string };

/** `git merge-tree --write-tree` came with 2.38. */
const NEEDED = [2, 38] as const;

/** Asked at start, so that a missing or old git is one clear sentence and not a failure of every plan. */
export async function checkGit(processes: Processes): Promise<GitCheck> {
  const getIt = `install git ${NEEDED.join('.')} or newer from your system’s packages`;
  const outcome = await processes.run({
    program: 'git',
    arguments: ['--version'],
    environment: localEnvironment(),
    limits: { milliseconds: 30_000, outputBytes: 4096 },
  });
  if (outcome.kind === 'not-found') return { kind: 'unusable', message: `git is not installed: ${getIt}` };
  if (outcome.kind !== 'ended' || outcome.status !== 0)
    return { kind: 'unusable', message: `git does not run: ${getIt}` };
  const version = /(\d+)\.(\d+)[\w.]*/.exec(new TextDecoder().decode(outcome.stdout));
  if (version === null) return { kind: 'unusable', message: `git does not say its version: ${getIt}` };
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]))
    return { kind: 'unusable', message: `git ${version[0]} is too old: ${getIt}` };
  return { kind: 'usable', version: version[0] };
}
