/**
 * Other people's repositories at one tag or commit, without their history: what kustomizations name as remote bases.
 *
 * Whoever asks has checked that the address may be asked, and says which of the host's addresses git is to connect to: git looks no name
 * up itself, follows no redirect, and has nobody's credentials or configuration.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Unavailable } from '../../core/problem.js';
import type { Log } from '../../ports/log.js';
import type { ProcessOutcome, Processes } from '../../ports/processes.js';
import type { Fetched, RemoteTree } from '../../ports/remote-sources.js';
import { parseCloneAddress } from './clone-address.js';
import { gitWords, runGit, type GitAnswer, type GitContext } from './git-command.js';
import { networkEnvironment } from './git-environment.js';
import { GitMirror } from './git-mirror.js';
import { Remote } from './remote.js';
import { markUsed, removeUnused } from './unused-sources.js';

interface TreeRequest {
  /** An https URL, or for tests a path. */
  readonly url: string;
  /** A tag, or the whole id of a commit. */
  readonly ref: string;
  /** `host:port:address`, as curl's `--resolve` takes it; null where there is no host. */
  readonly connectTo: string | null;
}

export interface TreeFetcher {
  fetch(request: TreeRequest): Promise<Fetched<RemoteTree>>;
  close(): Promise<void>;
}

/** In ms. */
const LONGEST = 120_000;
/** Of what comes over the network, in blocks of 512 bytes: 256 MiB. */
const LARGEST = 524_288;

interface TreeFetcherOptions {
  readonly dataDirectory: string;
  readonly processes: Processes;
  /** In ms since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** Keeps what it fetched below `sources/` of the data directory for as long as it is used, and thirty days. */
export function createTreeFetcher(options: TreeFetcherOptions): TreeFetcher {
  const stopping = new AbortController();
  const tidied = removeUnused(join(options.dataDirectory, 'sources'), options.now(), options.log).catch(
    (error: unknown) => options.log.warn({ err: error }, 'Unused fetched repositories could not be looked for'),
  );
  const opened = new Map<string, Promise<Source>>();
  const open = (url: string): Promise<Source> => {
    const known = opened.get(url);
    if (known !== undefined) return known;
    const opening = tidied.then(() => openSource(options, url, stopping.signal));
    opened.set(url, opening);
    opening.catch(() => opened.delete(url));
    return opening;
  };
  return {
    fetch: async (request) => {
      try {
        const source = await open(request.url);
        await markUsed(source.context.directory, options.now());
        return await fetchTree(options.processes, source, request);
      } catch (error) {
        if (error instanceof Unavailable) return failed(error.message);
        throw error;
      }
    },
    close: async () => {
      stopping.abort();
      await tidied;
      const sources = await Promise.allSettled(opened.values());
      await Promise.all(sources.map((each) => (each.status === 'fulfilled' ? each.value.mirror.close() : null)));
    },
  };
}

interface Source {
  readonly context: GitContext;
  /** Reads what is here, and fetches nothing. */
  readonly mirror: GitMirror;
}

async function openSource(
  { dataDirectory, processes, log }: TreeFetcherOptions,
  url: string,
  signal: AbortSignal,
): Promise<Source> {
  const name = createHash('sha256').update(url).digest('hex');
  const directory = join(dataDirectory, 'sources', `${name}.git`);
  await mkdir(directory, { recursive: true });
  const context = { processes, directory, label: url, signal };
  const made = await runGit(context, { arguments: ['init', '--bare', '--quiet', '--template='] });
  if (made.status !== 0) throw new Unavailable(`A place for ${url} could not be made: ${gitWords(made.stderr, [])}`);
  const nowhere = new Remote(
    {},
    {
      repository: { forge: 'github', path: 'fetched/source' },
      cloneUrl: '/nonexistent',
      credentials: () => Promise.resolve({ username: '', password: '' }),
    },
  );
  return { context, mirror: new GitMirror(context, nowhere, log.child({ source: url })) };
}

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

async function fetchTree(
  processes: Processes,
  { context, mirror }: Source,
  request: TreeRequest,
): Promise<Fetched<RemoteTree>> {
  const { url, ref } = request;
  const isCommit = COMMIT.test(ref);
  // A name of our own, so that what a tag stood at stays here while others are fetched.
  const here = `refs/sources/${createHash('sha256').update(ref).digest('hex')}`;
  if (!isCommit || !(await mirror.holds(ref))) {
    const wanted = isCommit ? ref : `refs/tags/${ref}`;
    const answer = await fetchRef(processes, context, { request, refspec: `+${wanted}:${here}` });
    if ('why' in answer) return failed(`${url} ${answer.why}`);
    if (answer.status !== 0) return failed(refusedWords(answer, url, ref));
  }
  const name = isCommit ? ref : here;
  const found = await runGit(context, { arguments: ['rev-parse', '--verify', '--quiet', `${name}^{commit}`] });
  if (found.status !== 0) return failed(`${ref} of ${url} names no commit`);
  const commit = new TextDecoder().decode(found.stdout).trim();
  return { kind: 'fetched', commit, view: await mirror.view(await mirror.treeOf(commit)), mirror };
}

type FetchAnswer = GitAnswer | { readonly why: string };

async function fetchRef(
  processes: Processes,
  { directory, signal }: GitContext,
  { request, refspec }: { readonly request: TreeRequest; readonly refspec: string },
): Promise<FetchAnswer> {
  const address = parseCloneAddress(request.url);
  const words = ['--depth=1', '--no-filter', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--quiet'];
  const settings = [
    'http.followRedirects=false',
    // Nothing that is needed is left to be fetched later.
    'remote.origin.promisor=false',
    ...(request.connectTo === null ? [] : [`http.curloptResolve=${request.connectTo}`]),
  ];
  const options = [`--git-dir=${directory}`, ...settings.flatMap((each) => ['-c', each])];
  const outcome = await processes.run({
    program: 'sh',
    arguments: [
      '-c',
      `ulimit -f ${LARGEST} 2>/dev/null; exec "$@"`,
      'sh',
      'git',
      ...options,
      'fetch',
      ...words,
      'origin',
      refspec,
    ],
    environment: networkEnvironment({}, address, null),
    limits: { milliseconds: LONGEST, outputBytes: 1024 * 1024 },
    signal,
  });
  return answerOf(outcome);
}

function answerOf(outcome: ProcessOutcome): FetchAnswer {
  switch (outcome.kind) {
    case 'ended':
      return outcome;
    case 'killed':
      return { why: outcome.why === 'time' ? 'took too long to fetch' : 'could not be fetched: git was ended' };
    case 'not-found':
      return { why: 'could not be fetched: there is no shell to run git in' };
  }
}

function refusedWords({ stderr }: GitAnswer, url: string, ref: string): string {
  if (/couldn't find remote ref/i.test(stderr))
    return `${url} has no tag ${ref}: only tags and whole ids of commits are fetched, since a branch moves`;
  if (/signal 25|File too large/i.test(stderr)) return `${url} is larger than ${(LARGEST / 2 / 1024).toFixed(0)} MiB`;
  if (/could not read Username|Authentication failed|terminal prompts disabled/i.test(stderr))
    return `${url} asks for credentials, or is not there: only what everybody may read is fetched`;
  if (/returned error: 30[1278]|redirect/i.test(stderr)) return `${url} has moved: name the address that it is at now`;
  return `${url} could not be fetched: ${gitWords(stderr, [])}`;
}

function failed(message: string): Fetched<RemoteTree> {
  return { kind: 'failed', message };
}
