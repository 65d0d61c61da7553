/** One repository's remote: everything that goes over the network, with credentials that are asked for each time. */
import type { Unavailable } from '../../core/problem.js';
import type { ForgeKind, Sha } from '../../core/ids.js';
import type { GitCredentials } from '../../ports/forge.js';
import type { GitRemote } from '../../ports/repository.js';
import { askRefs } from './ask-refs.js';
import { parseCloneAddress, type CloneAddress } from './clone-address.js';
import { failureOf, runGit, type GitAnswer, type GitCommand, type GitContext } from './git-command.js';
import { basicToken, LAZY_BLOB_FILTER, networkEnvironment } from './git-environment.js';
import { forgetStanding, standsAt, type Refs } from './standing-refs.js';

/** A first clone of a large repository over a slow line; in ms. */
const FETCH_LIMIT = 30 * 60_000;

/** The heads of pull requests, forks' ones too, as the forges publish them. */
const pullRequestHeads: Readonly<Record<ForgeKind, string>> = {
  github: 'refs/pull/*/head',
  gitlab: 'refs/merge-requests/*/head',
};

type FetchOutcome =
  /** `told`: what the remote said it has right before, for `rememberStanding`; null where it did not, or nothing was new. */
  | { readonly kind: 'fetched'; readonly told: Refs | null }
  /** What is on the disk can't be built upon. */
  | { readonly kind: 'broken'; readonly reason: Unavailable };

export class Remote {
  /** `machine`: proxies and certificate authorities for git's environment. */
  constructor(
    private readonly machine: Readonly<Record<string, string>>,
    /** The newest that was given: addresses change, credentials expire. */
    public where: GitRemote,
  ) {}

  /** Brings branches and pull request heads of `context`'s repository up to date. Rejects with `Unavailable` and leaves it as it was. */
  async fetchRefs(context: GitContext): Promise<FetchOutcome> {
    const session = await this.#open();
    const told = await this.#tell(context, session);
    if (told !== null && (await standsAt(context, told))) return { kind: 'fetched', told: null };
    await forgetStanding(context);
    const refs = ['refs/heads/*', pullRequestHeads[this.where.repository.forge]];
    const options = ['--prune', '--force', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--quiet'];
    const command = {
      arguments: [
        'fetch',
        ...options,
        `--filter=${LAZY_BLOB_FILTER}`,
        'origin',
        ...refs.map((ref) => `+${ref}:${ref}`),
      ],
    };
    const { answer, failure } = await this.#runIn(session, context, command);
    if (answer.status !== 0 && isBroken(answer.stderr)) return { kind: 'broken', reason: failure() };
    if (answer.status !== 0) throw failure();
    return { kind: 'fetched', told };
  }

  /** The remote's refs that a mirror holds; null where only git can tell. What is set for this machine (proxies) is set for git alone. */
  async #tell({ signal }: GitContext, session: Session): Promise<Refs | null> {
    if (Object.keys(this.machine).length > 0) return null;
    const [before = '', after = ''] = pullRequestHeads[this.where.repository.forge].split('*');
    const told = await askRefs({ ...session, signal, prefixes: ['refs/heads/', before] });
    const isHeld = (name: string): boolean =>
      name.startsWith('refs/heads/') ||
      (name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length);
    return told === null ? null : new Map([...told].filter(([name]) => isHeld(name)));
  }

  /**
   * Fetches objects by id; of what they lead to, everything but large blobs comes with them.
   * `refused`: the remote does not have one of them, or does not give it out. Rejects with `Unavailable`.
   */
  async fetchObjects(context: GitContext, shas: readonly Sha[]): Promise<'fetched' | 'refused'> {
    const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--quiet', '--stdin'];
    const command = {
      arguments: ['fetch', ...options, `--filter=${LAZY_BLOB_FILTER}`, 'origin'],
      input: shas.map((sha) => `${sha}\n`).join(''),
    };
    const { answer, failure } = await this.run(context, command);
    if (answer.status === 0) return 'fetched';
    if (isRefusedObject(answer.stderr)) return 'refused';
    throw failure();
  }

  /** Runs a command that may need objects which are not here: git fetches them itself. */
  async run(
    context: GitContext,
    command: GitCommand,
  ): Promise<{ readonly answer: GitAnswer; readonly failure: () => Unavailable }> {
    return this.#runIn(await this.#open(), context, command);
  }

  async #open(): Promise<Session> {
    const address = parseCloneAddress(this.where.cloneUrl);
    return { address, credentials: address.origin === null ? null : await this.where.credentials() };
  }

  async #runIn(
    { address, credentials }: Session,
    context: GitContext,
    command: GitCommand,
  ): Promise<{ readonly answer: GitAnswer; readonly failure: () => Unavailable }> {
    const environment = networkEnvironment(this.machine, address, credentials);
    const answer = await runGit(context, { milliseconds: FETCH_LIMIT, ...command, environment });
    return { answer, failure: () => failureOf(context, command, answer.stderr, secretsOf(credentials)) };
  }
}

/** Where to ask, and as whom. */
interface Session {
  readonly address: CloneAddress;
  readonly credentials: GitCredentials | null;
}

function secretsOf(credentials: GitCredentials | null): readonly string[] {
  return credentials === null ? [] : [basicToken(credentials), credentials.password];
}

/** Git's words for a repository of its own that lacks or can't read what it needs. */
export function isBroken(stderr: string): boolean {
  return (
    /^(fatal|error): (bad object|bad tree object|missing blob|not a git repository|object file .* is empty|unable to parse|could not parse|packfile .* (does not match|cannot be|is))/m.test(
      stderr,
    ) ||
    /loose object .* is corrupt|packed object .* is corrupt|inflate: data stream error|unable to unpack|did not send all necessary objects|garbage at end of loose object|Failed to traverse parents/.test(
      stderr,
    )
  );
}

function isRefusedObject(stderr: string): boolean {
  return /not our ref|unadvertised object|couldn't find remote ref|no such remote ref|bad object|remote did not send all/i.test(
    stderr,
  );
}
