/** The renderer without us: the tool on a checkout on the disk, as scripts run it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 64 * 1024 * 1024 };

export class Checkout {
  private constructor(
    readonly directory: string,
    private readonly tool: readonly [string, ...string[]],
  ) {}

  static async write(files: Readonly<Record<string, string>>): Promise<Checkout> {
    const directory = await mkdtemp(join(tmpdir(), 'bench-checkout-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return new Checkout(directory, await findTool());
  }

  /** Milliseconds for building each of `targets`, `parallel` at a time; what was built is left in files. */
  async build(targets: readonly string[], parallel: number): Promise<number> {
    const since = performance.now();
    const waiting = targets.values();
    const [program, ...options] = this.tool;
    const work = async (): Promise<void> => {
      for (const target of waiting) {
        const { stdout } = await run(program, [...options, join(this.directory, target)], OUTPUT);
        await writeFile(this.#built(target), stdout);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    return performance.now() - since;
  }

  /** Milliseconds for `diff` of all that was built here and there. */
  async diff(other: Checkout, targets: readonly string[]): Promise<number> {
    const since = performance.now();
    for (const target of targets)
      await run('diff', ['-u', this.#built(target), other.#built(target)], OUTPUT).catch(
        (cause: { code?: unknown }) => {
          // 1: they differ.
          if (cause.code !== 1) throw cause;
        },
      );
    return performance.now() - since;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  #built(target: string): string {
    return join(this.directory, `${target.replaceAll('/', '_')}.built`);
  }
}

async function findTool(): Promise<readonly [string, ...string[]]> {
  for (const tool of [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ] as const) {
    const found = await run(tool[0], ['version', ...(tool[0] === 'kubectl' ? ['--client'] : [])]).catch(() => null);
    if (found !== null) return tool;
  }
  throw new Error('The bench needs kustomize or kubectl');
}
