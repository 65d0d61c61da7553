/** A file that a setting names: null where it can't be read, which the reader of the setting puts in its own words. */
import { readFileSync } from 'node:fs';

export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error) return null;
    throw cause;
  }
}
