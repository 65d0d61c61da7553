/** Builds gates for tests of words: conditions of each kind, and how they stand together. */
import type { GateCondition, GateResult } from '../../core/promotion/gates.js';
import { check } from '../../core/testing/forge-objects.js';

export const conditions: readonly GateCondition[] = [
  {
    kind: 'checks',
    glob: 'ci/*',
    state: 'failed',
    checks: [check('ci/a', 'success'), check('ci/b', 'failure'), check('ci/c', 'pending'), check('ci/d', 'neutral')],
  },
  { kind: 'checks', glob: 'argocd/*', state: 'pending', checks: [] },
  { kind: 'soak', state: 'pending', until: Date.UTC(2026, 10, 21, 9, 30) },
  { kind: 'soak', state: 'passed', until: 0 },
  { kind: 'agreement', state: 'pending', environment: 'perf' },
  { kind: 'agreement', state: 'passed', environment: 'qa' },
];

export const gates = (state: GateResult['state'], of: readonly GateCondition[] = conditions): GateResult => ({
  state,
  conditions: of,
  recheckAt: null,
});
