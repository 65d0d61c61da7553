/** Which version each environment of a configuration repository runs, as its files on a commit say. */

import { parse } from 'yaml';
import type { GitRepository } from '../git/git-repository.js';

export interface EnvironmentVersions {
  /** In the order of the configuration. */
  readonly environments: readonly string[];
  readonly applications: readonly ApplicationVersions[];
}

export interface ApplicationVersions {
  /** Empty where the layout has one application only. */
  readonly name: string;
  /** By environment: `api:1.0.0`, sorted. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

interface Layout {
  readonly paths: readonly RegExp[];
  readonly environments: readonly string[];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `apps/{app}/envs/{env}` as an expression with groups `app` and `env` for the files below it. */
function pathExpression(path: string): RegExp {
  const escaped = path.replace(/^\/+|\/+$/g, '').replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  const groups = escaped.replace('{app}', '(?<app>[^/]+)').replace('{env}', '(?<env>[^/]+)');
  return new RegExp(`^${groups}/.+$`);
}

function parseLayout(text: string): Layout | undefined {
  let config: unknown;
  try {
    config = parse(text);
  } catch {
    // A broken configuration is the bot's to explain; the page shows no versions then.
    return undefined;
  }
  if (!isRecord(config)) return undefined;
  const layouts = Array.isArray(config['layout']) ? config['layout'] : [config['layout']];
  const paths = layouts.flatMap((layout) =>
    isRecord(layout) && typeof layout['path'] === 'string' ? [pathExpression(layout['path'])] : [],
  );
  const environments = isRecord(config['environments']) ? Object.keys(config['environments']) : [];
  return { paths, environments };
}

const IMAGE = /^\s*(?:-\s*)?image:\s*["']?([\w./:-]+?):([\w.-]+)(?:@sha256:[0-9a-f]+)?["']?\s*$/gm;
const TAG = /^\s*(?:-\s*)?(?:newTag|tag):\s*["']?([\w.-]+)["']?\s*$/gm;

/** Tags of container images that a YAML text names, in the three usual spellings. */
export function versionsIn(text: string): readonly string[] {
  const images = [...text.matchAll(IMAGE)].map(([, image = '', tag = '']) => `${image.split('/').at(-1) ?? ''}:${tag}`);
  const tags = [...text.matchAll(TAG)].map(([, tag = '']) => tag);
  return [...images, ...tags];
}

interface Place {
  readonly application: string;
  readonly environment: string;
}

/** Which application and environment a file belongs to; undefined for files outside them and for what is not YAML. */
function placeOf(layout: Layout, path: string): Place | undefined {
  if (!/\.ya?ml$/.test(path)) return undefined;
  for (const expression of layout.paths) {
    const groups = expression.exec(path)?.groups;
    const environment = groups?.['env'];
    if (environment !== undefined) return { application: groups?.['app'] ?? '', environment };
  }
  return undefined;
}

type Found = Map<string, Map<string, Set<string>>>;

function add(found: Found, { application, environment }: Place, versions: readonly string[]): void {
  const byEnvironment = found.get(application) ?? new Map<string, Set<string>>();
  const known = byEnvironment.get(environment) ?? new Set<string>();
  found.set(application, byEnvironment.set(environment, new Set([...known, ...versions])));
}

/** Undefined when the repository has no `.lockkeeper.yaml` that can be read, or it lays nothing out by directory. */
export async function gatherEnvironments(git: GitRepository, sha: string): Promise<EnvironmentVersions | undefined> {
  const text = await git.readFile(sha, '.lockkeeper.yaml');
  const layout = text === undefined ? undefined : parseLayout(text.toString('utf8'));
  if (layout === undefined || layout.paths.length === 0) return undefined;
  const found: Found = new Map();
  for (const entry of await git.listTree(sha, { recursive: true })) {
    const place = entry.type === 'blob' ? placeOf(layout, entry.path) : undefined;
    if (place !== undefined) add(found, place, versionsIn((await git.readBlob(entry.sha)).toString('utf8')));
  }
  return {
    environments: layout.environments,
    applications: [...found].map(([name, byEnvironment]) => ({
      name,
      versions: new Map([...byEnvironment].map(([environment, versions]) => [environment, [...versions].sort()])),
    })),
  };
}
