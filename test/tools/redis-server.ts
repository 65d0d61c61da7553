/** A redis-server of a test's own: on a free port, with its files in a folder of its own, and ended with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/cli/free-port.js';

export class RedisServer {
  readonly #directory = mkdtempSync(join(tmpdir(), 'lockkeeper-redis-'));
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly more: readonly string[],
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /**
   * With an append-only file, flushed before each answer, unless `more`, arguments for redis-server, says otherwise: where it is flushed
   * every second, a Redis whose disk is slow answers before it has written, and loses up to two seconds when it is killed.
   */
  static async start(more: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), more);
    await server.#run();
    return server;
  }

  /** Ends it where it stands. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it anew on the same port, with the files it left. */
  async restart(): Promise<void> {
    await this.#run();
  }

  async close(): Promise<void> {
    await this.#end('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async #run(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory, '--save', ''];
    const child = spawn('redis-server', [...settings, '--appendonly', 'yes', '--appendfsync', 'always', ...this.more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
    });
  }
}
