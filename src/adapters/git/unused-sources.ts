/** Forgets other people's repositories that no rendering has asked for in a long time. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.js';

/** In ms. What is removed and needed again is fetched again, which costs one commit without its history. */
const UNUSED_FOR = 30 * 24 * 60 * 60_000;

/** Tells every process that looks for unused repositories that this one is in use. `now` in ms since 1970. */
export async function markUsed(directory: string, now: number): Promise<void> {
  await utimes(directory, new Date(now), new Date(now));
}

/** Removes the directories of `sources` that were not marked for thirty days. What can't be removed stays, and the log says so. */
export async function removeUnused(sources: string, now: number, log: Log): Promise<void> {
  await mkdir(sources, { recursive: true });
  for (const name of await readdir(sources)) {
    const directory = join(sources, name);
    try {
      if (now - (await stat(directory)).mtimeMs < UNUSED_FOR) continue;
      await rm(directory, { recursive: true, force: true });
      log.info({ directory }, 'A fetched repository that was not used for thirty days is removed');
    } catch (error) {
      // Another process may have removed it first.
      log.warn(
        { directory, err: error },
        'A fetched repository that was not used for thirty days could not be removed',
      );
    }
  }
}
