/** Configurations for tests, and what comes of reading one. */
import type { Configuration } from '../../core/configuration.js';
import { parseConfiguration } from '../parse-configuration.js';

/** `line:column message` of each problem; empty for a valid file. */
export function problems(text: string): readonly string[] {
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  return parsed.kind === 'valid' ? [] : parsed.problems.map((each) => `${each.line}:${each.column} ${each.message}`);
}

export function valid(text: string): Configuration {
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  if (parsed.kind === 'invalid') throw new Error(problems(text).join('\n'));
  return parsed.configuration;
}

export const SMALL = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {}, prod: { after: dev } }
`;

/** The example of the design, whole. */
export const FULL = `version: 1
layout:
  path: apps/{app}/envs/{env}
render: auto
environments:
  dev:  {}
  test:
    after: dev
    gates:  { checks: ["ci/*", "argocd/*"], soak: 30m }
    promotion: auto
    merge: auto
    backlog: supersede
  prod:
    after: [test]
    gates:  { checks: ["ci/*"], soak: 24h }
    promotion: manual
    merge: manual
carry:
  - files: ["**"]
    except: ["**/replicas.yaml", "**/settings.yaml"]
  - fields: [{ file: kustomization.yaml, path: "images[*].newTag" }, { file: values.yaml, path: image.tag }]
images:
  - { image: ghcr.io/acme/api, app: api, into: dev, update: semver, range: ">=1.0.0 <2" }
policy:
  rules:
    - name: production needs two people of SRE
      if:      { environments: [prod] }
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author, committers] }
    - name: image-only changes to dev merge alone
      if:      { environments: [dev], changes: image-only }
      require: none
queue:
  method: squash
  order: [rollback, hotfix, promotion, bump, other]
commands:
  promote: { prod: { teams: [acme/release] } }
notify: []
`;
