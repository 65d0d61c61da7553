/** Which renderer a target's files ask for, where the configuration says `render: auto`. */
import type { TreeEntry } from '../forge-objects.js';

export type RendererName = 'plain' | 'kustomize' | 'helm' | 'terraform' | 'command';
type DetectedRenderer = Exclude<RendererName, 'command'>;

/** The names under which kustomize looks for its file. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** What makes a directory a chart. https://helm.sh/docs/topics/charts/#the-chart-file-structure */
export const CHART_FILE = 'Chart.yaml';

const TERRAFORM_FILE = /\.(tf|tf\.json|tfplan|tfplan\.json)$/;

/**
 * `entries` may be those of the directory or of the whole repository. `directory`: from the top, without a slash at the end. `chart`:
 * where the configuration says that the target's chart is; it counts only if `entries` hold it.
 */
export function detectRenderer(
  entries: readonly Pick<TreeEntry, 'path'>[],
  directory: string,
  chart: string | null = null,
): DetectedRenderer {
  const prefix = directory === '' ? '' : `${directory}/`;
  const names = new Set<string>();
  let hasChart = false;
  for (const { path } of entries) {
    if (path.startsWith(prefix) && !path.includes('/', prefix.length)) names.add(path.slice(prefix.length));
    if (chart !== null && path === `${chart}/${CHART_FILE}`) hasChart = true;
  }
  if (KUSTOMIZATION_FILES.some((name) => names.has(name))) return 'kustomize';
  if (names.has(CHART_FILE) || hasChart) return 'helm';
  return [...names].some((name) => TERRAFORM_FILE.test(name)) ? 'terraform' : 'plain';
}
