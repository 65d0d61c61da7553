/**
 * A cache whose values cannot be read on the disk: renderings hold Secrets as they are.
 *
 * Each value is compressed, then sealed with AES-256-GCM under a key of its own purpose derived from the marker key; its place in the
 * cache is authenticated with it, so that none can be taken for another. What was sealed with another key, or tampered with, is as good
 * as not there: it is computed again.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Cache } from '../../ports/store.js';

/** As AES-GCM wants them, in bytes. */
const NONCE = 12;
const TAG = 16;
/** Of a value as it was put, in bytes: more was never put. */
const LARGEST = 64 * 1024 * 1024;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

export function createSealedCache(cache: Cache, markerKey: string): Cache {
  const key = Buffer.from(hkdfSync('sha256', markerKey, '', 'lockkeeper cache', 32));
  return {
    async get(name) {
      const sealed = await cache.get(name);
      return sealed === null ? null : open(key, name, Buffer.from(sealed, 'base64'));
    },
    async put(name, value, stay) {
      await cache.put(name, (await seal(key, name, value)).toString('base64'), stay);
    },
  };
}

async function seal(key: Buffer, name: string, value: string): Promise<Buffer> {
  // Quality 1: manifests shrink to a tenth already, and a megabyte takes milliseconds.
  const packed = await compress(value, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

async function open(key: Buffer, name: string, sealed: Buffer): Promise<string | null> {
  const packed = opened(key, name, sealed);
  if (packed === null) return null;
  return (await decompress(packed, { maxOutputLength: LARGEST })).toString('utf8');
}

function opened(key: Buffer, name: string, sealed: Buffer): Buffer | null {
  if (sealed.length < NONCE + TAG) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()]);
  } catch {
    // The library has no other way to say that the seal is not ours.
    return null;
  }
}
