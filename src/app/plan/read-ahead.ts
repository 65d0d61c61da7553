/** Reads, while nobody waits, what the next plan asks of a branch: which files make which target, and which tools there are. */
import { findTargets } from '../../core/environment/find-targets.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { gatherInputs, readSide } from './target-inputs.js';

/** Renderers remember what they read; of a tree that was read before, next to nothing is left to do. */
export async function readAhead(app: App, { mirror, tip, configuration }: ConfiguredRepository): Promise<void> {
  const side = await readSide({ mirror, configuration }, await mirror.treeOf(tip));
  const used = new Set<string>();
  // One after the other, so that what people wait for is not held up.
  for (const target of findTargets(side.view.paths, configuration)) {
    const inputs = await gatherInputs(app.renderers.all, side, target);
    if (inputs === null || used.has(inputs.renderer.name)) continue;
    used.add(inputs.renderer.name);
    await inputs.renderer.version();
  }
}
