/** Who may use the pages: browsers on this machine, from the pages themselves. */

import type { FastifyRequest } from 'fastify';

const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Why a request is not served, or undefined. Another site can make a browser send requests here (under its own name by
 * DNS rebinding, or as a form): neither must look at pages or act as somebody.
 */
export function requestProblem(request: Pick<FastifyRequest, 'method' | 'headers'>): string | undefined {
  const { host = '', origin } = request.headers;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!LOOPBACK_NAMES.includes(name)) return `The pages are served on this machine only, not as ${host}.`;
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const foreign = origin !== undefined && origin !== `http://${host}`;
  if (foreign || request.headers['sec-fetch-site'] === 'cross-site') return 'Forms of other sites are not taken.';
  return undefined;
}

/** Where to go back to: only pages of this server. */
export function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : '/';
}

export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key = '', ...value] = part.trim().split('=');
    if (key === name) return safeDecode(value.join('='));
  }
  return undefined;
}

function safeDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
