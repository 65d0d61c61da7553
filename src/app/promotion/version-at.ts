/** Which version of an application a tree declares, by the images that it renders to. */
import { versionOf } from '../../core/plan/images.js';
import type { Target } from '../../core/environment/find-targets.js';
import type { Sha } from '../../core/ids.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { renderTargets } from '../plan/render-targets.js';
import { gatherInputs, readSide } from '../plan/target-inputs.js';

/** Null where it can't be rendered or names no image. `commit`: or a tree. */
export async function versionAt(
  app: App,
  { mirror, configuration }: ConfiguredRepository,
  target: Target,
  commit: Sha,
): Promise<string | null> {
  const side = await readSide({ mirror, configuration }, await mirror.treeOf(commit));
  const after = await gatherInputs(app.renderers.all, side, target);
  const [rendered] = await renderTargets(app, [{ target, before: null, after }]);
  return versionOf(rendered?.rendering?.after.flatMap((resource) => resource.images) ?? []);
}

/** Commits that are looked through for a version: each may have to be rendered. */
const MOST_RENDERED = 30;

/** The newest commit of the branch with which the target had that version; null where none of the last ones had it. */
export async function commitOfVersion(
  app: App,
  repository: ConfiguredRepository,
  target: Target,
  version: string,
): Promise<Sha | null> {
  const { mirror, tip } = repository;
  const paths = [target.directory];
  const commits = await mirror.log({ from: null, to: tip, paths, limit: MOST_RENDERED, walk: 'first-parents' });
  for (const { sha } of commits) if (isVersion(await versionAt(app, repository, target, sha), version)) return sha;
  return null;
}

/** `v1.2.3` and `1.2.3` are one to people. */
function isVersion(found: string | null, wanted: string): boolean {
  return found !== null && found.replace(/^v(?=\d)/i, '') === wanted.replace(/^v(?=\d)/i, '');
}
