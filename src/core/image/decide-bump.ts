/**
 * Image bumps: what one request "image X should run tag T" does to one target.
 *
 * Worked example. `images: [{image: ghcr.io/acme/api, app: api, into: dev, update: semver, range: ">=1.0.0 <2"}]` and a request for
 * `ghcr.io/acme/api:1.1.0` while deployment.yaml names `:1.0.0`: the decision is `edit` with the file's new text. A request for 0.9.0 is
 * refused (older, and outside the range); one for 1.0.0 is `landed`.
 */
import semver from 'semver';
import type { ImageRule } from '../configuration.js';
import type { BumpRequest } from '../event.js';
import { imageFields, withImageVersion, type ImageField } from './image-fields.js';

/** A YAML file of the target that is to be bumped. */
export interface BumpFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
}

export type BumpDecision =
  | { readonly kind: 'edit'; readonly edits: readonly BumpFile[]; readonly from: string | null; readonly to: string }
  /** Every place names this version, or a newer one, already. */
  | { readonly kind: 'landed'; readonly at: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Files that do not name the image are left as they are. */
export function decideBump(rule: ImageRule, request: BumpRequest, files: readonly BumpFile[]): BumpDecision {
  const unfit = tagProblem(rule, request.tag);
  if (unfit !== null) return { kind: 'refused', reason: unfit };
  const found = files
    .map((file) => ({ file, fields: imageFields(file.text, rule.image) }))
    .filter((each) => each.fields.length > 0);
  if (found.length === 0)
    return { kind: 'refused', reason: `no file of ${rule.app} in ${rule.into} names the image ${rule.image}` };
  const fields = found.flatMap((each) => each.fields);
  if (fields.every((field) => isAt(field, request))) return { kind: 'landed', at: request.tag };
  const newest = newestTag(fields);
  if (rule.update === 'semver' && newest !== null && semver.gt(newest, request.tag)) {
    return { kind: 'landed', at: newest };
  }
  return editAll(found, rule.image, request);
}

function editAll(
  found: readonly { file: BumpFile; fields: readonly ImageField[] }[],
  image: string,
  request: BumpRequest,
): BumpDecision {
  const edits: BumpFile[] = [];
  for (const { file, fields } of found) {
    const result = withImageVersion(file.text, fields, image, { tag: request.tag, digest: request.digest });
    if (result.kind === 'failed') return { kind: 'refused', reason: `${file.path} can't be edited: ${result.reason}` };
    if (result.text !== file.text) edits.push({ path: file.path, text: result.text });
  }
  return { kind: 'edit', edits, from: found[0]?.fields[0]?.tag ?? null, to: request.tag };
}

function tagProblem(rule: ImageRule, tag: string): string | null {
  if (rule.update === 'any' && rule.range === null) return null;
  if (semver.valid(tag) === null)
    return `the tag "${tag}" is not a semantic version, and ${rule.image} is updated by semantic version`;
  if (rule.range !== null && !semver.satisfies(tag, rule.range))
    return `${tag} is outside the range "${rule.range}" of ${rule.image}`;
  return null;
}

/** Same tag; same digest too where the request names one. */
function isAt(field: ImageField, request: BumpRequest): boolean {
  return field.tag === request.tag && (request.digest === null || field.digest === request.digest);
}

function newestTag(fields: readonly ImageField[]): string | null {
  const tags = fields
    .map((field) => field.tag)
    .filter((tag): tag is string => tag !== null && semver.valid(tag) !== null);
  return tags.sort(semver.rcompare)[0] ?? null;
}
