/** The real terraform: shows plan files, and makes plans where the server allows it. Never a backend, never the network. */
import { writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { TreeView } from '../../core/tree/tree-view.js';
import type { Processes } from '../../ports/processes.js';
import type { RenderResult, RenderSource } from '../../ports/renderer.js';
import { materialise } from '../tree/materialise.js';
import { runTool, type ToolLimits } from '../tree/run-tool.js';
import { inWorkPlace, INPUTS, type WorkPlace } from '../tree/work-place.js';

export interface TerraformOptions {
  readonly processes: Processes;
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
  /** Whether `terraform plan` may be run, and where the providers for it lie (a filesystem mirror); null for the built-in one only. */
  readonly plan: 'refused' | { readonly providers: string | null };
}

export const INSTALL = 'install terraform from https://developer.hashicorp.com/terraform/install';

export type Shown =
  { readonly kind: 'json'; readonly text: string } | Extract<RenderResult, { kind: 'failed' | 'tool-missing' }>;

/** `terraform v1.11.4`; null when there is none. */
export async function findTerraform(processes: Processes): Promise<string | null> {
  const answer = await processes.run({
    program: 'terraform',
    arguments: ['version', '-json'],
    environment: { HOME: '/nonexistent', CHECKPOINT_DISABLE: '1' },
    limits: { milliseconds: 30_000, outputBytes: 64 * 1024 },
  });
  if (answer.kind !== 'ended' || answer.status !== 0) return null;
  const version = /"terraform_version":\s*"([\w.+-]{1,50})"/.exec(new TextDecoder().decode(answer.stdout))?.[1];
  return `terraform ${version === undefined ? 'of unknown version' : `v${version}`}`;
}

/** A plan file holds the configuration that it was made from: nothing else of the tree is given to terraform. */
export async function showPlan(options: TerraformOptions, source: RenderSource, file: string): Promise<Shown> {
  const view = await source.mirror.view(source.tree);
  return inWorkPlace({ tool: 'terraform', temporaryDirectory: options.temporaryDirectory }, async (place) => {
    const written = await materialise(source.mirror, view, [file], place.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    if (written.leftOut.length > 0) return failed(file, 'The plan file is too large');
    return run({ options, place, source, file }, '', ['show', '-json', `./${file}`]);
  });
}

/** What the files declare, as a plan from nothing: no state is read, so that it holds every resource. */
export async function makePlan(options: TerraformOptions, source: RenderSource): Promise<Shown> {
  const { mirror, tree, directory, target } = source;
  const view = await mirror.view(tree);
  return inWorkPlace({ tool: 'terraform', temporaryDirectory: options.temporaryDirectory }, async (place) => {
    const written = await materialise(mirror, view, planInputs(view), place.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    // Over whatever backend the files name: it would be asked for its state.
    const override = join(place.tree, directory, 'lockkeeper_override.tf');
    await writeFile(override, 'terraform {\n  backend "local" {}\n}\n', { flag: 'wx' });
    const at = { options, place, source, file: directory };
    const initialised = await run(at, directory, ['init', '-input=false', '-no-color']);
    if (initialised.kind !== 'json') return initialised;
    const plan = join(place.inputs, 'plan');
    const values = posix.join(directory, `${target.env}.tfvars`);
    const valuesFile = view.entries.has(values) ? [`-var-file=./${target.env}.tfvars`] : [];
    const safe = ['-input=false', '-no-color', '-refresh=false', '-lock=false', `-out=${plan}`];
    const planned = await run(at, directory, ['plan', ...safe, ...valuesFile]);
    return planned.kind === 'json' ? run(at, directory, ['show', '-json', plan]) : planned;
  });
}

/** Without what would be run (installed providers) or taken for the present (state). */
function planInputs(view: TreeView): readonly string[] {
  return view.paths.filter((path) => !/(^|\/)(\.terraform\/|[^/]*\.tfstate(\.backup)?$)/.test(path));
}

interface At {
  readonly options: TerraformOptions;
  readonly place: WorkPlace;
  readonly source: RenderSource;
  /** What a failure is about. */
  readonly file: string;
}

async function run({ options, place, source, file }: At, directory: string, args: readonly string[]): Promise<Shown> {
  const configuration = join(place.inputs, 'terraform.rc');
  await writeFile(configuration, providerInstallation(options.plan, place));
  const outcome = await runTool({
    processes: options.processes,
    place,
    tool: 'terraform',
    program: 'terraform',
    arguments: args,
    directory,
    environment: {
      TF_CLI_CONFIG_FILE: configuration,
      TF_DATA_DIR: join(place.home, 'data'),
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
    },
    limits: options.limits,
    signal: source.signal,
    writes: 'work-place',
    reads: options.plan === 'refused' || options.plan.providers === null ? [] : [options.plan.providers],
  });
  switch (outcome.kind) {
    case 'printed':
      return { kind: 'json', text: outcome.text };
    case 'missing':
      return { kind: 'tool-missing', tool: 'terraform', install: INSTALL };
    case 'failed':
      return failed(file, outcome.message.replaceAll(`${INPUTS}/`, ''));
  }
}

/** Only the server's own mirror, or an empty one: nothing is fetched. */
function providerInstallation(plan: TerraformOptions['plan'], place: WorkPlace): string {
  const path = plan === 'refused' ? null : plan.providers;
  return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(path ?? place.home)}\n  }\n}\n`;
}

export function failed(file: string | null, message: string): Extract<RenderResult, { kind: 'failed' }> {
  return { kind: 'failed', file, message };
}
