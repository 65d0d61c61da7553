/** Git's own name of a file's content. */
import { createHash } from 'node:crypto';
import type { Sha } from '../ids.js';

/** Hexadecimal digits of an id where the repository's objects are named by SHA-256, as `git init --object-format=sha256` has it. */
const SHA256_DIGITS = 64;

/** As git has it: the hash of `blob LENGTH<NUL>CONTENT`. `like`: an id of the same repository, which says by which hash it names. */
export function blobId(content: Uint8Array, like: Sha): Sha {
  return createHash(like.length === SHA256_DIGITS ? 'sha256' : 'sha1')
    .update(`blob ${content.byteLength}\0`)
    .update(content)
    .digest('hex');
}
