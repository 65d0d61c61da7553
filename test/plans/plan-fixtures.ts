/** Plans fixtures as the command line does: real git, real renderers; all of them in one repository, each on branches of its own. */
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { createProcesses } from '../../src/adapters/process/create-processes.js';
import { planChange } from '../../src/app/plan/plan-change.js';
import { createRenderers, NOTHING_MORE } from '../../src/cli/create-renderers.js';
import { findConfiguration } from '../../src/cli/plan/find-configuration.js';
import type { Plan } from '../../src/core/plan/plan.js';
import type { Mirror } from '../../src/ports/repository.js';
import { silentLog } from '../contract/git-origin.js';
import { CONFIGURATION, type Changes, type Files, type Fixture } from './fixture.js';

/** The same in every run, so that masks are. */
export function fingerprint(value: string): string {
  return createHmac('sha256', 'golden plans').update(value).digest('hex').slice(0, 8);
}

export class FixtureWorld {
  private constructor(
    private readonly folder: string,
    private readonly mirrors: GitMirrors,
    private readonly mirror: Mirror,
  ) {}

  static async start(fixtures: readonly Fixture[]): Promise<FixtureWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-golden-'));
    const origin = join(folder, 'origin.git');
    git(['init', '--bare', '--quiet', origin]);
    git(['-C', origin, 'fast-import', '--quiet', '--done', '--date-format=raw'], importStream(fixtures));
    const mirrors = createMirrors({ dataDirectory: join(folder, 'data'), processes, log: silentLog });
    const mirror = await mirrors.of({
      repository: { forge: 'github', path: 'acme/config' },
      cloneUrl: origin,
      credentials: () => Promise.resolve({ username: '', password: '' }),
    });
    await mirror.fetch();
    return new FixtureWorld(folder, mirrors, mirror);
  }

  async plan(fixture: Fixture): Promise<Plan> {
    const { mirror } = this;
    const base = await this.commit(`${fixture.name}/base`);
    const head = await this.commit(`${fixture.name}/head`);
    const found = await findConfiguration(mirror, { base, head }, null);
    if (found.kind !== 'found') throw new Error(`${fixture.name}: ${JSON.stringify(found)}`);
    const all = createRenderers({
      processes: fixture.programs === 'none' ? withoutPrograms : processes,
      fingerprint,
      settings: fixture.settings ?? NOTHING_MORE,
    });
    const app = { renderers: { all, parallel: 2 }, fingerprint };
    return planChange(app, { mirror, configuration: found.configuration, base, head });
  }

  async close(): Promise<void> {
    await this.mirrors.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async commit(branch: string): Promise<string> {
    const sha = await this.mirror.branch(branch);
    if (sha === null) throw new Error(`There is no branch ${branch}`);
    return sha;
  }
}

const processes = createProcesses({ path: process.env['PATH'] ?? '' });
const withoutPrograms = createProcesses({ path: '/nonexistent' });

function git(args: readonly string[], input: Uint8Array = new Uint8Array()): void {
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const ran = spawnSync('git', args, { input, env });
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${String(ran.stderr)}`);
}

/** https://git-scm.com/docs/git-fast-import#_input_format */
function importStream(fixtures: readonly Fixture[]): Uint8Array {
  const parts = fixtures.flatMap(({ name, before, change }) => [
    ...commitOf(`${name}/base`, null, { '.lockkeeper.yaml': CONFIGURATION, ...before }),
    ...commitOf(`${name}/head`, `${name}/base`, change),
  ]);
  return Buffer.concat([...parts, 'done\n'].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function commitOf(branch: string, parent: string | null, files: Files | Changes): readonly (string | Uint8Array)[] {
  return [
    `commit refs/heads/${branch}\ncommitter Alice <alice@example.test> 1700000000 +0000\ndata 7\nChange\n`,
    ...(parent === null ? [] : [`from refs/heads/${parent}\n`]),
    ...Object.entries(files).flatMap(([path, content]) =>
      content === null ? [`D ${quoted(path)}\n`] : [`M 100644 inline ${quoted(path)}\n`, ...dataOf(content)],
    ),
    '\n',
  ];
}

function dataOf(content: string | Uint8Array): readonly (string | Uint8Array)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
