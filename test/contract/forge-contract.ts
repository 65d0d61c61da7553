/**
 * The contract of the forge ports: what `app` may rely on, whichever forge it is. Every adapter passes the same suite on a
 * forge whose answers get lost, and whose git is looked into afterwards.
 */
import { afterEach, beforeEach, describe } from 'vitest';
import type { ForgeHarness, ForgeWorld } from './forge-harness.js';
import { checks } from './forge/checks.js';
import { comments } from './forge/comments.js';
import { contents } from './forge/contents.js';
import { mergeErrors } from './forge/merge-errors.js';
import { merging } from './forge/merging.js';
import { opening } from './forge/opening.js';
import { people } from './forge/people.js';
import { reading } from './forge/reading.js';
import { repositories } from './forge/repositories.js';
import { webhooks } from './forge/webhooks.js';

export function forgeContract(harness: ForgeHarness): void {
  describe(`the forge ports on ${harness.name}`, () => {
    let world: ForgeWorld;
    beforeEach(async () => {
      world = await harness.start();
    });
    afterEach(() => world.close());

    const here = () => world;
    repositories(here);
    reading(here, harness);
    opening(here);
    merging(here);
    mergeErrors(here);
    comments(here);
    checks(here, harness);
    contents(here);
    people(here);
    webhooks(here);
  });
}
