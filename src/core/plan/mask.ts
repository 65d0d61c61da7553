/** Masking by structure: a Secret's values never leave, but that one changed does. */
import { maskText } from '../mask/mask-text.js';
import { isSensitiveKey } from '../mask/sensitive-key.js';
import { canonicalYaml, isRecord } from './canonical.js';
import { isSealedText, isSopsText } from './secrecy.js';

/** Gives a short keyed fingerprint of a value; the key stays in the process. */
export type Fingerprint = (value: string) => string;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What of a Secret may be seen. Everything else in it is masked: a misspelt `stringdata` holds a secret no less. */
const PUBLIC_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'type', 'immutable'];

/**
 * The value with Secrets wherever they stand in it (items of lists, embedded objects, with or without an API version), last-applied
 * annotations, the literals of kustomize's `secretGenerator`, values under sensitive names and whatever looks like a secret replaced by `masked:<fingerprint>`; what
 * SOPS or Sealed Secrets encrypted by `encrypted:<fingerprint>`.
 */
export function maskSecrets(value: unknown, fingerprint: Fingerprint): unknown {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, fingerprint));
  if (typeof value === 'string') return maskText(value, (secret) => `masked:${fingerprint(secret)}`);
  if (!isRecord(value)) return value;
  const sensitive = sensitiveKeys(value);
  const kind = typeof value['kind'] === 'string' ? value['kind'].toLowerCase() : '';
  return mapValues(value, (inner, key) => {
    if (key === LAST_APPLIED || (kind === 'secret' && !PUBLIC_FIELDS.includes(key)))
      return maskValues(inner, fingerprint);
    if (kind === 'secretlist' && key === 'items') return maskItems(inner, fingerprint);
    if (key === 'encryptedData') return maskValues(inner, fingerprint, isSealedText);
    if (key === 'secretGenerator') return maskGenerators(inner, fingerprint);
    if (sensitive.has(key) && typeof inner === 'string') return maskNamed(inner, fingerprint);
    return maskSecrets(inner, fingerprint);
  });
}

/** Keys whose strings are secrets by their names: `password: …`, and `value` of `{name: DB_PASSWORD, value: …}`. */
function sensitiveKeys(record: Record<string, unknown>): ReadonlySet<string> {
  // An ExternalSecret's `secretKey` names a key, and `remoteRef` says where its value is.
  const named = Object.keys(record).filter(
    (key) => isSensitiveKey(key) && !(key === 'secretKey' && isRecord(record['remoteRef'])),
  );
  const name = record['name'] ?? record['key'];
  return new Set(typeof name === 'string' && isSensitiveKey(name) ? [...named, 'value'] : named);
}

/** Values that point at a secret (substitutions) are none; the rest is masked whole. */
function maskNamed(value: string, fingerprint: Fingerprint): string {
  return /^($|\$[{(]|(masked|encrypted):\w{1,16}$)/.test(value) ? value : maskedText(value, fingerprint, isSopsText);
}

function maskedText(value: string, fingerprint: Fingerprint, isEncrypted: (text: string) => boolean): string {
  return `${isEncrypted(value) ? 'encrypted' : 'masked'}:${fingerprint(value)}`;
}

/** Items of a SecretList need not say what they are. */
function maskItems(items: unknown, fingerprint: Fingerprint): unknown {
  if (!Array.isArray(items)) return maskValues(items, fingerprint);
  return items.map((item: unknown) =>
    isRecord(item) ? maskSecrets({ ...item, kind: 'Secret' }, fingerprint) : maskValues(item, fingerprint),
  );
}

function maskGenerators(generators: unknown, fingerprint: Fingerprint): unknown {
  if (!Array.isArray(generators)) return maskValues(generators, fingerprint);
  return generators.map((generator: unknown) => {
    if (!isRecord(generator)) return maskValues(generator, fingerprint);
    return mapValues(generator, (inner, key) =>
      key === 'literals' ? maskValues(inner, fingerprint) : maskSecrets(inner, fingerprint),
    );
  });
}

/** Maps keep their keys; everything else is one masked value. */
function maskValues(
  value: unknown,
  fingerprint: Fingerprint,
  isEncrypted: (text: string) => boolean = isSopsText,
): unknown {
  if (isRecord(value)) return mapValues(value, (inner) => maskValues(inner, fingerprint, isEncrypted));
  return maskedText(typeof value === 'string' ? value : canonicalYaml(value), fingerprint, isEncrypted);
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
