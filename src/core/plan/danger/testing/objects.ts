/** Builds the objects that tests of warnings change. */
import { object } from '../../testing/kubernetes-object.js';

export const workload = (kind: string, spec: object = {}) => object('apps/v1', kind, { spec });
export const deployment = (spec: object = {}) => workload('Deployment', spec);
export const podOf = (pod: object) => deployment({ template: { spec: { containers: [{ name: 'c' }], ...pod } } });
export const container = (of: object) => podOf({ containers: [{ name: 'c', ...of }] });
export const claim = (spec: object) => object('v1', 'PersistentVolumeClaim', { spec });
export const config = (rest: object) => object('v1', 'ConfigMap', rest);
export const secret = (rest: object, metadata: object = {}) => object('v1', 'Secret', rest, metadata);
