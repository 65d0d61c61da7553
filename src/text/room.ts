/** The room that a forge gives a text, in characters and in bytes, and how much of it a text takes. */

export interface Room {
  /** Most characters (UTF-16 units). */
  readonly characters: number;
  /** Most bytes (UTF-8). */
  readonly bytes: number;
}

/** In characters of the room, where a text's bytes weigh more than its characters: texts that fit by this fit by both. */
export type Measure = (text: string) => number;

/** The longest that a UTF-16 unit becomes. */
export const MOST_BYTES = 3;

export function measureOf({ characters, bytes }: Room): Measure {
  if (bytes >= characters * MOST_BYTES) return (text) => text.length;
  const weight = characters / bytes;
  return (text) => Math.max(text.length, byteLength(text) * weight);
}

/** In UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
