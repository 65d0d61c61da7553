/**
 * The real `opa` (https://www.openpolicyagent.org/docs/cli#eval), in a work place of its own.
 *
 * It is told which built-in functions there are, and those whose answer is not in their arguments are not among them: no `http.send`, no
 * look-up of names, no environment (`opa.runtime`), no clock, no chance. So the same policies say the same of the same input.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegoOutput } from '../../core/rego/read-rego-output.js';
import type { RegoModule, RegoOutcome } from '../../core/rego/rego.js';
import type { Processes } from '../../ports/processes.js';
import type { Rego, RegoRequest } from '../../ports/rego.js';
import { runTool, type ToolLimits, type ToolOutcome } from '../tree/run-tool.js';
import { INPUTS, inWorkPlace, type WorkPlace } from '../tree/work-place.js';

export const INSTALL =
  'install opa 1.0 or newer, for example with `go install github.com/open-policy-agent/opa@latest`, or name policies that were compiled to WebAssembly (`rego: policy/policy.wasm`)';

interface OpaOptions {
  readonly processes: Processes;
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
}

/** Of one evaluation: rules over a large plan take tens of ms; what loops is ended. */
const LIMITS: ToolLimits = { milliseconds: 20_000, outputBytes: 8 * 1024 * 1024 };

/** Of all policies together, in bytes. */
const MOST_BYTES = 1024 * 1024;

const MISSING: RegoOutcome = { kind: 'tool-missing', tool: 'opa', install: INSTALL };

export function createOpa(options: OpaOptions): Rego {
  let capabilities: Promise<string | null> | null = null;
  return {
    version: () => findOpa(options.processes),
    async evaluate(request) {
      capabilities ??= readCapabilities(options);
      const known = await capabilities;
      // Somebody may install it while we run.
      if (known === null) capabilities = null;
      return known === null ? MISSING : evaluate(options, known, request);
    },
  };
}

async function evaluate(
  options: OpaOptions,
  capabilities: string,
  { modules, input }: RegoRequest,
): Promise<RegoOutcome> {
  const refused = findRefused(modules);
  if (refused !== null) return { kind: 'failed', message: refused };
  return inWorkPlace({ tool: 'opa', temporaryDirectory: options.temporaryDirectory }, async (place) => {
    await writeFile(join(place.inputs, 'capabilities.json'), capabilities);
    await writeFile(join(place.inputs, 'input.json'), JSON.stringify(input));
    for (const module of modules) await writeModule(place, module);
    const files = ['--capabilities', `${INPUTS}/capabilities.json`, '--input', `${INPUTS}/input.json`];
    const policies = modules.flatMap(({ path }) => ['--data', path]);
    // Raw, for then what is wrong is said in words; strict, for a rule that fails must not pass for one that does not apply.
    const how = ['--format', 'raw', '--strict-builtin-errors'];
    const outcome = await opa(options, place, ['eval', ...how, ...files, ...policies, '--', 'data']);
    return toOutcome(outcome);
  });
}

function findRefused(modules: readonly RegoModule[]): string | null {
  const bytes = modules.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST_BYTES) return `the policies have ${String(bytes)} bytes, more than ${String(MOST_BYTES)}`;
  const unsafe = modules.find(
    ({ path }) => path.split('/').some((part) => /^(\.{0,2}|\.git)$/i.test(part)) || path.includes(':'),
  );
  return unsafe === undefined ? null : `${unsafe.path} has a part that no file system or opa should be given`;
}

async function writeModule({ tree }: WorkPlace, { path, text }: RegoModule): Promise<void> {
  await mkdir(join(tree, dirname(path)), { recursive: true });
  await writeFile(join(tree, path), text, { flag: 'wx' });
}

function opa(options: OpaOptions, place: WorkPlace, words: readonly string[]): Promise<ToolOutcome> {
  return runTool({
    processes: options.processes,
    place,
    tool: 'opa',
    program: 'opa',
    arguments: words,
    limits: options.limits ?? LIMITS,
  });
}

/** Of opa's own words about what it could not do, in characters. */
const LONGEST_COMPLAINT = 2_000;

function toOutcome(outcome: ToolOutcome): RegoOutcome {
  if (outcome.kind === 'missing') return MISSING;
  if (outcome.kind === 'failed') return { kind: 'failed', message: outcome.message.slice(0, LONGEST_COMPLAINT) };
  // Nothing where the document is undefined.
  return readRegoOutput(outcome.text.trim() === '' ? null : JSON.parse(outcome.text));
}

async function findOpa(processes: Processes): Promise<string | null> {
  const answer = await processes.run({
    program: 'opa',
    arguments: ['version'],
    environment: { HOME: '/nonexistent' },
    limits: { milliseconds: 30_000, outputBytes: 64 * 1024 },
  });
  if (answer.kind !== 'ended' || answer.status !== 0) return null;
  return `opa ${/^Version: (\S+)/m.exec(new TextDecoder().decode(answer.stdout))?.[1] ?? 'of unknown version'}`;
}

interface Capabilities {
  readonly builtins?: readonly { readonly name: string; readonly nondeterministic?: boolean }[];
}

/** What this opa can do, without what it marks as answering differently to the same question. Null: there is no opa. */
async function readCapabilities(options: OpaOptions): Promise<string | null> {
  const outcome = await inWorkPlace({ tool: 'opa', temporaryDirectory: options.temporaryDirectory }, (place) =>
    opa(options, place, ['capabilities', '--current']),
  );
  if (outcome.kind !== 'printed') return null;
  const all = JSON.parse(outcome.text) as Capabilities;
  const builtins = (all.builtins ?? []).filter(
    ({ name, nondeterministic }) => nondeterministic !== true && name !== 'trace',
  );
  return JSON.stringify({ ...all, builtins, allow_net: [] });
}
