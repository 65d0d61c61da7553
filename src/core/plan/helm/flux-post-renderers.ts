/**
 * What a HelmRelease has done to its chart's manifests before they are applied: `spec.postRenderers`, one kustomization after another.
 * https://fluxcd.io/flux/components/helm/helmreleases/#post-renderers
 *
 * Worked example: `postRenderers: [{kustomize: {images: [{name: api, newTag: 1.4.0}]}}]` is one kustomization with these `images` over
 * the chart's manifests. Only what Flux knows goes into it, so that it names no file.
 */
import { canonicalYaml, isRecord } from '../canonical.js';
import { at, listAt, textAt, type PostRendering } from './chart-release.js';

export function fluxPostRenderers(manifest: unknown): readonly PostRendering[] {
  return listAt(manifest, 'spec', 'postRenderers').flatMap((each) => {
    const kustomize = at(each, 'kustomize');
    const patches = [
      // The last two are of the API's beta versions.
      ...listAt(kustomize, 'patches').flatMap((one) => patchOf(textAt(one, 'patch'), one)),
      ...listAt(kustomize, 'patchesStrategicMerge').flatMap((one) =>
        isRecord(one) ? patchOf(canonicalYaml(one), null) : [],
      ),
      ...listAt(kustomize, 'patchesJson6902').flatMap((one) => patchOf(canonicalYaml(listAt(one, 'patch')), one)),
    ];
    const images = listAt(kustomize, 'images').map((one) => texts(one, ['name', 'newName', 'newTag', 'digest']));
    return patches.length + images.length === 0 ? [] : [{ patches, images }];
  });
}

const SELECTORS = ['group', 'version', 'kind', 'name', 'namespace', 'labelSelector', 'annotationSelector'];

function patchOf(patch: string | null, declared: unknown): PostRendering['patches'] {
  if (patch === null) return [];
  const target = texts(at(declared, 'target'), SELECTORS);
  return [{ patch, ...(Object.keys(target).length === 0 ? {} : { target }) }];
}

function texts(value: unknown, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = textAt(value, name);
      return text === null ? [] : [[name, text]];
    }),
  );
}
