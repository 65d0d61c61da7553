/** Masking by structure: a Secret's values never leave, but that one changed does. */
import { isRecord } from './canonical.js';

/** Gives a short keyed fingerprint of a value; the key stays in the process. */
export type Fingerprint = (value: string) => string;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The resource with the values of Secrets and last-applied annotations replaced by `masked:<fingerprint>`. */
export function maskResource(resource: Record<string, unknown>, fingerprint: Fingerprint): Record<string, unknown> {
  const masked = maskLastApplied(resource, fingerprint);
  if (masked['kind'] !== 'Secret') return masked;
  const result = { ...masked };
  for (const key of ['data', 'stringData']) {
    if (key in result) result[key] = maskValues(result[key], fingerprint);
  }
  return result;
}

function maskLastApplied(resource: Record<string, unknown>, fingerprint: Fingerprint): Record<string, unknown> {
  const metadata = resource['metadata'];
  if (!isRecord(metadata) || !isRecord(metadata['annotations'])) return resource;
  const annotations = metadata['annotations'];
  if (!(LAST_APPLIED in annotations)) return resource;
  const value = maskValues(annotations[LAST_APPLIED], fingerprint);
  return { ...resource, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: value } } };
}

function maskValues(value: unknown, fingerprint: Fingerprint): unknown {
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskValues(inner, fingerprint)]));
  }
  return `masked:${fingerprint(typeof value === 'string' ? value : JSON.stringify(value))}`;
}
