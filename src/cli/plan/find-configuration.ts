/** The configuration a local plan is made by: the base's file, else the head's, else a layout from the command line. */
import { parseConfiguration } from '../../config/parse-configuration.js';
import type { Configuration } from '../../core/configuration.js';
import type { FileProblem } from '../../core/problem.js';
import type { Mirror } from '../../ports/repository.js';
import { CONFIGURATION_FILE, readConfiguration } from '../../app/policy/read-configuration.js';

export type FoundConfiguration =
  | { readonly kind: 'found'; readonly configuration: Configuration; readonly note: string | null }
  | { readonly kind: 'broken'; readonly problems: readonly FileProblem[] }
  | { readonly kind: 'absent'; readonly message: string };

export interface LayoutOption {
  readonly path: string;
  /** For a path without `{app}`. */
  readonly app: string | null;
}

export async function findConfiguration(
  mirror: Mirror,
  commits: { readonly base: string; readonly head: string },
  layout: LayoutOption | null,
): Promise<FoundConfiguration> {
  if (layout !== null) return fromLayout(mirror, commits, layout);
  for (const [commit, note] of [
    [commits.base, null],
    [commits.head, `The base has no ${CONFIGURATION_FILE}: planned by the head’s.`],
  ] as const) {
    const parsed = await readConfiguration(mirror, commit);
    if (parsed === null) continue;
    return parsed.kind === 'valid'
      ? { kind: 'found', configuration: parsed.configuration, note }
      : { kind: 'broken', problems: parsed.problems };
  }
  return {
    kind: 'absent',
    message: `There is no ${CONFIGURATION_FILE} here. Write one (docs/configuration.md), or say where targets lie: --layout 'apps/{app}/envs/{env}', or --layout 'clusters/{env}' --app NAME`,
  };
}

/** Directories that overlays share rather than environments: in a layout given by hand they are no targets. */
const SHARED = new Set(['base', 'bases', 'common', 'components', 'shared']);

async function fromLayout(
  mirror: Mirror,
  commits: { readonly base: string; readonly head: string },
  layout: LayoutOption,
): Promise<FoundConfiguration> {
  const wrong = layoutProblem(layout);
  if (wrong !== null) return { kind: 'absent', message: wrong };
  const paths = [...(await mirror.entries(commits.base)), ...(await mirror.entries(commits.head))].map(
    (entry) => entry.path,
  );
  const environments = environmentsIn(paths, layout.path);
  if (environments.length === 0) return { kind: 'absent', message: `No directory fits the layout ${layout.path}.` };
  const parsed = parseLayout(layout, environments);
  return parsed.kind === 'valid'
    ? { kind: 'found', configuration: parsed.configuration, note: null }
    : { kind: 'broken', problems: parsed.problems };
}

/** In the words of the command line: what was typed there has no lines. */
function layoutProblem(layout: LayoutOption): string | null {
  if (layout.app === null && !layout.path.includes('{app}'))
    return `The layout ${layout.path} has no {app}: say whose it is with --app NAME.`;
  const parsed = parseLayout(layout, ['any']);
  if (parsed.kind === 'valid') return null;
  return parsed.problems.map(({ message }) => `The layout ${layout.path} can’t be used: ${message}`).join('\n');
}

function parseLayout(
  { path, app }: LayoutOption,
  environments: readonly string[],
): ReturnType<typeof parseConfiguration> {
  return parseConfiguration(
    JSON.stringify({
      version: 1,
      layout: { path, ...(app === null ? {} : { app }) },
      environments: Object.fromEntries(environments.map((name) => [name, {}])),
    }),
    '--layout',
  );
}

function environmentsIn(paths: readonly string[], layout: string): readonly string[] {
  const parts = layout.split('/');
  const found = new Set<string>();
  for (const path of paths) {
    const own = path.split('/');
    if (own.length <= parts.length) continue;
    const fits = parts.every((part, index) => part === '{env}' || part === '{app}' || part === own[index]);
    const name = own[parts.indexOf('{env}')];
    if (fits && name !== undefined && !SHARED.has(name)) found.add(name);
  }
  return [...found].sort();
}
