/** What every function that shows a record as GitHub does is given. */
import type { Forge } from '../forge/forge.js';
import type { GithubUrls } from './github-urls.js';

export interface GithubView {
  readonly forge: Forge;
  readonly urls: GithubUrls;
}

/** GitHub's times have whole seconds: `2026-01-31T09:00:00Z`. */
export function showTime(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** An opaque id, as GitHub's GraphQL has for everything. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}
