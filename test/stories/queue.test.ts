/** The merge queue: what the forge refuses comes to rest and is said, and nobody stands in the way of the others. */
import { expect } from 'vitest';
import type { Seed } from '../../src/simulator/seed.js';
import { story } from './world.js';

/** The forge itself wants an approval that the policy does not ask for. */
function forgeWantsApproval(seed: Seed): Seed {
  const repositories = (seed.repositories ?? []).map((each) => ({
    ...each,
    protections: (each.protections ?? []).map((protection) => ({ ...protection, requiredApprovals: 1 })),
  }));
  return { ...seed, repositories };
}

story(
  'rests when the forge itself refuses a merge, says so, and tries again once something has changed',
  async (world) => {
    const { people } = world;
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await world.settle();
    await people.ci('lockkeeper/bump/dev');
    await world.settle();
    expect(await world.sticky(1)).toContain('the forge does not allow the merge');
    const before = await people.pullRequest(1);
    await world.sweep();
    expect(await people.pullRequest(1)).toEqual(before);
    await people.review('alice', 1);
    await world.settle();
    expect((await people.pullRequest(1)).state).toBe('merged');
    await world.sticky(1);
  },
  { change: forgeWantsApproval },
);
