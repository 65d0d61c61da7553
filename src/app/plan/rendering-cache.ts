/**
 * Renderings by what they rest on, so that what was rendered once is not rendered again: for another pull request, after a restart, as
 * the side before of a change whose side after was another's.
 *
 * Only what was rendered is kept: a failure may be the machine's (time, memory), and is tried again. What is kept holds Secrets as they
 * are: the composition root gives a cache that seals what it stores.
 */
import { createHash } from 'node:crypto';
import { closureDigest } from '../../core/plan/dependencies/closure.js';
import type { RenderResult } from '../../ports/renderer.js';
import type { Cache } from '../../ports/store.js';
import type { TargetInputs } from './target-inputs.js';

/** Bumped when the same inputs are given to tools in another way, or other things are kept. */
const FORMAT = 2;
/** In characters; a rendering this large is rare, and rendered anew. */
const LARGEST = 8_000_000;

/** As the renderer would give it now. Without a cache, it is asked each time. */
export async function renderThroughCache(inputs: TargetInputs, cache: Cache | undefined): Promise<RenderResult> {
  const { renderer, source } = inputs;
  if (cache === undefined) return renderer.render(source);
  const key = await keyOf(inputs);
  const kept = await cache.get(key);
  if (kept !== null) return JSON.parse(kept) as RenderResult;
  const result = await renderer.render(source);
  if (result.kind !== 'rendered') return result;
  const value = JSON.stringify(result);
  if (value.length <= LARGEST) await cache.put(key, value);
  return result;
}

async function keyOf({ renderer, source, closure, side }: TargetInputs): Promise<string> {
  const { directory, target, helm, command } = source;
  const inputs = closureDigest(closure, side.view, side.digests);
  const version = side.versions.get(renderer) ?? renderer.version();
  side.versions.set(renderer, version);
  const parts = [renderer.name, await version, directory, target, helm, command, inputs];
  return `rendering/${FORMAT}/${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
