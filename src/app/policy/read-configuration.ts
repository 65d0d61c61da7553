/** `.lockkeeper.yaml` of a commit with the policy that the same commit holds, wherever it stands there. */
import { parseConfiguration, type ParsedConfiguration } from '../../config/parse-configuration.js';
import { withPolicyFile } from '../../config/parse-policy-file.js';
import type { Sha } from '../../core/ids.js';
import type { Mirror } from '../../ports/repository.js';

export const CONFIGURATION_FILE = '.lockkeeper.yaml';

/** Null where there is none. Problems name the file that they are in. */
export async function readConfiguration(mirror: Mirror, tree: Sha): Promise<ParsedConfiguration | null> {
  const bytes = await mirror.file(tree, CONFIGURATION_FILE);
  if (bytes === null) return null;
  const parsed = parseConfiguration(textOf(bytes), CONFIGURATION_FILE);
  if (parsed.kind === 'invalid' || parsed.policySource.kind !== 'file') return parsed;
  const policy = await mirror.file(tree, parsed.policySource.path);
  return withPolicyFile(parsed, policy === null ? null : textOf(policy));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
