/** Whether a Secret's values stand in git for everyone to read. Asked before they are masked. */
import { isRecord } from './canonical.js';
import { field } from './values.js';

/** `plain`: at least one value can be read as it is. `empty`: there is none. */
export type Secrecy = 'plain' | 'encrypted' | 'empty';

/** Null for what is no Secret: a SealedSecret, an ExternalSecret and the like hold no values of their own. */
export function secrecyOf(value: unknown): Secrecy | null {
  const kind = field(value, 'kind');
  if (typeof kind !== 'string' || kind.toLowerCase() !== 'secret') return null;
  const values = ['data', 'stringData'].flatMap((name) => leavesOf(field(value, name)));
  if (values.length === 0) return 'empty';
  return values.every(isEncrypted) ? 'encrypted' : 'plain';
}

function leavesOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  return isRecord(value) ? Object.values(value).flatMap(leavesOf) : [value];
}

/** Argo CD's vault plugin puts `<path:…>` in the place of a value. */
function isEncrypted(value: unknown): boolean {
  return typeof value === 'string' && (isSopsText(value) || /^<(path:)?[\w\s./:#|-]+>$/.test(value.trim()));
}

/** SOPS (https://getsops.io) leaves each value as `ENC[AES256_GCM,data:…]`; a `sops` key alone proves nothing. */
export function isSopsText(text: string): boolean {
  return /^ENC\[[A-Z0-9_]+,data:[^\s\]]*\]$/.test(text.trim());
}

/** What `kubeseal` writes below `encryptedData`: base64 that begins with the length of an RSA-encrypted key of 512 bytes or near. */
export function isSealedText(text: string): boolean {
  return /^Ag[A-Za-z0-9+/=\s]{8,}$/.test(text);
}
