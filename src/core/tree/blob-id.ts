/** Git's own name of a file's content. */
import { createHash } from 'node:crypto';
import type { Sha } from '../ids.js';

/** As git has it (`blob LENGTH<NUL>CONTENT`). In a repository of SHA-256 objects it names nothing, so that it equals no name there. */
export function blobId(content: Uint8Array): Sha {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}
