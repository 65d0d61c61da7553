/**
 * What deserves a second look before anything else of a plan is read.
 *
 * One rule for each family of dangers, each in a file of its own: it sees one resource before and after and names what it finds. A renamed
 * resource is, to a cluster, one that goes and one that comes. Example: `replicas: 3` to `replicas: 0` in a Deployment gives
 * `scales-to-zero` at `spec.replicas`.
 */
import type { TargetName } from '../../ids.js';
import type { PlanWarning, WarningKind } from '../plan.js';
import type { ComparedResource } from '../semantic/compare-resource.js';
import { accessRule } from './access-rule.js';
import { deletionRule } from './deletion-rule.js';
import { immutableRule } from './immutable-rule.js';
import { privilegeRule } from './privilege-rule.js';
import { resourceLabel } from '../resource-label.js';
import { stepOf, type DangerRule, type ResourceStep } from './resource-step.js';
import { scaleRule } from './scale-rule.js';
import { secretRule } from './secret-rule.js';
import { serviceRule } from './service-rule.js';

const RULES: readonly DangerRule[] = [
  deletionRule,
  scaleRule,
  immutableRule,
  privilegeRule,
  accessRule,
  serviceRule,
  secretRule,
];

/** The gravest first; of one kind, in the order of the resources. Each once. */
const ORDER: readonly WarningKind[] = [
  'deletes-data',
  'deletes-namespace',
  'deletes-crd',
  'deletes-workload',
  'scales-to-zero',
  'immutable-field',
  'privileged',
  'host-access',
  'duplicate-resource',
  'plain-secret',
  'touches-rbac',
  'touches-network-policy',
  'changes-service',
];

export function findWarnings(target: TargetName, compared: readonly ComparedResource[]): readonly PlanWarning[] {
  const found = compared.flatMap(stepsOf).flatMap((step) =>
    RULES.flatMap((rule) => rule(step)).map(({ kind, path }): PlanWarning => ({
      kind,
      target,
      resource: resourceLabel(step),
      path,
    })),
  );
  const twice = compared.flatMap(({ change }): readonly PlanWarning[] => {
    const files = change.declared ?? [];
    return files.length < 2
      ? []
      : [{ kind: 'duplicate-resource', target, resource: resourceLabel(change), path: null, files }];
  });
  const once = new Map([...found, ...twice].map((warning) => [JSON.stringify(warning), warning]));
  return [...once.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** What another document still declares does not go. */
function stepsOf({ pair, change, differences }: ComparedResource): readonly ResourceStep[] {
  if (pair.kind === 'removed' && change.declared !== undefined) return [];
  if (pair.kind !== 'renamed') return stepOf(pair, differences);
  return [...stepOf({ before: pair.before, after: null }, []), ...stepOf({ before: null, after: pair.after }, [])];
}
