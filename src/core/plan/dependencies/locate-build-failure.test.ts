import { describe, expect, test } from 'vitest';
import { locateBuildFailure } from './locate-build-failure.js';

/** The words are those of kustomize v5.5.0 with the temporary directory taken out. */
const files = new Map([
  ['apps/api/dev/kustomization.yaml', 'resources:\n  - ../base\n  - service.yaml\npatches:\n  - path: replicas.yaml\n'],
  ['apps/api/dev/service.yaml', 'kind: Service\n  name: bad\n'],
  ['apps/api/base/kustomization.yml', 'resources: [deployment.yaml]\ncommonLabel:\n  a: b\n'],
  ['apps/api/base/deployment.yaml', 'a: b\n---\na: b\nc: d\n  e: f\n'],
]);
const BASE = "accumulating resources: recursed accumulation of path 'apps/api/base': ";

describe('where a failed build failed', () => {
  test.each<[string, string, string | null, number | null]>([
    [
      'a file of the target is no YAML',
      "accumulating resources from 'service.yaml': MalformedYAMLError: yaml: line 9: mapping values are not allowed in this context in File: service.yaml",
      'apps/api/dev/service.yaml',
      1,
    ],
    [
      'a file of the base is no YAML in its second document',
      `${BASE}accumulating resources from 'deployment.yaml': MalformedYAMLError: yaml: line 3: mapping values are not allowed in File: deployment.yaml`,
      'apps/api/base/deployment.yaml',
      4,
    ],
    [
      'a resource is not there',
      "accumulating resources: accumulation err='accumulating resources from 'service.yaml': evalsymlink failure on 'apps/api/dev/service.yaml' : lstat apps/api/dev/service.yaml: no such file or directory': must build at directory: not a valid directory",
      'apps/api/dev/kustomization.yaml',
      3,
    ],
    [
      'a patch is not there',
      'trouble configuring builtin PatchTransformer with config: `\npath: replicas.yaml\n`: failed to get the patch file from path(replicas.yaml): evalsymlink failure',
      'apps/api/dev/kustomization.yaml',
      5,
    ],
    [
      'a patch is no YAML',
      'trouble configuring builtin PatchTransformer with config: `\npath: service.yaml\n`: unable to parse SM or JSON patch from [path: "service.yaml"]',
      'apps/api/dev/service.yaml',
      1,
    ],
    [
      'a patch that fits nothing',
      'no resource matches strategic merge patch "ConfigMap.v1.[noGrp]/y.[noNs]": no matches for Id ConfigMap.v1.[noGrp]/y.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/y.[noNs]',
      'apps/api/dev/kustomization.yaml',
      4,
    ],
    [
      'an unknown field of the base',
      `${BASE}invalid Kustomization: json: unknown field "commonLabel"`,
      'apps/api/base/kustomization.yml',
      2,
    ],
    ['nothing that says where', 'out of patience', 'apps/api/dev/kustomization.yaml', null],
  ])('%s', (_what, message, file, line) => {
    expect(locateBuildFailure({ message, directory: 'apps/api/dev', files })).toEqual({ file, line });
  });

  test('a kustomization that is no YAML is read for the line itself', () => {
    const broken = new Map([['a/kustomization.yaml', 'resources: [x.yaml]\nb: c\n  d: e\n']]);
    const message = 'invalid Kustomization: yaml: line 1: did not find expected key';
    expect(locateBuildFailure({ message, directory: 'a', files: broken })).toEqual({
      file: 'a/kustomization.yaml',
      line: 2,
    });
  });

  test('without a kustomization there is no place', () => {
    expect(locateBuildFailure({ message: 'no kustomization', directory: 'a', files: new Map() })).toBeNull();
  });
});
