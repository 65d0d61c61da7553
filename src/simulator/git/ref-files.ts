/** Refs as git's `files` format keeps them, read without starting git: https://git-scm.com/docs/gitrepository-layout */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './is-missing.js';

/** Full names that can be paths; what is more (`^{commit}`, `~1`) git has to resolve. */
export function isRefName(name: string): boolean {
  return /^refs\/[^\0-\x20\x7f~^:?*[\\@]+$/.test(name) && !/\/\.|\.\.|\/\/|\/$|\.lock$/.test(name);
}

/** `symbolic`: git must follow it. */
export async function readRefFile(directory: string, name: string): Promise<string | undefined | 'symbolic'> {
  const loose = await textOf(join(directory, name));
  if (loose !== undefined) return /^[0-9a-f]{40}\n$/.test(loose) ? loose.trim() : 'symbolic';
  return (await packedRefs(directory)).get(name);
}

/** Every full ref name, sorted as git sorts them. */
export async function listRefNames(directory: string): Promise<readonly string[]> {
  const names = new Set([...(await namesBelow(directory, 'refs')), ...(await packedRefs(directory)).keys()]);
  return [...names].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

async function namesBelow(directory: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch((error: unknown) => {
    // Git removes a folder with its last ref.
    if (isMissing(error)) return [];
    throw error;
  });
  const names = entries.map(async (entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return namesBelow(directory, name);
    return isRefName(name) ? [name] : [];
  });
  return (await Promise.all(names)).flat();
}

async function packedRefs(directory: string): Promise<ReadonlyMap<string, string>> {
  const text = (await textOf(join(directory, 'packed-refs'))) ?? '';
  const refs = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line));
  return new Map(refs.map((line) => [line.slice(41), line.slice(0, 40)]));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
