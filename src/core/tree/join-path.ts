/** Paths of git trees: `/` between parts, relative to the top. */

/** `apps/api/dev` and `../base/./x` give `apps/api/base/x`; what climbs above the top keeps its `..`. Empty for the top itself. */
export function joinPath(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...directory.split('/'), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
