import { describe, expect, it } from 'vitest';
import { compareTarget } from '../compare.js';
import { NO_SETTINGS } from '../plan-settings.js';
import { claim } from './testing/objects.js';
import { resources, warningsOf } from './testing/warnings-of.js';

describe('findWarnings', () => {
  it('names target and resource', () => {
    const rendering = { target: { app: 'api', env: 'dev' }, directory: 'd', renderer: 'plain', after: [] };
    expect(compareTarget({ ...rendering, before: resources(claim({})) }, NO_SETTINGS).warnings).toEqual([
      { kind: 'deletes-data', target: { app: 'api', env: 'dev' }, resource: 'PersistentVolumeClaim/x', path: null },
    ]);
  });

  it('is silent about YAML that is no Kubernetes object', () => {
    expect(warningsOf({ kind: 'Namespace' }, null)).toEqual([]);
    expect(warningsOf({ spec: { replicas: 1 } }, { spec: { replicas: 0 } })).toEqual([]);
  });
});
