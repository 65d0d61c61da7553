/**
 * The values of a HelmRelease that stand in ConfigMaps and Secrets of the same rendering.
 *
 * With a `targetPath` a reference is one value at that place, over all other values, inline ones too, and is read as helm's `--set` reads
 * what stands after `=`: quoted, it stays text. https://fluxcd.io/flux/components/helm/helmreleases/#values-references
 */
import { canonicalYaml } from '../canonical.js';
import { readRecord } from '../../yaml/read-record.js';
import { at, listAt, textAt, type ReleaseValues, type SetValue } from './chart-release.js';
import { maskedTexts } from './masked-texts.js';

interface ValuesFrom {
  readonly values: readonly ReleaseValues[];
  readonly sets: readonly SetValue[];
  /** References that nothing here answers. */
  readonly notes: readonly string[];
}

/** `called`: the release in messages. `objects`: all of the same rendering. */
export function valuesFrom(manifest: unknown, objects: readonly unknown[], called: string): ValuesFrom {
  const values: ReleaseValues[] = [];
  const sets: SetValue[] = [];
  const notes: string[] = [];
  for (const reference of listAt(manifest, 'spec', 'valuesFrom')) {
    const [kind, name] = [textAt(reference, 'kind') ?? '', textAt(reference, 'name') ?? ''];
    const held = heldText(objects, reference, manifest);
    const targetPath = textAt(reference, 'targetPath');
    const whole = held === null || targetPath !== null ? null : readRecord(held);
    if (held !== null && targetPath !== null) sets.push(setAt(targetPath, kind === 'Secret' ? 'masked' : held));
    else if (whole !== null) values.push(text(`${kind}/${name}`, kind === 'Secret' ? maskedTexts(whole) : whole));
    else notes.push(`Values of ${called} from ${kind}/${name} are not applied to what is shown`);
  }
  return { values, sets, notes };
}

/** What a reference points at, or null. A Secret's text is secret: only its shape may be used. */
function heldText(objects: readonly unknown[], reference: unknown, manifest: unknown): string | null {
  const holder = objects.find((each) => isNamed(each, reference, manifest));
  if (holder === undefined) return null;
  const key = textAt(reference, 'valuesKey') ?? 'values.yaml';
  if (at(holder, 'kind') !== 'Secret') return textAt(holder, 'data', key);
  const encoded = textAt(holder, 'data', key);
  return textAt(holder, 'stringData', key) ?? (encoded === null ? null : decoded(encoded));
}

/** Null for what is no base64: a cluster would not take it. */
function decoded(base64: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (each) => each.codePointAt(0) ?? 0));
  } catch {
    // There is no other way to ask.
    return null;
  }
}

function isNamed(object: unknown, reference: unknown, manifest: unknown): boolean {
  const [kind, name] = [textAt(reference, 'kind'), textAt(reference, 'name')];
  if (kind !== 'ConfigMap' && kind !== 'Secret') return false;
  const namespace = textAt(object, 'metadata', 'namespace');
  const wanted = textAt(manifest, 'metadata', 'namespace');
  const same = namespace === null || wanted === null || namespace === wanted;
  return same && at(object, 'kind') === kind && textAt(object, 'metadata', 'name') === name;
}

/** In quotes of either kind, which then go, it stays text. */
function setAt(path: string, value: string): SetValue {
  const isQuoted = [`'`, `"`].some((quote) => value.startsWith(quote) && value.endsWith(quote));
  if (!isQuoted) return { as: 'value', assignment: `${path}=${value}` };
  return { as: 'text', assignment: `${path}=${value.replace(/^['"]+/, '').replace(/['"]+$/, '')}` };
}

function text(name: string, value: unknown): ReleaseValues {
  return { kind: 'text', name, text: canonicalYaml(value) };
}
