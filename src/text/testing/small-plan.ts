/** Builds plans for tests of words: one target whose image and one resource change. */
import type { Plan, TargetPlan } from '../../core/plan/plan.js';

export const target = (over: Partial<TargetPlan> = {}): TargetPlan => ({
  target: { app: 'api', env: 'dev' },
  directory: 'apps/api/envs/dev',
  renderer: 'plain',
  digestBefore: '1',
  digestAfter: '2',
  versionBefore: '1.0.0',
  versionAfter: '1.1.0',
  resources: [
    {
      apiVersion: 'v1',
      kind: 'Deployment',
      namespace: 'x',
      name: 'api',
      change: 'changed',
      previousName: null,
      fields: [],
      reordered: [],
      diff: '@@ -1,1 +1,1 @@\n-a\n+b',
    },
  ],
  images: [],
  highlights: [],
  cost: null,
  ...over,
});

export const plan = (over: Partial<Plan> = {}): Plan => ({
  digest: 'd'.repeat(64),
  base: 'b'.repeat(40),
  head: 'h'.repeat(40),
  targets: [target()],
  outside: [],
  problems: [],
  changes: 'image-only',
  warnings: [],
  hidden: [],
  ...over,
});

export const api = { app: 'api', env: 'dev' };
