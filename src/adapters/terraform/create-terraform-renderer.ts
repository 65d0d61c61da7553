/**
 * The terraform renderer. What a directory holds decides: plans as JSON (`*.tfplan.json`) are read as they are, plan files (`*.tfplan`)
 * by `terraform show`; without either `terraform plan` is run where the server allows it, and else the files are shown as text.
 */
import type { Closure } from '../../core/plan/dependencies/closure.js';
import type { Fingerprint } from '../../core/plan/mask.js';
import { planResources } from '../../core/plan/terraform/plan-resources.js';
import { filesBelow } from '../../core/tree/tree-view.js';
import type { Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import { parseJson } from './parse-json.js';
import { renderText } from './render-text.js';
import { readTexts } from './read-texts.js';
import { failed, findTerraform, makePlan, showPlan, type Shown, type TerraformOptions } from './run-terraform.js';

/** Changes when the same files would give other streams. */
const VERSION = 'terraform 1';

const JSON_PLAN = /\.tfplan\.json$/;
const PLAN = /\.tfplan$/;

export function createTerraformRenderer(options: TerraformOptions & { readonly fingerprint: Fingerprint }): Renderer {
  const mayPlan = options.plan !== 'refused';
  let tool: Promise<string | null> | null = null;
  const find = async (): Promise<string> => {
    const found = await (tool ??= findTerraform(options.processes));
    // It may be installed while we run.
    if (found === null) tool = null;
    return found ?? 'none';
  };
  return {
    name: 'terraform',
    version: async () => `${VERSION}, ${await find()}, ${mayPlan ? 'plans' : 'plans not'}`,
    render: (source) => render(options, source),
    // Modules may be anywhere in the repository.
    ...(mayPlan ? {} : { reads: async (source: RenderSource) => directoryOf(source) }),
  };
}

/** The directory, and what links in it lead to. */
async function directoryOf({ mirror, tree, directory }: RenderSource): Promise<Closure> {
  const view = await mirror.view(tree);
  const links = filesBelow(view, directory).some(({ mode }) => mode === '120000');
  return { paths: new Set(), directories: new Set([links ? '' : directory]) };
}

type Options = TerraformOptions & { readonly fingerprint: Fingerprint };

async function render(options: Options, source: RenderSource): Promise<RenderResult> {
  const { mirror, tree, directory } = source;
  const prefix = directory === '' ? '' : `${directory}/`;
  const paths = filesBelow(await mirror.view(tree), directory).map(({ path }) => path);
  const own = paths.filter((path) => !path.includes('/', prefix.length));
  const plans = own.filter((path) => JSON_PLAN.test(path));
  if (plans.length > 0) {
    const read = await readTexts(source, plans);
    if (read.kind === 'failed') return read;
    return allPlanned(
      options,
      [...read.texts].map(([path, text]) => [path, { kind: 'json', text }]),
    );
  }
  const files = own.filter((path) => PLAN.test(path));
  if (files.length > 0) {
    const shown: (readonly [string, Shown])[] = [];
    for (const file of files) shown.push([file, await showPlan(options, source, file)]);
    return allPlanned(options, shown);
  }
  if (options.plan === 'refused') return renderText(source, options.fingerprint);
  return allPlanned(options, [[directory, await makePlan(options, source)]]);
}

function allPlanned({ fingerprint, plan }: Options, plans: readonly (readonly [string, Shown])[]): RenderResult {
  const streams = [];
  const notes = [];
  for (const [path, shown] of plans) {
    if (shown.kind !== 'json') return shown;
    const planned = planResources(parseJson(shown.text), fingerprint);
    if (planned === null)
      return failed(path, 'This is no plan: make one with `terraform show -json PLAN > NAME.tfplan.json`');
    const documents = planned.manifests.map((manifest) => JSON.stringify(manifest));
    streams.push({ name: path, text: documents.join('\n---\n') });
    notes.push(...planned.notes);
    if (PLAN.test(path) || JSON_PLAN.test(path))
      notes.push(`${path} is shown as it was committed: whether it fits the Terraform files is not checked`);
  }
  if (plan !== 'refused' && notes.length === 0) notes.push('Planned from nothing, without the present state');
  return { kind: 'rendered', streams, notes };
}
