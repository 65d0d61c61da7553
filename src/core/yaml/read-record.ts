/** YAML from a file that nobody has vetted, as the plain map it should be. */
import { isRecord, MANIFEST_YAML } from '../plan/canonical.js';
import { MAX_ALIASES, readYaml } from './read-yaml.js';

/** In characters: files that only describe something are small. */
const LONGEST = 1_000_000;

/** The first document as a map; null for anything else, broken or unfolding too far. */
export function readRecord(text: string): Readonly<Record<string, unknown>> | null {
  if (text.length > LONGEST) return null;
  const [first] = readYaml(text, { ...MANIFEST_YAML, intAsBigInt: false });
  if (first === undefined || first.problem !== null) return null;
  try {
    const value: unknown = first.document.toJS({ maxAliasCount: MAX_ALIASES });
    return isRecord(value) ? value : null;
  } catch {
    // The library has no other way to say that aliases unfold too far or a merge key stands for no map.
    return null;
  }
}
