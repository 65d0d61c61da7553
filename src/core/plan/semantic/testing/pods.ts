/** Builds pods for tests. */
import { object } from '../../testing/kubernetes-object.js';

export const pod = (spec: object) => object('v1', 'Pod', { spec });
export const container = (rest: object) => pod({ containers: [{ name: 'c', ...rest }] });
export const named = (...names: readonly string[]) => names.map((name) => ({ name }));
