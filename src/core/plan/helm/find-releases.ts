/** HelmReleases and Applications among rendered manifests, with what each asks for. */
import { isRecord, MANIFEST_YAML } from '../canonical.js';
import { MAX_ALIASES, readYaml } from '../../yaml/read-yaml.js';
import { argoReleases } from './argo-application.js';
import { at, textAt, type Asked, type IsChart } from './chart-release.js';
import { fluxRelease } from './flux-release.js';

/** True if there may be any in the text: most renderings need not be read for it. */
export function mayAskForCharts(text: string): boolean {
  return text.includes('HelmRelease') || text.includes('argoproj.io');
}

/** What cannot be read asks for nothing: whoever reads the manifests for the plan says what is wrong with it. */
export function findReleases(texts: readonly string[], isChart: IsChart): readonly Asked[] {
  const objects = texts.flatMap(objectsOf);
  return objects.flatMap((object): readonly Asked[] => {
    const group = (textAt(object, 'apiVersion') ?? '').split('/')[0];
    const kind = at(object, 'kind');
    if (kind === 'HelmRelease' && group === 'helm.toolkit.fluxcd.io') return [fluxRelease(object, objects, isChart)];
    return kind === 'Application' && group === 'argoproj.io' ? argoReleases(object, isChart) : [];
  });
}

function objectsOf(text: string): readonly unknown[] {
  return readYaml(text, { ...MANIFEST_YAML, intAsBigInt: false }).flatMap(({ document, problem }) => {
    if (problem !== null) return [];
    try {
      return opened(document.toJS({ maxAliasCount: MAX_ALIASES }));
    } catch {
      // Aliases that unfold too far: the library has no other way to say so.
      return [];
    }
  });
}

function opened(value: unknown): readonly unknown[] {
  const items = isRecord(value) && value['kind'] === 'List' ? value['items'] : null;
  return Array.isArray(items) ? items.flatMap(opened) : [value];
}
