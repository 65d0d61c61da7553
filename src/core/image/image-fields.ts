/** Where a file names an image's version, in the spellings people use. */
import { isMap, isScalar, isSeq } from 'yaml';
import {
  editScalars,
  readDocuments,
  type EditProblem,
  type EditResult,
  type NodePath,
  type ScalarEdit,
} from '../yaml/edit-scalars.js';
import { formatImageReference, parseImageReference } from './image-reference.js';

/** The version one place of a file gives an image, and how to give it another. */
export interface ImageField {
  readonly document: number;
  readonly tag: string | null;
  readonly digest: string | null;
  /** `reference`: `image: name:tag`. `tag`: `newTag` of a kustomization, or `tag` beside `repository` in Helm values. */
  readonly spelling: 'reference' | 'tag';
  readonly path: NodePath;
  /** Where a digest is kept apart from the tag, or null. */
  readonly digestPath: NodePath | null;
}

interface ImageVersion {
  readonly tag: string;
  readonly digest: string | null;
}

/** Every place that gives `image` (no tag) a version; empty for files that are not YAML. */
export function imageFields(text: string, image: string): readonly ImageField[] {
  const documents = readDocuments(text);
  if (documents === null) return [];
  return documents.flatMap((document, index) => fieldsOf(document.contents, { document: index, path: [], image }));
}

interface Place {
  readonly document: number;
  readonly path: NodePath;
  readonly image: string;
}

function fieldsOf(node: unknown, place: Place): readonly ImageField[] {
  if (isSeq(node))
    return node.items.flatMap((item, index) => fieldsOf(item, { ...place, path: [...place.path, index] }));
  if (!isMap(node)) return [];
  const split = splitField(node, place);
  const inner = node.items.flatMap((pair) => {
    const key = isScalar(pair.key) ? String(pair.key.value) : null;
    if (key === null) return [];
    const path = [...place.path, key];
    if (key === 'image' && isScalar(pair.value)) return referenceField(pair.value.value, { ...place, path });
    return fieldsOf(pair.value, { ...place, path });
  });
  return split === null ? inner : [split, ...inner];
}

function referenceField(value: unknown, place: Place): readonly ImageField[] {
  const reference = typeof value === 'string' ? parseImageReference(value) : null;
  if (reference === null || reference.image !== place.image) return [];
  const { document, path } = place;
  return [{ document, path, tag: reference.tag, digest: reference.digest, spelling: 'reference', digestPath: null }];
}

/**
 * kustomize's `images: [{name, newName?, newTag, digest?}]` and Helm's `image: {registry?, repository, tag, digest?}`. A registry that stands
 * elsewhere in Helm's values (`global.imageRegistry`) is not guessed.
 */
function splitField(node: { get(key: string): unknown; has(key: string): boolean }, place: Place): ImageField | null {
  const kustomized = node.has('newTag') || node.has('newName');
  if (splitName(node, kustomized) !== place.image) return null;
  const tagKey = kustomized ? 'newTag' : 'tag';
  const digest = node.get('digest');
  if (!node.has(tagKey)) return null;
  const pinned = typeof digest === 'string' && digest !== '';
  return {
    document: place.document,
    path: [...place.path, tagKey],
    tag: sourceOf(node, tagKey),
    digest: pinned ? digest : null,
    spelling: 'tag',
    digestPath: pinned ? [...place.path, 'digest'] : null,
  };
}

function splitName(node: { get(key: string): unknown }, kustomized: boolean): unknown {
  if (kustomized) return node.get('newName') ?? node.get('name');
  const [registry, repository] = [node.get('registry'), node.get('repository')];
  if (typeof repository !== 'string' || typeof registry !== 'string' || registry === '') return repository;
  return `${registry}/${repository}`;
}

/** The spelling in the file: `1.10` is a tag, not the number 1.1. */
function sourceOf(node: object, key: string): string | null {
  const scalar: unknown = isMap(node) ? node.get(key, true) : null;
  if (!isScalar(scalar) || scalar.value === null) return null;
  return scalar.source ?? String(scalar.value);
}

type ImageEdit = EditResult | { readonly kind: 'failed'; readonly problem: ImageEditProblem };

/** `pinned`: the file pins a digest, and none is given to take its place. */
export type ImageEditProblem = EditProblem | { readonly kind: 'pinned' };

/** The file with every given field set to `version`. A field that pins a digest needs one, else the pin would be lost or contradict the tag. */
export function withImageVersion(
  text: string,
  fields: readonly ImageField[],
  image: string,
  version: ImageVersion,
): ImageEdit {
  const edits: ScalarEdit[] = [];
  for (const field of fields) {
    if (field.digest !== null && version.digest === null) {
      return { kind: 'failed', problem: { kind: 'pinned' } };
    }
    const value = field.spelling === 'tag' ? version.tag : formatImageReference({ image, ...version });
    edits.push({ document: field.document, path: field.path, value });
    if (field.digestPath !== null && version.digest !== null) {
      edits.push({ document: field.document, path: field.digestPath, value: version.digest });
    }
  }
  return editScalars(text, edits);
}
