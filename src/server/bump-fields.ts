/**
 * What each field of an image bump may hold. Image, tag and digest follow the grammar of the OCI distribution specification
 * (github.com/distribution/reference): what is let through here is written into files and pull requests.
 */
import type { ForgeKind } from '../core/ids.js';
import { isTag } from '../core/image/image-reference.js';

export type Checked = { readonly value: string } | { readonly problem: string };

const DOMAIN =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]{1,5})?$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,199}$/;
const REPOSITORY_PART = /^[A-Za-z0-9_.-]+$/;

/** The specification's limit for a name. */
const LONGEST_IMAGE = 255;
const LONGEST_REPOSITORY = 255;
const LONGEST_SOURCE = 2_048;

export function checkImage(text: string): Checked {
  if (text.length > LONGEST_IMAGE) return { problem: `This is longer than ${LONGEST_IMAGE} characters.` };
  const at = text.indexOf('@');
  if (at >= 0) return { problem: 'This must not hold a digest. Send what follows the "@" as "digest".' };
  const colon = text.lastIndexOf(':');
  // A colon before the last slash is a registry's port.
  const [image, tag] = colon > text.lastIndexOf('/') ? [text.slice(0, colon), text.slice(colon + 1)] : [text, null];
  if (tag !== null && isTag(tag) && isImageName(image)) {
    return { problem: `This must not hold a tag. Send "${image}" as "image" and "${tag}" as "tag".` };
  }
  return isImageName(text)
    ? { value: text }
    : { problem: 'This is no image name like "ghcr.io/acme/api": lower-case letters, digits, and . _ - / between.' };
}

function isImageName(text: string): boolean {
  const [first = '', ...rest] = text.split('/');
  const isDomain = rest.length > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const path = isDomain ? rest : [first, ...rest];
  return (!isDomain || DOMAIN.test(first)) && path.every((part) => PATH_PART.test(part));
}

export function checkTag(text: string): Checked {
  if (isTag(text)) return { value: text };
  if (text.includes('@')) return { problem: 'This must not hold a digest. Send what follows the "@" as "digest".' };
  return { problem: 'This is no image tag: at most 128 letters, digits and . _ -, and no . or - first.' };
}

export function checkDigest(text: string): Checked {
  return DIGEST.test(text) ? { value: text } : { problem: 'This must be "sha256:" and 64 hexadecimal digits.' };
}

/** Shown as a link in a pull request, so nothing but a web address will do. */
export function checkSource(text: string): Checked {
  if (text.length > LONGEST_SOURCE) return { problem: `This is longer than ${LONGEST_SOURCE} characters.` };
  const problem = { problem: 'This must be an http or https URL without a user name or password.' };
  if (!URL.canParse(text) || /[\s<>"'`\\]/.test(text)) return problem;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? { value: text } : problem;
}

export function checkId(text: string): Checked {
  return ID.test(text)
    ? { value: text }
    : { problem: 'This must be 1 to 200 letters, digits and . _ : @ / + = -, a letter or digit first.' };
}

/** @param forge null while it is unknown: then either forge's form will do */
export function checkRepository(text: string, forge: ForgeKind | null): Checked {
  if (text.length > LONGEST_REPOSITORY) return { problem: `This is longer than ${LONGEST_REPOSITORY} characters.` };
  const parts = text.split('/');
  const isWellFormed = parts.every((part) => REPOSITORY_PART.test(part) && part !== '.' && part !== '..');
  if (forge === 'github') {
    return isWellFormed && parts.length === 2 ? { value: text } : { problem: 'This must be "owner/name".' };
  }
  return isWellFormed && parts.length >= 2
    ? { value: text }
    : { problem: 'This must be the full path of a repository, like "group/project".' };
}
