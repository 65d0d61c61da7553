/** Bytes that stand one to a character (Latin-1): strings that compare as bytes do, until people read them. */

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that are no UTF-8 become U+FFFD. */
export function textOf(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? utf8.decode(Buffer.from(latin1, 'latin1')) : latin1;
}

/** The bytes of a text, as UTF-8. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
