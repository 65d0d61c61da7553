/** The warnings about one resource that comes, changes or goes, for tests. */
import { stringify } from 'yaml';
import { compareTarget } from '../../compare.js';
import { parseManifests } from '../../manifests.js';
import { NO_SETTINGS } from '../../plan-settings.js';

export type Side = object | null;

export const resources = (value: Side) =>
  value === null
    ? []
    : parseManifests([{ name: 'a.yaml', text: stringify(value) }], (secret) => `f${secret.length}${secret[1]}`)
        .resources;

/** `kind path` of each warning. */
export const warningsOf = (before: Side, after: Side) => {
  const rendering = { target: { app: 'api', env: 'dev' }, directory: 'd', renderer: 'plain' };
  const { warnings } = compareTarget({ ...rendering, before: resources(before), after: resources(after) }, NO_SETTINGS);
  return warnings.map(({ kind, path }) => (path === null ? kind : `${kind} ${path}`));
};
