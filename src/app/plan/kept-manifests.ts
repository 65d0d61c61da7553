/** What was rendered for a plan, kept for policies in Rego: only where the configuration names some. Secrets are masked before. */
import type { Configuration } from '../../core/configuration.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type Sha } from '../../core/ids.js';
import type { TargetRendering } from '../../core/plan/compare.js';
import type { App } from '../app.js';

/** What one target's manifests will be. */
interface TargetManifests {
  readonly app: string;
  readonly env: string;
  readonly directory: string;
  /** As YAML spells them. */
  readonly resources: readonly unknown[];
}

/** In characters. More is not kept, and policies that would read it refuse. */
const LARGEST = 16_000_000;

interface Rendered {
  readonly pullRequest: PullRequest;
  readonly base: Sha;
  readonly head: Sha;
  readonly configuration: Configuration;
  readonly renderings: readonly TargetRendering[];
}

export async function keepManifests(app: App, rendered: Rendered): Promise<void> {
  if (rendered.configuration.policy.rego.length === 0) return;
  const manifests = rendered.renderings.map(({ target, directory, after }): TargetManifests => ({
    app: target.app,
    env: target.env,
    directory,
    resources: after.map(({ value }) => value),
  }));
  const text = JSON.stringify(manifests, plainNumbers);
  if (text.length <= LARGEST) await app.cache.put(keyOf(rendered.pullRequest, rendered), text);
}

/** Null: they were not kept. */
export async function keptManifests(
  app: App,
  pullRequest: PullRequest,
  plan: { readonly base: Sha; readonly head: Sha },
): Promise<readonly TargetManifests[] | null> {
  const text = await app.cache.get(keyOf(pullRequest, plan));
  return text === null ? null : (JSON.parse(text) as readonly TargetManifests[]);
}

function keyOf(
  { repository, number }: PullRequest,
  { base, head }: { readonly base: Sha; readonly head: Sha },
): string {
  return `manifests/1/${repositoryKey(repository)}#${String(number)}/${head}/${base}`;
}

/** Whole numbers of YAML are big ones here; JSON has no others than those of double precision. */
function plainNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
