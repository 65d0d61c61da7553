/**
 * The hidden first line of the bot's own comments: by it they are found again, and what they remember can't be forged.
 *
 * `<!-- lockkeeper:state <base64url of JSON>.<base64url of HMAC> -->`. The signature covers the repository, the number, the kind and the
 * payload, so that a marker copied to another pull request, or edited by a maintainer, is no marker.
 */
import { repositoryKey, type RepositoryId } from '../core/ids.js';

/** HMAC of a text, base64url. The key stays in the process. */
export type Signer = (text: string) => string;

export interface MarkerPlace {
  readonly repository: RepositoryId;
  readonly number: number;
}

type MarkerKind = 'state' | 'answer';

export function formatMarker(kind: MarkerKind, payload: unknown, place: MarkerPlace, sign: Signer): string {
  const encoded = encodeBase64Url(JSON.stringify(payload));
  return `<!-- lockkeeper:${kind} ${encoded}.${sign(signedText(kind, encoded, place))} -->`;
}

/** As long as a comment can be: what was written must be found again, or a second comment would be made. */
const MARKER = /^<!-- lockkeeper:(state|answer) ([\w-]{1,65536})\.([\w-]{1,256}) -->/;

/** The payload of a body's marker of that kind, or null where there is none or its signature is not ours. */
export function readMarker(body: string, kind: MarkerKind, place: MarkerPlace, sign: Signer): unknown {
  const match = MARKER.exec(body);
  const [, found, encoded, signature] = match ?? [];
  if (found !== kind || encoded === undefined || signature !== sign(signedText(kind, encoded, place))) return null;
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atobUrl(encoded))));
  } catch (cause) {
    // Signed by us and yet unreadable: written by a version that spelled it otherwise. As good as absent.
    if (cause instanceof SyntaxError || cause instanceof DOMException) return null;
    throw cause;
  }
}

function signedText(kind: MarkerKind, encoded: string, place: MarkerPlace): string {
  return `${repositoryKey(place.repository)}#${place.number}:${kind}:${encoded}`;
}

function encodeBase64Url(text: string): string {
  const binary = [...new TextEncoder().encode(text)].map((byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function atobUrl(encoded: string): readonly number[] {
  return [...atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))].map((character) => character.charCodeAt(0));
}
