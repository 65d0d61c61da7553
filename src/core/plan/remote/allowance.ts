/**
 * From where a server lets renderings fetch what the repository does not hold: nowhere, unless its settings name the place.
 *
 * Worked example: `https://github.com/acme` allows `https://github.com/acme/bases` and not `https://github.com/acme-corp/bases`;
 * `oci://ghcr.io/acme/charts` allows the charts of that registry below that path.
 */

/** Of the server's settings; a repository's file can't change it. */
export const ALLOWING_SETTING = 'LOCKKEEPER_REMOTE_SOURCES';

export interface AllowedPlace {
  readonly scheme: 'https' | 'oci';
  /** In lower case, with a port where one is named. */
  readonly host: string;
  /** Parts of the path; what is fetched begins with all of them. */
  readonly path: readonly string[];
}

/** Null for what names no place: another scheme, a user, a query, a pattern. */
export function parsePlace(text: string): AllowedPlace | null {
  const scheme = /^(https|oci):\/\/[^/\s]/i.exec(text)?.[1]?.toLowerCase();
  const url = readUrl(text);
  if (url === null || (scheme !== 'https' && scheme !== 'oci')) return null;
  if (url.search !== '' || url.hash !== '' || text.includes('*')) return null;
  return { scheme, host: url.host, path: partsOf(url) };
}

/** `url`: of https, or of oci. What can't be read as one plain address is never allowed. */
export function isAllowed(allowed: readonly AllowedPlace[], url: string): boolean {
  const scheme = /^(https|oci):\/\//i.exec(url)?.[1]?.toLowerCase();
  const read = readUrl(url);
  if (read === null || scheme === undefined) return false;
  const parts = partsOf(read);
  return allowed.some(
    (place) =>
      place.scheme === scheme && place.host === read.host && place.path.every((part, index) => part === parts[index]),
  );
}

/** With `..` and the like resolved. Null for users and passwords, and for slashes in disguise. */
function readUrl(text: string): URL | null {
  // Read as https, so that oci has hosts and paths of the same kind.
  const asHttps = text.replace(/^oci:/i, 'https:');
  if (!URL.canParse(asHttps) || /%2f|%5c|\\/i.test(text)) return null;
  const url = new URL(asHttps);
  return url.username === '' && url.password === '' && url.hostname !== '' ? url : null;
}

function partsOf({ pathname }: URL): readonly string[] {
  return pathname.split('/').filter((part) => part !== '');
}
