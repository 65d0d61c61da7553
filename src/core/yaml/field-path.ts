/** Field paths as people write them in `.lockkeeper.yaml`: `images[*].newTag`, `image.tag`, `spec.values.image.tag`. */
import { isMap, isScalar, isSeq, type Document } from 'yaml';
import type { NodePath } from './edit-scalars.js';

export type FieldStep = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'every-item' };

/** Null when it is not a field path. Keys with dots are written in double quotes: `metadata.labels."app.kubernetes.io/version"`. */
export function parseFieldPath(text: string): readonly FieldStep[] | null {
  const steps: FieldStep[] = [];
  const token = /"([^"]+)"|([^.[\]"\s]+)|(\[\*\])/gy;
  let expected: 'start' | 'separator' = 'start';
  while (token.lastIndex < text.length) {
    if (expected === 'separator' && text[token.lastIndex] === '.') {
      token.lastIndex += 1;
      expected = 'start';
    }
    const match = token.exec(text);
    if (match === null || (match[3] !== undefined) !== (expected === 'separator')) return null;
    steps.push(match[3] === undefined ? { kind: 'key', key: match[1] ?? match[2] ?? '' } : { kind: 'every-item' });
    expected = 'separator';
  }
  return steps.length === 0 || expected === 'start' ? null : steps;
}

/** A single value found by a field path; `identity` finds the same item in another file: list items by `name`, else by position. */
interface FieldValue {
  readonly identity: string;
  readonly path: NodePath;
  readonly value: string;
}

export function fieldValues(document: Document.Parsed, steps: readonly FieldStep[]): readonly FieldValue[] {
  return descend(document.contents, steps, { identity: '', path: [] });
}

function descend(
  node: unknown,
  steps: readonly FieldStep[],
  place: { identity: string; path: NodePath },
): readonly FieldValue[] {
  const [step, ...rest] = steps;
  if (step === undefined) {
    if (!isScalar(node) || node.value === null) return [];
    // The source spelling, not the number: `1.10` is a tag, not 1.1.
    return [{ ...place, value: node.source ?? String(node.value) }];
  }
  if (step.kind === 'key') {
    if (!isMap(node)) return [];
    return descend(node.get(step.key, true), rest, {
      identity: `${place.identity}.${step.key}`,
      path: [...place.path, step.key],
    });
  }
  if (!isSeq(node)) return [];
  return node.items.flatMap((item, index) => {
    const name: unknown = isMap(item) ? item.get('name') : undefined;
    const label = typeof name === 'string' ? `name=${name}` : String(index);
    return descend(item, rest, { identity: `${place.identity}[${label}]`, path: [...place.path, index] });
  });
}
