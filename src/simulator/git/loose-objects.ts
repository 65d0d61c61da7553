/** Git's loose objects, read and written without starting git: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { isMissing } from './is-missing.js';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface LooseObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

/** Undefined when there is no such loose object; it may be in a pack. */
export async function readLooseObject(directory: string, sha: string): Promise<LooseObject | undefined> {
  try {
    const bytes = inflateSync(await readFile(pathOf(directory, sha)));
    const end = bytes.indexOf(0);
    const [type = ''] = bytes.toString('latin1', 0, end).split(' ');
    return { type: type as ObjectType, content: bytes.subarray(end + 1) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Gives the object's SHA. It appears at once and whole, as if git had written it. */
export async function writeLooseObject(directory: string, type: ObjectType, content: Buffer): Promise<string> {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const sha = createHash('sha1').update(bytes).digest('hex');
  const path = pathOf(directory, sha);
  if (await exists(path)) return sha;
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = join(directory, 'objects', `tmp_obj_${randomUUID()}`);
  await writeFile(temporary, deflateSync(bytes, { level: 1 }), { mode: 0o444 });
  await rename(temporary, path);
  return sha;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function pathOf(directory: string, sha: string): string {
  return join(directory, 'objects', sha.slice(0, 2), sha.slice(2));
}
