/** YAML values in one spelling: equal values give equal text. */
import { stringify } from 'yaml';

/** Keys sorted, no anchors, long strings unfolded; ends with a newline. */
export function canonicalYaml(value: unknown): string {
  return stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
