import { describe, expect, it } from 'vitest';
import { fluxPostRenderers } from './flux-post-renderers.js';
import { valuesFrom } from './flux-values.js';
import { splitRendering } from './split-rendering.js';

const release = (reference: object): object => ({ metadata: { name: 'api' }, spec: { valuesFrom: [reference] } });
const configMap = { kind: 'ConfigMap', metadata: { name: 'c' }, data: { one: 'x,y', quoted: `'007'`, list: '- a\n' } };
const secret = { kind: 'Secret', metadata: { name: 's' }, data: { 'values.yaml': btoa('word: hunter2\nport: 80\n') } };

describe('values of a HelmRelease', () => {
  it.each([
    [
      { valuesKey: 'one', targetPath: 'a.b[0]' },
      { as: 'value', assignment: 'a.b[0]=x,y' },
    ],
    [
      { valuesKey: 'quoted', targetPath: 'a' },
      { as: 'text', assignment: 'a=007' },
    ],
  ])('%j is one value', (reference, set) => {
    const asked = release({ kind: 'ConfigMap', name: 'c', ...reference });
    expect(valuesFrom(asked, [configMap], 'it')).toEqual({ values: [], sets: [set], notes: [] });
  });

  it('are shapes where a Secret holds them', () => {
    const whole = valuesFrom(release({ kind: 'Secret', name: 's' }), [secret], 'it');
    expect(whole.values).toEqual([{ kind: 'text', name: 'Secret/s', text: 'port: 80\nword: masked\n' }]);
    const asked = release({ kind: 'Secret', name: 's', valuesKey: 'values.yaml', targetPath: 'a' });
    expect(valuesFrom(asked, [secret], 'it').sets).toEqual([{ as: 'value', assignment: 'a=masked' }]);
  });

  it.each([
    { kind: 'ConfigMap', name: 'gone' },
    { kind: 'ConfigMap', name: 'c', valuesKey: 'list' },
    { kind: 'Pod', name: 'c' },
    { kind: 'Secret', name: 's', valuesKey: 'gone', targetPath: 'a' },
  ])('are noted where nothing answers %j', (reference) => {
    const { values, sets, notes } = valuesFrom(release(reference), [configMap, secret], 'HelmRelease/api');
    const note = `Values of HelmRelease/api from ${reference.kind}/${reference.name} are not applied to what is shown`;
    expect({ values, sets, notes }).toEqual({ values: [], sets: [], notes: [note] });
  });
});

describe('post-renderers', () => {
  it('hold what Flux knows, of all its versions, and name no file', () => {
    const kustomize = {
      patches: [{ patch: 'a: 1', path: '/etc/passwd', target: { kind: 'Pod', file: 'x' } }, { path: 'x' }],
      patchesStrategicMerge: [{ kind: 'Pod' }, '/etc/passwd'],
      patchesJson6902: [{ patch: [{ op: 'remove' }], target: { name: 'a' } }],
      images: [{ name: 'api', newTag: '1' }],
      resources: ['https://example.test'],
    };
    const asked = { spec: { postRenderers: [{ kustomize }, { kustomize: {} }, 'x'] } };
    expect(fluxPostRenderers(asked)).toEqual([
      {
        patches: [
          { patch: 'a: 1', target: { kind: 'Pod' } },
          { patch: 'kind: Pod\n' },
          { patch: '- op: remove\n', target: { name: 'a' } },
        ],
        images: [{ name: 'api', newTag: '1' }],
      },
    ]);
  });

  it('are given neither hooks nor the definitions of crds/', () => {
    const hook = '---\n# Source: api/templates/b.yaml\nmetadata: {annotations: {helm.sh/hook: test}}\n';
    const about = '---\n# Source: api/templates/c.yaml\ndata: {text: "the annotation helm.sh/hook"}\n';
    const crd = '---\n# Source: api/crds/a.yaml\nkind: CustomResourceDefinition\n';
    expect(splitRendering(`${crd}${about}${hook}`)).toEqual({ rendered: about, apart: `${crd}${hook}` });
  });
});
