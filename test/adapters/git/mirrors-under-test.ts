/** Mirrors of a repository served over HTTP, with everything they log and run written down. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMirrors, type GitMirrors } from '../../../src/adapters/git/create-mirrors.js';
import { mirrorDirectory } from '../../../src/adapters/git/mirror-directory.js';
import type { Log } from '../../../src/ports/log.js';
import type { Processes } from '../../../src/ports/processes.js';
import { GitHttpServer, GitOrigin, processes } from '../../contract/git-origin.js';

export const repository = { forge: 'github', path: 'acme/config' } as const;
export const secret = { username: 'x-access-token', password: 'ghs_topsecret' };

export class MirrorsUnderTest {
  /** What the mirrors wrote to the log. */
  readonly lines: string[] = [];
  /** Every program they ran, with its arguments. */
  readonly commands: string[] = [];
  private readonly opened: GitMirrors[] = [];

  private constructor(
    readonly origin: GitOrigin,
    readonly server: GitHttpServer,
    /** The only commit of `main`. */
    readonly first: string,
  ) {}

  static async start(): Promise<MirrorsUnderTest> {
    const origin = await GitOrigin.make();
    const server = await GitHttpServer.start(origin, secret);
    const first = origin.commit({ 'a.yaml': 'a: 1\n', 'large.bin': 'x'.repeat(1024 * 1024 + 1) });
    origin.setRef('refs/heads/main', first);
    return new MirrorsUnderTest(origin, server, first);
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((mirrors) => mirrors.close()));
    await this.server.close();
    await this.origin.remove();
  }

  get dataDirectory(): string {
    return join(this.origin.folder, 'data');
  }

  /** Of the mirror of `repository`. */
  get directory(): string {
    return mirrorDirectory(this.dataDirectory, repository);
  }

  /** As a process that starts opens them. */
  mirrors(): GitMirrors {
    const write = (fields: object, message: string): void =>
      void this.lines.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
    const watched: Processes = {
      run: (request) => {
        this.commands.push([request.program, ...request.arguments].join(' '));
        return processes.run(request);
      },
      start: (request) => {
        this.commands.push([request.program, ...request.arguments].join(' '));
        return processes.start(request);
      },
    };
    const made = createMirrors({ dataDirectory: this.dataDirectory, processes: watched, log });
    this.opened.push(made);
    return made;
  }

  remote(credentials = async () => secret, cloneUrl = this.server.cloneUrl) {
    return { repository, cloneUrl, credentials };
  }

  /** How often the remote was asked for its branches. */
  fetches(): number {
    return this.server.requests.filter((path) => path.includes('info/refs')).length;
  }
}

export async function everyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not reject');
}
