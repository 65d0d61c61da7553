/** Terraform files as they stand, each as one text: what is left where no plan may be made. */
import type { Fingerprint } from '../../core/plan/mask.js';
import { maskHcl, maskTerraformJson, sensitiveVariables } from '../../core/plan/terraform/mask-hcl.js';
import { filesBelow } from '../../core/tree/tree-view.js';
import type { RenderResult, RenderSource } from '../../ports/renderer.js';
import { parseJson } from './parse-json.js';
import { readTexts } from './read-texts.js';

const TERRAFORM_FILE = /\.(tf|tfvars|hcl|tf\.json|tfvars\.json)$/;

const NOTE =
  'Terraform files are shown as text: there is no plan (*.tfplan.json) beside them, and this server runs no `terraform plan`';

export async function renderText(source: RenderSource, fingerprint: Fingerprint): Promise<RenderResult> {
  const view = await source.mirror.view(source.tree);
  const paths = filesBelow(view, source.directory)
    .filter(({ path, mode }) => mode !== '160000' && TERRAFORM_FILE.test(path) && !/(^|\/)\.terraform\//.test(path))
    .map(({ path }) => path);
  const read = await readTexts(source, paths);
  if (read.kind === 'failed') return read;
  const sensitive = new Set([...read.texts.values()].flatMap(sensitiveVariables));
  const streams = [...read.texts].map(([name, text]) => {
    const json = name.endsWith('.json') ? parseJson(text) : null;
    if (json !== null) return { name, text: JSON.stringify(maskTerraformJson(json, sensitive, fingerprint)) };
    // A JSON string is a YAML text of one value.
    return { name, text: JSON.stringify(maskHcl(text, sensitive, fingerprint)) };
  });
  return { kind: 'rendered', streams, notes: [NOTE] };
}
