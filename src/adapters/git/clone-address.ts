/** Where a mirror fetches from, and by which protocols: nothing that runs a program or leaves the named one. */
import { Forbidden } from '../../core/problem.js';

export interface CloneAddress {
  readonly url: string;
  /** What GIT_ALLOW_PROTOCOL takes. https stays https, so that credentials never travel in the clear after a redirect. */
  readonly protocols: 'https' | 'http:https' | 'file';
  /** `https://host/` for credentials, null where none are sent. */
  readonly origin: string | null;
}

/** http(s) URLs, file URLs and absolute paths. Everything else (ssh, git, `ext::`, `host:path`) is refused with `Forbidden`. */
export function parseCloneAddress(text: string): CloneAddress {
  if (text.startsWith('/')) return { url: text, protocols: 'file', origin: null };
  const url = URL.canParse(text) ? new URL(text) : null;
  switch (url?.protocol) {
    case 'https:':
      return { url: withoutUser(url), protocols: 'https', origin: `${url.origin}/` };
    case 'http:':
      return { url: withoutUser(url), protocols: 'http:https', origin: `${url.origin}/` };
    case 'file:':
      return { url: url.href, protocols: 'file', origin: null };
    default:
      throw new Forbidden('The address to clone from must be an http or https URL or a local path');
  }
}

function withoutUser(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}
