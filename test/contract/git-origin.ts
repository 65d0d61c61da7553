/** A repository that others push to, as tests need it: commits are written without a work tree, and it is served by path or over HTTP. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcesses } from '../../src/adapters/process/create-processes.js';
import type { Sha } from '../../src/core/ids.js';
import type { GitCredentials } from '../../src/ports/forge.js';
import type { Log } from '../../src/ports/log.js';

export const processes = createProcesses({ path: process.env['PATH'] ?? '' });

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** A file's text or bytes; or a symbolic link, an executable, a commit of another repository. */
export type Planted = string | Uint8Array | { readonly mode: '120000' | '100755' | '160000'; readonly content: string };

export interface CommitOptions {
  readonly parents?: readonly Sha[];
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
}

export class GitOrigin {
  readonly #commits = new Map<Sha, Readonly<Record<string, Planted>>>();
  #seconds = 1_700_000_000;

  private constructor(
    /** Removed by {@link remove}; holds the repository and whatever a test puts there. */
    readonly folder: string,
    readonly directory: string,
  ) {}

  /** `format`: how its objects are named, `sha1` or `sha256`. */
  static async make(settings: Readonly<Record<string, string>> = {}, format = 'sha1'): Promise<GitOrigin> {
    const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-git-'));
    const origin = new GitOrigin(folder, join(folder, 'origin.git'));
    const options = ['--bare', '--quiet', '--initial-branch=main', `--object-format=${format}`];
    origin.git(['init', ...options, origin.directory]);
    for (const [key, value] of Object.entries({ 'uploadpack.allowFilter': 'true', ...settings }))
      origin.git(['config', key, value]);
    return origin;
  }

  git(args: readonly string[], input: string | Uint8Array = '', more: Readonly<Record<string, string>> = {}): string {
    return String(this.bytes(args, input, more)).trim();
  }

  /** Null where git says no. */
  tries(args: readonly string[]): string | null {
    try {
      return this.git(args);
    } catch {
      return null;
    }
  }

  bytes(args: readonly string[], input: string | Uint8Array = '', more: Readonly<Record<string, string>> = {}): Buffer {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      ...(args[0] === 'init' ? {} : { GIT_DIR: this.directory }),
      ...more,
    };
    const ran = spawnSync('git', args, { input, env, maxBuffer: 64 * 1024 * 1024 });
    if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${String(ran.stderr)}`);
    return ran.stdout;
  }

  blob(content: string | Uint8Array): Sha {
    return this.git(['hash-object', '-w', '--stdin'], content);
  }

  /** A commit that holds exactly these files. */
  commit(files: Readonly<Record<string, Planted>>, options: CommitOptions = {}): Sha {
    const index = join(this.folder, 'index');
    const lines = Object.entries(files).map(([path, file]) => {
      const special = typeof file === 'string' || file instanceof Uint8Array ? null : file;
      const content = special === null ? (file as string | Uint8Array) : special.content;
      const mode = special?.mode ?? '100644';
      return `${mode} ${mode === '160000' ? String(content) : this.blob(content)}\t${path}\0`;
    });
    this.git(['read-tree', '--empty'], '', { GIT_INDEX_FILE: index });
    this.git(['update-index', '-z', '--index-info'], lines.join(''), { GIT_INDEX_FILE: index });
    const sha = this.commitTree(this.git(['write-tree', '--missing-ok'], '', { GIT_INDEX_FILE: index }), options);
    this.#commits.set(sha, files);
    return sha;
  }

  commitTree(tree: Sha, options: CommitOptions = {}): Sha {
    const parents = (options.parents ?? []).flatMap((parent) => ['-p', parent]);
    const date = `${(this.#seconds += 60)} +0000`;
    const { name, email } = options.author ?? { name: 'Alice', email: 'alice@example.test' };
    return this.git(['commit-tree', ...parents, tree], options.message ?? 'Change something\n', {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'Forge',
      GIT_COMMITTER_EMAIL: 'forge@example.test',
      GIT_COMMITTER_DATE: date,
    });
  }

  /** The files of a commit of ours with some changed (null: deleted), as a commit on top of it. */
  change(parent: Sha, changes: Readonly<Record<string, Planted | null>>, options: CommitOptions = {}): Sha {
    const files = { ...this.#commits.get(parent), ...changes };
    const kept = Object.entries(files).filter((entry): entry is [string, Planted] => entry[1] !== null);
    return this.commit(Object.fromEntries(kept), { parents: [parent], ...options });
  }

  /** Null deletes it. */
  setRef(ref: string, sha: Sha | null): void {
    this.git(sha === null ? ['update-ref', '-d', ref] : ['update-ref', ref, sha]);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Answers before git does: an HTTP status. */
export type HttpFault = { readonly status: number };

/** Serves one repository to whoever has the credentials. */
export class GitHttpServer {
  /** Paths that were asked for, with their query, in order. */
  readonly requests: string[] = [];
  /** Called before each request is answered. */
  beforeAnswer: (path: string) => Promise<HttpFault | null> = async () => null;
  readonly #server: Server;

  private constructor(
    private readonly origin: GitOrigin,
    public credentials: GitCredentials,
  ) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(origin: GitOrigin, credentials: GitCredentials): Promise<GitHttpServer> {
    const server = new GitHttpServer(origin, credentials);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get cloneUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/origin.git`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    this.requests.push(url);
    const fault = await this.beforeAnswer(url);
    const { username, password } = this.credentials;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (fault !== null) response.writeHead(fault.status).end('down\n');
    else if (request.headers.authorization !== expected)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    else this.#runBackend(request, response, url);
  }

  #runBackend(request: IncomingMessage, response: ServerResponse, url: string): void {
    const [path = '', query = ''] = url.split('?');
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: this.origin.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        REMOTE_USER: 'test',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => child.stdin.destroy());
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const headers = output
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => line.split(': ') as [string, string]);
      const status = headers.find(([name]) => name === 'Status')?.[1];
      response.writeHead(
        Number.parseInt(status ?? '200', 10),
        Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
      );
      response.end(output.subarray(end + 4));
    });
  }
}
