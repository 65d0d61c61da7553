/** Which renderer a target's files ask for, where the configuration says `render: auto`. */
import type { TreeEntry } from '../forge-objects.js';

/** The names under which kustomize looks for its file. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** `entries` may be those of the directory or of the whole repository. `directory`: from the top, without a slash at the end. */
export function detectRenderer(entries: readonly Pick<TreeEntry, 'path'>[], directory: string): 'kustomize' | 'plain' {
  const prefix = directory === '' ? '' : `${directory}/`;
  const wanted = new Set(KUSTOMIZATION_FILES.map((name) => prefix + name));
  return entries.some((entry) => wanted.has(entry.path)) ? 'kustomize' : 'plain';
}
