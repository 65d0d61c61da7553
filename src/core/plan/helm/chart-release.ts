/** A release of a chart that stands in the repository, as a HelmRelease or an Application asks for it. */
import { field, itemsOf } from '../values.js';

/** A chart of a chart repository or registry, at one version. */
export interface ChartSource {
  /** `https://…` of a chart repository, or `oci://…` with everything but the chart's name. */
  readonly repository: string;
  readonly name: string;
  /** One version, not a range of them. */
  readonly version: string;
}

export interface ChartRelease {
  /** A directory, from the top of the repository; '' for a chart that is not in it. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string | null;
  /** The later over the earlier. */
  readonly values: readonly ReleaseValues[];
  /** `name=value` as helm's `--set` reads it, over all values; `text`: as `--set-string` does. */
  readonly sets?: readonly SetValue[];
  readonly crds?: 'included' | 'skipped';
  /** One after another, over what the chart makes. */
  readonly postRenderers?: readonly PostRendering[];
}

/** Of a kustomization, without its resources. */
export interface PostRendering {
  readonly patches: readonly { readonly patch: string; readonly target?: Readonly<Record<string, string>> }[];
  readonly images: readonly Readonly<Record<string, string>>[];
}

export interface SetValue {
  readonly as: 'value' | 'text';
  readonly assignment: string;
}

export type ReleaseValues =
  /** `expected`: it must be there. `looked-for`: it may be missing. */
  | { readonly kind: 'file'; readonly path: string; readonly presence: 'expected' | 'looked-for' }
  /** `name`: what messages call it. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** What one manifest asks for. */
export type Asked =
  /** `notes`: what of it the rendering does not show. */
  | { readonly kind: 'release'; readonly release: ChartRelease; readonly notes: readonly string[] }
  /** Of a chart that is not in the repository; where it can't be fetched, `otherwise` begins the note that says so. */
  | {
      readonly kind: 'remote-release';
      readonly chart: ChartSource;
      readonly release: ChartRelease;
      readonly notes: readonly string[];
      readonly otherwise: string;
    }
  /** It is left as the manifest it is, and a note says so. */
  | { readonly kind: 'elsewhere'; readonly note: string }
  /** It asks for no chart. */
  | { readonly kind: 'nothing' };

/** True if the directory is a chart of the repository. */
export type IsChart = (directory: string) => boolean;

/** The value at a path of keys; undefined where one is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(field, value);
}

/** Null for what is no text or empty. */
export function textAt(value: unknown, ...keys: readonly string[]): string | null {
  const found = at(value, ...keys);
  return typeof found === 'string' && found !== '' ? found : null;
}

export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  return itemsOf(at(value, ...keys));
}

/** Only the texts of a list. */
export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
  return listAt(value, ...keys).filter((each) => typeof each === 'string');
}
