/** Keeps one mirror whole and as new as it is asked to be: made, fetched into, made anew when it is broken, packed now and then. */
import { Unavailable } from '../../core/problem.js';
import type { Log } from '../../ports/log.js';
import { gitOutput, gitWords, runGit, type GitContext } from './git-command.js';
import { maintenanceEnvironment } from './git-environment.js';
import { countPacks, isWhole, makeWhole, removeStaleLocks } from './mirror-directory.js';
import { isBroken, type Remote } from './remote.js';
import { SharedRuns } from './shared-runs.js';
import { rememberStanding, type Refs } from './standing-refs.js';

/** More packs than this slow every lookup down: they are made one. */
const MOST_PACKS = 50;

interface MirrorUpkeepOptions {
  readonly context: GitContext;
  readonly remote: Remote;
  readonly log: Log;
  /** The directory holds other objects than before: what was read of it is to be forgotten. */
  readonly onRemade: () => Promise<void>;
}

export class MirrorUpkeep {
  readonly #context: GitContext;
  readonly #remote: Remote;
  readonly #log: Log;
  readonly #onRemade: () => Promise<void>;
  readonly #fetches = new SharedRuns(
    () => this.#fetchNow(),
    () => this.#afterFetch(),
  );
  /** What the remote said at the last fetch, until it is compared with what that brought. */
  #told: Refs | null = null;
  /** Git's words about something broken that a read came upon. */
  #suspicion: string | null = null;

  constructor({ context, remote, log, onRemade }: MirrorUpkeepOptions) {
    this.#context = context;
    this.#remote = remote;
    this.#log = log;
    this.#onRemade = onRemade;
  }

  /** Makes the mirror if it is not there, or not whole. Rejects with `Unavailable`. */
  async open(): Promise<void> {
    const { directory } = this.#context;
    if (!(await isWhole(directory))) return this.#remake();
    const locks = await removeStaleLocks(directory);
    if (locks.length > 0) this.#log.warn({ locks }, 'Lock files of a git that was killed were removed');
    if (await this.#hasEveryTip()) return;
    this.#log.warn({}, 'The mirror was broken and is made anew');
    await this.#remake();
  }

  fetch(): Promise<void> {
    return this.#fetches.take();
  }

  settled(): Promise<void> {
    return this.#fetches.settled();
  }

  /** What git said to a read: if it tells of something broken, the next fetch makes the mirror anew. */
  suspect(stderr: string): void {
    if (isBroken(stderr)) this.#suspicion = stderr;
  }

  async #fetchNow(): Promise<void> {
    if (this.#suspicion === null) {
      const outcome = await this.#remote.fetchRefs(this.#context);
      if (outcome.kind === 'fetched') {
        this.#told = outcome.told;
        return;
      }
      this.#suspicion = outcome.reason.message;
    }
    this.#log.warn({ reason: gitWords(this.#suspicion, []) }, 'The mirror is broken and is made anew');
    await this.#remake();
  }

  async #remake(): Promise<void> {
    await makeWhole(this.#context.directory, async (fresh) => {
      const context = { ...this.#context, directory: fresh };
      await gitOutput(context, { arguments: ['init', '--bare', '--quiet', '--template='] });
      const outcome = await this.#remote.fetchRefs(context);
      if (outcome.kind === 'broken') throw outcome.reason;
      if (outcome.told !== null) await rememberStanding(context, outcome.told);
    });
    this.#suspicion = null;
    await this.#onRemade();
  }

  /** A pack or loose object that is gone shows here, without reading all of history. */
  async #hasEveryTip(): Promise<boolean> {
    const answer = await runGit(this.#context, { arguments: ['for-each-ref', '--format=%(objecttype) %(tree)'] });
    return answer.status === 0;
  }

  /** Nobody waits for it but the next fetch. */
  async #afterFetch(): Promise<void> {
    const told = this.#told;
    this.#told = null;
    try {
      if (told !== null) await rememberStanding(this.#context, told);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#log.debug({ reason: error.message }, 'What a fetch brought is not known: the next one asks git again');
    }
    await this.#maintain();
  }

  async #maintain(): Promise<void> {
    if ((await countPacks(this.#context.directory)) <= MOST_PACKS) return;
    try {
      await gitOutput(this.#context, {
        arguments: ['gc', '--quiet'],
        environment: maintenanceEnvironment(),
        milliseconds: 30 * 60_000,
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#log.warn({ reason: error.message }, 'The packs of a mirror could not be made one');
    }
  }
}
