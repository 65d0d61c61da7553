/** Where a Service leads, and how it is reached. */
import type { Difference } from '../semantic/differences.js';
import type { DangerRule } from './resource-step.js';

const FIELDS: readonly string[] = ['spec.type', 'spec.selector', 'spec.clusterIP'];

/** One for each field; a Service that goes leads nowhere. */
export const serviceRule: DangerRule = ({ group, kind, before, after, differences }) => {
  if (group !== '' || kind !== 'Service' || before === null) return [];
  if (after === null) return [{ kind: 'changes-service', path: null }];
  return FIELDS.filter((path) => differences.some((each) => isIn(each, path))).map((path) => ({
    kind: 'changes-service',
    path,
  }));
};

function isIn(difference: Difference, path: string): boolean {
  if (!difference.path.startsWith(path)) return difference.path === 'spec' || difference.path === '.';
  return /^$|^[.[]/.test(difference.path.slice(path.length));
}
