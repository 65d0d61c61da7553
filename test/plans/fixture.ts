/** What a golden plan is made from: the files of a repository before and after a change, and how it is planned. */
import type { RenderSettings } from '../../src/cli/create-renderers.js';

/** Path → content; null: the file is deleted by the change. */
export type Files = Readonly<Record<string, string | Uint8Array>>;
export type Changes = Readonly<Record<string, string | Uint8Array | null>>;

export interface Fixture {
  /** Of its golden files. */
  readonly name: string;
  /** The files on the target branch; {@link CONFIGURATION} where they hold no `.lockkeeper.yaml`. */
  readonly before: Files;
  readonly change: Changes;
  /** Programs that must be there. */
  readonly needs?: 'kustomize' | 'helm';
  /** `none`: the machine has no program at all beside git. */
  readonly programs?: 'none';
  readonly settings?: RenderSettings;
}

export const CONFIGURATION = `version: 1
layout: {path: "apps/{app}/envs/{env}"}
environments:
  dev: {}
  prod: {after: dev}
`;

/** The same with more keys, one a line. */
export function configurationWith(...lines: readonly string[]): string {
  return `${CONFIGURATION}${lines.join('\n')}\n`;
}

interface DeploymentOptions {
  readonly image?: string;
  readonly replicas?: number;
  /** Lines at the depth of a container's keys. */
  readonly container?: readonly string[];
  /** Lines at the depth of a pod's keys. */
  readonly pod?: readonly string[];
}

export function deployment(name: string, options: DeploymentOptions = {}): string {
  const { image = 'ghcr.io/acme/api:1.0.0', replicas = 2, container = [], pod = [] } = options;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${pod.map((line) => `      ${line}\n`).join('')}      containers:
        - name: ${name}
          image: ${image}
${container.map((line) => `          ${line}\n`).join('')}`;
}

export function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })}\n`;
}

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}
