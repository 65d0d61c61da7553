/** YAML values in one spelling: equal values give equal text, and values that a cluster tells apart give different text. */
import { stringify, type Tags } from 'yaml';
import type { YamlOptions } from '../yaml/read-yaml.js';

/** Tags of YAML 1.1 that Go's reader has not (times as numbers) or makes into text all the same (dates). */
const NOT_GO: readonly string[] = ['timestamp', 'binary', 'omap', 'pairs', 'set'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);

/**
 * YAML as Kubernetes' tools read it (sigs.k8s.io/yaml, which is YAML 1.1 of Go): `yes` is true, `0644` is 420, `<<` merges, of a key that
 * stands twice the last counts. Read otherwise, a change from `0644` to `644` would look like none. Whole numbers keep every digit.
 */
export const MANIFEST_YAML: YamlOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  intAsBigInt: true,
  customTags: (tags: Tags): Tags => [
    ...tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !NOT_GO.includes(tag.tag))),
    'intOct',
  ],
};

/** Keys sorted, no anchors, long strings unfolded; ends with a newline. */
export function canonicalYaml(value: unknown): string {
  const layout = { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 } as const;
  return stringify(value, { ...MANIFEST_YAML, ...layout });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
