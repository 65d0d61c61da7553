/** Refs as git's `files` format keeps them, read without starting git, and at once, as loose objects are: https://git-scm.com/docs/gitrepository-layout */
import { readdirSync, readFileSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './is-missing.js';

/** Full names that can be paths; what is more (`^{commit}`, `~1`) git has to resolve. */
export function isRefName(name: string): boolean {
  return /^refs\/[^\0-\x20\x7f~^:?*[\\@]+$/.test(name) && !/\/\.|\.\.|\/\/|\/$|\.lock$/.test(name);
}

/** `symbolic`: git must follow it. */
export function readRefFile(directory: string, name: string): string | undefined | 'symbolic' {
  const loose = textOf(join(directory, name));
  if (loose !== undefined) return /^[0-9a-f]{40}\n$/.test(loose) ? loose.trim() : 'symbolic';
  return packedRefs(directory).get(name);
}

/** Every full ref name, sorted as git sorts them. */
export function listRefNames(directory: string): readonly string[] {
  const names = new Set([...namesBelow(directory, 'refs'), ...packedRefs(directory).keys()]);
  return [...names].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function namesBelow(directory: string, folder: string): readonly string[] {
  return entriesOf(join(directory, folder)).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return namesBelow(directory, name);
    return isRefName(name) ? [name] : [];
  });
}

/** Git removes a folder with its last ref. */
function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export function packedRefs(directory: string): ReadonlyMap<string, string> {
  const text = textOf(join(directory, 'packed-refs')) ?? '';
  const refs = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line));
  return new Map(refs.map((line) => [line.slice(41), line.slice(0, 40)]));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
