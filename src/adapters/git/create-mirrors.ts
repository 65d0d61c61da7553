/** Mirrors of configuration repositories: one bare repository for each, below `mirrors/` of the data directory. */
import { Unavailable } from '../../core/problem.js';
import { repositoryKey } from '../../core/ids.js';
import type { Log } from '../../ports/log.js';
import type { Processes } from '../../ports/processes.js';
import type { GitRemote, Mirror, Mirrors } from '../../ports/repository.js';
import { checkGit } from './check-git.js';
import { GitMirror } from './git-mirror.js';
import { mirrorDirectory } from './mirror-directory.js';
import { Remote } from './remote.js';

interface MirrorsOptions {
  /** DATA_DIR; made if it is missing. */
  readonly dataDirectory: string;
  readonly processes: Processes;
  readonly log: Log;
  /** Proxies and certificate authorities, as `networkSettings` picks them. */
  readonly network?: Readonly<Record<string, string>>;
}

/** What the composition root has beyond the port. */
export interface GitMirrors extends Mirrors {
  /** Ends every git that runs. Calls in progress and later ones reject with `Unavailable`. */
  close(): Promise<void>;
}

/** `of` rejects with `Unavailable` if the first clone fails; the next call tries again. */
export function createMirrors(options: MirrorsOptions): GitMirrors {
  const stopping = new AbortController();
  const opened = new Map<string, { readonly mirror: GitMirror; opening: Promise<void> | null }>();
  let gitIsUsable = false;

  const open = async (remote: GitRemote): Promise<Mirror> => {
    if (!gitIsUsable) await requireGit(options.processes);
    gitIsUsable = true;
    const label = repositoryKey(remote.repository);
    let entry = opened.get(label);
    if (entry === undefined) {
      entry = { mirror: makeMirror(options, remote, stopping.signal), opening: null };
      opened.set(label, entry);
    }
    entry.mirror.remote.where = remote;
    const opening = (entry.opening ??= entry.mirror.open());
    try {
      await opening;
    } catch (error) {
      if (entry.opening === opening) entry.opening = null;
      throw error;
    }
    return entry.mirror;
  };

  const close = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([...opened.values()].map(({ mirror }) => mirror.close()));
  };
  return { of: open, close };
}

function makeMirror(options: MirrorsOptions, remote: GitRemote, signal: AbortSignal): GitMirror {
  const { dataDirectory, processes, network = {}, log } = options;
  const label = repositoryKey(remote.repository);
  const directory = mirrorDirectory(dataDirectory, remote.repository);
  const context = { processes, directory, label, signal };
  return new GitMirror(context, new Remote(network, remote), log.child({ repository: label }));
}

async function requireGit(processes: Processes): Promise<void> {
  const check = await checkGit(processes);
  if (check.kind === 'unusable') throw new Unavailable(check.message);
}
