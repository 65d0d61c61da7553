/**
 * Which chart, values files, release and namespace a target is rendered with.
 *
 * Worked example: for `api in prod` in `apps/api/envs/prod` with `helm: {chart: charts/{app}, values: [values.yaml, /teams/{app}.yaml]}`
 * the chart is `charts/api`, the values are `apps/api/envs/prod/values.yaml` and `teams/api.yaml`, the release is `api`.
 */
import type { HelmRules } from '../../configuration.js';
import type { TargetName } from '../../ids.js';
import { joinPath } from '../../tree/join-path.js';

export interface HelmInputs {
  /** A directory, from the top of the repository. */
  readonly chart: string;
  /** In the order in which they count, the later over the earlier; from the top of the repository. */
  readonly values: readonly ValuesFile[];
  readonly release: string;
  readonly namespace: string | null;
}

interface ValuesFile {
  readonly path: string;
  /** `expected`: the configuration names it, so that it must be there. `looked-for`: by convention. */
  readonly presence: 'expected' | 'looked-for';
}

/** A target's own chart, and the files in it that are named after the environment. */
export const HELM_BY_CONVENTION: HelmRules = { chart: null, values: null, release: null, namespace: null };

export function helmInputs(target: TargetName, directory: string, rules: HelmRules): HelmInputs {
  const chart = chartOf(target, directory, rules);
  return {
    chart,
    values: rules.values === null ? conventional(chart, directory, target) : declared(rules.values, directory, target),
    release: filled(rules.release ?? '{app}', target),
    namespace: rules.namespace === null ? null : filled(rules.namespace, target),
  };
}

/** From the top of the repository; what begins with `./` or `../` is seen from the target's directory. */
export function chartOf(target: TargetName, directory: string, { chart }: HelmRules): string {
  if (chart === null) return directory;
  const path = filled(chart, target);
  return /^\.\.?(\/|$)/.test(path) ? joinPath(directory, path) : joinPath('', path);
}

/** From the target's directory; what begins with `/` is seen from the top of the repository. */
function declared(values: readonly string[], directory: string, target: TargetName): readonly ValuesFile[] {
  return values.map((value) => {
    const path = filled(value, target);
    return { path: path.startsWith('/') ? joinPath('', path) : joinPath(directory, path), presence: 'expected' };
  });
}

const EXTENSIONS = ['yaml', 'yml'] as const;

/** Helm takes a chart's own `values.yaml` without being told. */
function conventional(chart: string, directory: string, { env }: TargetName): readonly ValuesFile[] {
  const forEnvironment = [`values-${env}`, `values.${env}`, `values/${env}`, env];
  const inChart = forEnvironment.map((name) => `${chart}/${name}`);
  const beside = chart === directory ? [] : ['values', ...forEnvironment].map((name) => `${directory}/${name}`);
  return [...inChart, ...beside].flatMap((path) =>
    EXTENSIONS.map((extension) => ({ path: joinPath('', `${path}.${extension}`), presence: 'looked-for' as const })),
  );
}

function filled(pattern: string, { app, env }: TargetName): string {
  return pattern.replaceAll(/\{(app|env)\}/g, (_all, name: string) => (name === 'app' ? app : env));
}
