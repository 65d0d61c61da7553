/** Where a program lies, as a shell would find it. */
import { access, constants, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** `path`: as in the PATH variable. The file itself, links followed; null when there is none that may be run. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  const places = name.includes('/')
    ? isAbsolute(name)
      ? [name]
      : []
    : directoriesOf(path).map((at) => join(at, name));
  for (const place of places) {
    if (await isThere(place)) return realpath(place);
  }
  return null;
}

export function directoriesOf(path: string): readonly string[] {
  return path.split(':').filter(isAbsolute);
}

async function isThere(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
