/** `lockkeeper plan`: the same plan that the bot posts, made locally or in any CI, without a forge. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMirrors } from '../../adapters/git/create-mirrors.js';
import { createProcesses } from '../../adapters/process/create-processes.js';
import { planChange } from '../../app/plan-change.js';
import { targetKey } from '../../core/ids.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Mirror } from '../../ports/repository.js';
import type { Processes } from '../../ports/processes.js';
import { createLog } from '../log.js';
import { createRenderers, NOTHING_MORE } from '../create-renderers.js';
import { findConfiguration, type LayoutOption } from './find-configuration.js';
import { formatPlan, type PlanFormat } from './format-plan.js';
import { stageRepository } from './stage-repository.js';

export interface PlanOptions {
  readonly repository: string;
  readonly base: string | null;
  readonly head: { readonly kind: 'ref'; readonly ref: string } | { readonly kind: 'worktree' };
  readonly format: PlanFormat;
  /** `app/env`, or null for every target. */
  readonly target: string | null;
  readonly layout: LayoutOption | null;
  /** `detailed`: 2 when something changes. */
  readonly exitCode: 'plain' | 'detailed';
}

/** Prints the plan. Resolves to the exit status: 0, 1 if there is no plan or it has problems, 2 as `exitCode` says. */
export async function plan(options: PlanOptions, environment: NodeJS.ProcessEnv): Promise<number> {
  const temporary = await mkdtemp(join(tmpdir(), 'lockkeeper-plan-'));
  try {
    const processes = createProcesses({ path: environment['PATH'] ?? '' });
    const made = await makePlan(options, processes, temporary);
    if (made.kind === 'impossible') {
      console.error(made.message);
      return 1;
    }
    if (made.note !== null) console.error(made.note);
    const shown = onlyTarget(made.plan, options.target);
    if (shown === null) {
      console.error(
        `No target ${options.target ?? ''} is affected; affected: ${made.plan.targets.map((each) => targetKey(each.target)).join(', ') || 'none'}.`,
      );
      return options.exitCode === 'detailed' || made.plan.problems.length === 0 ? 0 : 1;
    }
    process.stdout.write(formatPlan(shown, options.format));
    return statusOf(shown, options.exitCode);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function statusOf(shown: Plan, exitCode: PlanOptions['exitCode']): number {
  if (shown.problems.length > 0) return 1;
  return exitCode === 'detailed' && shown.changes !== 'none' ? 2 : 0;
}

type Made =
  | { readonly kind: 'made'; readonly plan: Plan; readonly note: string | null }
  | { readonly kind: 'impossible'; readonly message: string };

async function makePlan(options: PlanOptions, processes: Processes, temporary: string): Promise<Made> {
  const staged = await stageRepository(processes, { ...options, temporary });
  if (staged.kind === 'impossible') return staged;
  const log = createLog('silent');
  const mirrors = createMirrors({ dataDirectory: temporary, processes, log });
  try {
    const mirror = await mirrors.of({
      repository: { forge: 'github', path: 'local/repository' },
      cloneUrl: staged.path,
      credentials: () => Promise.resolve({ username: '', password: '' }),
    });
    await mirror.fetch();
    return await planStaged(options, { processes, mirror, base: staged.base, head: staged.head });
  } finally {
    await mirrors.close();
  }
}

interface StagedPlan {
  readonly processes: Processes;
  readonly mirror: Mirror;
  readonly base: string;
  readonly head: string;
}

async function planStaged(options: PlanOptions, { processes, mirror, base, head }: StagedPlan): Promise<Made> {
  const found = await findConfiguration(mirror, { base, head }, options.layout);
  if (found.kind === 'absent') return { kind: 'impossible', message: found.message };
  if (found.kind === 'broken') {
    const lines = found.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
    return { kind: 'impossible', message: lines.join('\n') };
  }
  // A key of this run only: fingerprints of secrets can be compared within a plan and nowhere else.
  const key = randomBytes(32);
  const fingerprint = (value: string): string => createHmac('sha256', key).update(value).digest('hex').slice(0, 8);
  const app = {
    renderers: {
      all: createRenderers({ processes, fingerprint, settings: NOTHING_MORE }),
      parallel: availableParallelism(),
    },
    fingerprint,
  };
  const made = await planChange(app, { mirror, configuration: found.configuration, base, head });
  return { kind: 'made', plan: made, note: found.note };
}

/** The plan as far as one target goes; null if that one is not affected. */
function onlyTarget(whole: Plan, target: string | null): Plan | null {
  if (target === null) return whole;
  const is = (name: { readonly app: string; readonly env: string }): boolean => targetKey(name) === target;
  const targets = whole.targets.filter((each) => is(each.target));
  const problems = whole.problems.filter((problem) => !('target' in problem) || is(problem.target));
  return targets.length === 0 && problems.length === 0 ? null : { ...whole, targets, problems };
}
