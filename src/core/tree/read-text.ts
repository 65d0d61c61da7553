/** Files as text. What is not UTF-8, or holds a NUL, is none: read all the same it would come to be other bytes. */

/** Null for what is no text. A byte order mark is left out. */
export function readText(bytes: Uint8Array): string | null {
  return decoded(bytes, 'left-out');
}

/** The same with a byte order mark kept, so that writing the text gives the very bytes. */
export function readExactText(bytes: Uint8Array): string | null {
  return decoded(bytes, 'kept');
}

function decoded(bytes: Uint8Array, mark: 'kept' | 'left-out'): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: mark === 'kept' }).decode(bytes);
  } catch {
    // The decoder has no other way to say that these bytes are no UTF-8.
    return null;
  }
}
