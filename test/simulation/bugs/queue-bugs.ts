/** Bugs of the merge queue's batches, of GitHub's own queue, and of bringing up to date. */
import type { Check } from '../../../src/core/forge-objects.js';
import type { Sha } from '../../../src/core/ids.js';
import type { Mirror } from '../../../src/ports/repository.js';
import { intercept } from '../world/intercept.js';
import { bug, withPulls, type PlantedBug } from './planted-bug.js';

const PASSED: Check = { name: 'ci/build', state: 'success', description: '', url: null };

const CONFIGURATION = '.lockkeeper.yaml';

const BATCH_BRANCHES = ['lockkeeper/queue/main', 'lockkeeper/queue/main+1'];

export const QUEUE_BUGS = {
  'batch-unverified': bug('A batch is merged before its checks have passed.', () => ({
    forge: (forge, { mirror }) => ({
      ...forge,
      checks: intercept(forge.checks, {
        list: async (repository, sha) => {
          const checks = await forge.checks.list(repository, sha);
          if (!(await isBatch(mirror, sha))) return checks;
          const others = checks.filter(({ name }) => name !== 'ci/build');
          return [...others, PASSED];
        },
      }),
    }),
  })),
  'batch-of-another-base': bug('What a batch verified counts whatever has come to the branch since.', () => ({
    mirror: (mirror) =>
      intercept(mirror, {
        changedPaths: async (from, to) => ((await isBatch(mirror, to)) ? [] : mirror.changedPaths(from, to)),
      }),
  })),
  'group-unjudged': bug("Groups of GitHub's own queue are called fit whatever is in them.", () => ({
    forge: (forge, { mirror }) => ({
      ...forge,
      checks: intercept(forge.checks, {
        report: async (lock, repository, report) => {
          const [made] = await mirror.log({ from: null, to: report.sha, paths: [], limit: 1, walk: 'first-parents' });
          const isGroup = made?.committerEmail === 'noreply@github.com';
          return forge.checks.report(lock, repository, isGroup ? { ...report, state: 'success' } : report);
        },
      }),
    }),
  })),
  'rebase-unasked': bug('What is behind is rebased, whoever pushed it and whatever the configuration says.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        bringUpToDate: (lock, pullRequest) => pulls.bringUpToDate(lock, pullRequest, 'if-needed'),
      })),
  })),
  'parallel-always': bug('What has nothing in common is merged side by side, whatever the configuration says.', () => ({
    mirror: (mirror) =>
      intercept(mirror, {
        file: async (tree, path) => {
          const bytes = await mirror.file(tree, path);
          if (bytes === null || path !== CONFIGURATION) return bytes;
          return new TextEncoder().encode(new TextDecoder().decode(bytes).replace('parallel: off', 'parallel: on'));
        },
      }),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;

async function isBatch(mirror: Mirror, sha: Sha): Promise<boolean> {
  const batches = await Promise.all(BATCH_BRANCHES.map((name) => mirror.branch(name)));
  return batches.includes(sha);
}
