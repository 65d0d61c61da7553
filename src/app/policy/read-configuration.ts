/** `.lockkeeper.yaml` of a commit with the policy that the same commit holds, wherever it stands there. */
import { parseConfiguration, type ParsedConfiguration } from '../../config/parse-configuration.js';
import { withPolicyFile } from '../../config/parse-policy-file.js';
import type { Sha } from '../../core/ids.js';
import type { Mirror } from '../../ports/repository.js';

export const CONFIGURATION_FILE = '.lockkeeper.yaml';

/** Texts kept with what they say, for each repository: the target branch's, and those of a few pull requests that change it. */
const MOST_KEPT = 16;

const parsedBefore = new WeakMap<Mirror, Map<string, ParsedConfiguration>>();

/** Null where there is none. Problems name the file that they are in. */
export async function readConfiguration(mirror: Mirror, tree: Sha): Promise<ParsedConfiguration | null> {
  const bytes = await mirror.file(tree, CONFIGURATION_FILE);
  if (bytes === null) return null;
  const parsed = parseOnce(mirror, textOf(bytes));
  if (parsed.kind === 'invalid' || parsed.policySource.kind !== 'file') return parsed;
  const policy = await mirror.file(tree, parsed.policySource.path);
  return withPolicyFile(parsed, policy === null ? null : textOf(policy));
}

/** The same text says the same, and is asked for again and again. */
function parseOnce(mirror: Mirror, text: string): ParsedConfiguration {
  const kept = parsedBefore.get(mirror) ?? new Map<string, ParsedConfiguration>();
  parsedBefore.set(mirror, kept);
  const known = kept.get(text);
  if (known !== undefined) return known;
  const parsed = parseConfiguration(text, CONFIGURATION_FILE);
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(text, parsed);
  return parsed;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
