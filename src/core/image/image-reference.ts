/**
 * Image references: `registry[:port]/path[:tag][@digest]`.
 *
 * An image bump changes only the tag and digest of a reference, and never to an older version unless asked. This folder reads references,
 * decides whether a wished version is newer, and edits it into files in place, keeping every other byte.
 */
export interface ImageReference {
  /** Without tag and digest, as written: `ghcr.io/acme/api`. */
  readonly image: string;
  readonly tag: string | null;
  /** `sha256:…` */
  readonly digest: string | null;
}

const DIGEST = /^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-f]{32,128}$/;
const TAG = /^\w[\w.-]{0,127}$/;
/** Of one part of a name. Capitals are no part of the grammar, yet templates and older registries have them. */
const NAME_PART = /^[\w.-]+$/;
/** A registry: the first part, where it could be a host. */
const HOST = /^(\[[\da-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?$/;
/** The longest name that registries take. */
const MAX_NAME = 255;

/** Null when it is not a reference at all. Source of the grammar: https://github.com/distribution/reference */
export function parseImageReference(text: string): ImageReference | null {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  if (digest !== null && !DIGEST.test(digest)) return null;
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  const tagged = colon > rest.lastIndexOf('/');
  const image = tagged ? rest.slice(0, colon) : rest;
  const tag = tagged ? rest.slice(colon + 1) : null;
  if (!isName(image) || (tag !== null && !TAG.test(tag))) return null;
  return { image, tag, digest };
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

function isName(image: string): boolean {
  const [first = '', ...rest] = image.split('/');
  if (image.length > MAX_NAME || !rest.every((part) => NAME_PART.test(part))) return false;
  return rest.length === 0 ? NAME_PART.test(first) : HOST.test(first);
}

export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === null ? '' : `:${reference.tag}`;
  const digest = reference.digest === null ? '' : `@${reference.digest}`;
  return `${reference.image}${tag}${digest}`;
}
