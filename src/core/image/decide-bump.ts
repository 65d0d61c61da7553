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
import type { TargetName } from '../ids.js';
import { imageFields, withImageVersion, type ImageEditProblem, type ImageField } from './image-fields.js';
import { isDigest, isTag } from './image-reference.js';

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
  | { readonly kind: 'refused'; readonly why: UnfitBump };

/** Why a request is not carried out for one target. */
export type UnfitBump =
  | { readonly kind: 'no-tag'; readonly tag: string }
  | { readonly kind: 'no-digest'; readonly digest: string }
  /** The image is updated by semantic version, or its rule has a range. */
  | { readonly kind: 'no-version'; readonly tag: string; readonly image: string }
  | { readonly kind: 'out-of-range'; readonly tag: string; readonly range: string; readonly image: string }
  | { readonly kind: 'not-named'; readonly target: TargetName; readonly image: string }
  | { readonly kind: 'not-editable'; readonly path: string; readonly problem: ImageEditProblem };

/** Files that do not name the image are left as they are, and so are places that name a newer version: nothing is made older. */
export function decideBump(rule: ImageRule, request: BumpRequest, files: readonly BumpFile[]): BumpDecision {
  const unfit = requestProblem(rule, request);
  if (unfit !== null) return refused(unfit);
  const found = files
    .map((file) => ({ file, fields: imageFields(file.text, rule.image) }))
    .filter((each) => each.fields.length > 0);
  if (found.length === 0)
    return refused({ kind: 'not-named', target: { app: rule.app, env: rule.into }, image: rule.image });
  const behind = found
    .map(({ file, fields }) => ({ file, fields: fields.filter((field) => isBehind(field, rule, request)) }))
    .filter((each) => each.fields.length > 0);
  if (behind.length === 0)
    return { kind: 'landed', at: newestTag(found.flatMap((each) => each.fields)) ?? request.tag };
  return editAll(behind, rule.image, request);
}

function refused(why: UnfitBump): BumpDecision {
  return { kind: 'refused', why };
}

function editAll(
  found: readonly { file: BumpFile; fields: readonly ImageField[] }[],
  image: string,
  request: BumpRequest,
): BumpDecision {
  const edits: BumpFile[] = [];
  for (const { file, fields } of found) {
    const result = withImageVersion(file.text, fields, image, { tag: request.tag, digest: request.digest });
    if (result.kind === 'failed') return refused({ kind: 'not-editable', path: file.path, problem: result.problem });
    edits.push({ path: file.path, text: result.text });
  }
  return { kind: 'edit', edits, from: found[0]?.fields[0]?.tag ?? null, to: request.tag };
}

function requestProblem(rule: ImageRule, { tag, digest }: BumpRequest): UnfitBump | null {
  if (!isTag(tag)) return { kind: 'no-tag', tag };
  if (digest !== null && !isDigest(digest)) return { kind: 'no-digest', digest };
  if (rule.update === 'any' && rule.range === null) return null;
  if (semver.valid(tag) === null) return { kind: 'no-version', tag, image: rule.image };
  if (rule.range !== null && !semver.satisfies(tag, rule.range))
    return { kind: 'out-of-range', tag, range: rule.range, image: rule.image };
  return null;
}

/** Neither where it should be nor, where versions are compared, beyond that. */
function isBehind(field: ImageField, rule: ImageRule, request: BumpRequest): boolean {
  if (isAt(field, request)) return false;
  const comparable = rule.update === 'semver' && field.tag !== null && semver.valid(field.tag) !== null;
  return !(comparable && semver.gt(field.tag, request.tag));
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
