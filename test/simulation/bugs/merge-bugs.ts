/** Bugs of merging. */
import { Unavailable } from '../../../src/core/problem.js';
import { bug, withPulls, type PlantedBug } from './planted-bug.js';

export const MERGE_BUGS = {
  'merge-without-sha': bug('A merge takes whatever the head is by then.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        merge: async (lock, request) => {
          const now = await pulls.read(request.repository, request.number);
          return pulls.merge(lock, { ...request, expectedHead: now?.head.sha ?? request.expectedHead });
        },
      })),
  })),
  'error-swallowed': bug('A merge that got no answer counts as done.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        merge: async (lock, request) => {
          try {
            return await pulls.merge(lock, request);
          } catch (error) {
            if (!(error instanceof Unavailable)) throw error;
            return { kind: 'merged', commit: request.expectedHead };
          }
        },
      })),
  })),
  'method-substituted': bug('Where the forge refuses the method of the configuration, another is taken.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        merge: async (lock, request) => {
          let outcome = await pulls.merge(lock, request);
          for (const method of ['squash', 'merge', 'rebase'] as const)
            if (outcome.kind === 'not-allowed' && outcome.reason.includes('queue.method'))
              outcome = await pulls.merge(lock, { ...request, method });
          return outcome;
        },
      })),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;
