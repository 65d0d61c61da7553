/** Compares values as a plan does, for tests: what is told of the fields, the order, and each resource. */
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { compareTarget } from '../../compare.js';
import { parseManifests, type Resource } from '../../manifests.js';
import { NO_SETTINGS } from '../../plan-settings.js';
import { object } from '../../testing/kubernetes-object.js';

export const resources = (...values: readonly unknown[]): readonly Resource[] =>
  parseManifests(
    values.map((value, index) => ({ name: `${index}.yaml`, text: stringify(value) })),
    (secret) => `f${secret.length}`,
  ).resources;
export const compare = (before: readonly unknown[], after: readonly unknown[]) =>
  compareTarget(
    {
      target: { app: 'api', env: 'dev' },
      directory: 'd',
      renderer: 'plain',
      before: resources(...before),
      after: resources(...after),
    },
    NO_SETTINGS,
  );
export const only = (before: unknown, after: unknown) => {
  const { plan } = compare([before], [after]);
  expect(plan.resources.length).toBeLessThanOrEqual(1);
  return plan.resources[0];
};
/** `path: before → after` of each field, then `path reordered`. */
export const told = (before: unknown, after: unknown) => {
  const change = only(before, after);
  return [
    ...(change?.fields ?? []).map((field) => `${field.path}: ${field.before} → ${field.after}`),
    ...(change?.reordered ?? []).map((path) => `${path} reordered`),
  ];
};

export const settings = (name: string, data: object, namespace = 'n') =>
  object('v1', 'ConfigMap', { data }, { name, namespace });
/** `change name (was previous)` of each resource. */
export const changes = (before: readonly unknown[], after: readonly unknown[]) =>
  compare(before, after).plan.resources.map(
    ({ change, name, previousName }) => `${change} ${name}${previousName === null ? '' : ` (was ${previousName})`}`,
  );
