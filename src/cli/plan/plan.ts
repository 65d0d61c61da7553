/** `lockkeeper plan`: the same plan that the bot posts, made locally or in any CI, without a forge. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMirrors } from '../../adapters/git/create-mirrors.js';
import { createProcesses } from '../../adapters/process/create-processes.js';
import { sandboxed } from '../../adapters/sandbox/sandboxed.js';
import { planChange } from '../../app/plan/plan-change.js';
import { targetKey } from '../../core/ids.js';
import { onlyTarget } from '../../core/plan/only-target.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Mirror } from '../../ports/repository.js';
import type { Processes } from '../../ports/processes.js';
import type { RemoteSources } from '../../ports/remote-sources.js';
import { createLog } from '../log.js';
import { openRemoteSources } from '../open-remote-sources.js';
import { createRenderers, type RenderSettings } from '../create-renderers.js';
import { readTextFile } from '../read-text-file.js';
import { readRenderSettings } from '../render-settings.js';
import { findConfiguration, type LayoutOption } from './find-configuration.js';
import { formatPlan, type PlanFormat } from './format-plan.js';
import { progressOn } from './progress.js';
import { stageRepository } from './stage-repository.js';
import { targetProblem } from './target-problem.js';

export interface PlanOptions {
  readonly repository: string;
  readonly base: string | null;
  readonly head: { readonly kind: 'ref'; readonly ref: string } | { readonly kind: 'worktree' };
  readonly format: PlanFormat;
  /** A file in place of standard output. */
  readonly output: string | null;
  /** `app/env`, or null for every target. */
  readonly target: string | null;
  readonly layout: LayoutOption | null;
  /** `detailed`: 2 when something changes. */
  readonly exitCode: 'plain' | 'detailed';
}

/** Prints the plan. Resolves to the exit status: 0, 1 if there is no plan or it has problems, 2 as `exitCode` says. */
export async function plan(options: PlanOptions, environment: NodeJS.ProcessEnv): Promise<number> {
  const { settings, problems } = readRenderSettings(environment, readTextFile);
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    return 1;
  }
  const temporary = await mkdtemp(join(tmpdir(), 'lockkeeper-plan-'));
  try {
    const path = environment['PATH'] ?? '';
    const processes = createProcesses({ path });
    const sandbox = sandboxed(processes, { path, parallel: availableParallelism() });
    const programs = { processes, sandbox, settings };
    const made = await makePlan({ ...options, base: options.base ?? baseInCi(environment) }, programs, temporary);
    if (made.kind === 'made') return await hand(made, options);
    console.error(made.message);
    return 1;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Hands the plan to whoever asked, as asked. */
async function hand(made: Extract<Made, { readonly kind: 'made' }>, options: PlanOptions): Promise<number> {
  const { target, output } = options;
  if (made.note !== null) console.error(made.note);
  const shown = target === null ? made.plan : onlyTarget(made.plan, target);
  if (target !== null && shown.targets.length === 0 && shown.problems.length === 0)
    console.error(notAffected(made.plan, target));
  const text = formatPlan(shown, options.format);
  if (output === null) process.stdout.write(text);
  else if (!(await written(output, text))) return 1;
  return statusOf(shown, options.exitCode);
}

async function written(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text);
    return true;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    console.error(`${file} can’t be written: ${cause.message}`);
    return false;
  }
}

function statusOf(shown: Plan, exitCode: PlanOptions['exitCode']): number {
  if (shown.problems.length > 0) return 1;
  return exitCode === 'detailed' && shown.changes !== 'none' ? 2 : 0;
}

type Made =
  | { readonly kind: 'made'; readonly plan: Plan; readonly note: string | null }
  | { readonly kind: 'impossible'; readonly message: string };

interface Programs {
  /** Git. */
  readonly processes: Processes;
  /** What runs on the content of the repository, which may be another's in CI. */
  readonly sandbox: Processes;
  /** What of the server's own may run: the same settings as `lockkeeper serve` has. */
  readonly settings: RenderSettings;
}

async function makePlan(options: PlanOptions, programs: Programs, temporary: string): Promise<Made> {
  const { processes, sandbox, settings } = programs;
  const staged = await stageRepository(processes, { ...options, temporary });
  if (staged.kind === 'impossible') return staged;
  const log = createLog('silent');
  const mirrors = createMirrors({ dataDirectory: temporary, processes, log });
  const allowed = settings.remoteSources;
  const remotes = openRemoteSources({ allowed, dataDirectory: temporary, processes, log });
  try {
    const mirror = await mirrors.of({
      repository: { forge: 'github', path: 'local/repository' },
      cloneUrl: staged.path,
      credentials: () => Promise.resolve({ username: '', password: '' }),
    });
    await mirror.fetch();
    const { base, head } = staged;
    return await planStaged(options, { sandbox, settings, remotes: remotes.sources, mirror, base, head });
  } finally {
    await Promise.all([remotes.close(), mirrors.close()]);
  }
}

interface StagedPlan extends Pick<Programs, 'sandbox' | 'settings'> {
  readonly remotes: RemoteSources | undefined;
  readonly mirror: Mirror;
  readonly base: string;
  readonly head: string;
}

async function planStaged(options: PlanOptions, staged: StagedPlan): Promise<Made> {
  const { sandbox, settings, remotes, mirror, base, head } = staged;
  const found = await findConfiguration(mirror, { base, head }, options.layout);
  if (found.kind === 'absent') return { kind: 'impossible', message: found.message };
  if (found.kind === 'broken') {
    const lines = found.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
    return { kind: 'impossible', message: lines.join('\n') };
  }
  const { target } = options;
  const unknown = target && (await targetProblem(mirror, { base, head }, found.configuration, target));
  if (unknown) return { kind: 'impossible', message: unknown };
  // A key of this run only: fingerprints of secrets can be compared within a plan and nowhere else.
  const key = randomBytes(32);
  const fingerprint = (value: string): string => createHmac('sha256', key).update(value).digest('hex').slice(0, 8);
  const app = {
    renderers: {
      all: createRenderers({ processes: sandbox, fingerprint, settings, remotes }),
      parallel: availableParallelism(),
    },
    fingerprint,
  };
  const progress = progressOn(process.stderr);
  const made = await planChange(app, {
    mirror,
    configuration: found.configuration,
    base,
    head,
    progress: (done, total) => progress.show(done, total),
  });
  progress.clear();
  return { kind: 'made', plan: made, note: found.note };
}

function notAffected({ targets }: Plan, target: string): string {
  const others = targets.map((each) => targetKey(each.target)).join(', ');
  return `${target} is not affected. Affected: ${others === '' ? 'nothing' : others}.`;
}

/** The branch that a pull or merge request of a CI run goes into. */
function baseInCi(environment: NodeJS.ProcessEnv): string | null {
  const branch = environment['GITHUB_BASE_REF'] ?? environment['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] ?? '';
  return branch.trim() === '' ? null : branch.trim();
}
