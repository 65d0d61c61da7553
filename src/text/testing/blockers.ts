/** What may stand in the way of a merge, one of each kind, for tests of words. */
import type { Blocker } from '../../core/standing/readiness.js';

export const blockers: readonly Blocker[] = [
  { kind: 'closed' },
  { kind: 'draft' },
  { kind: 'plan-missing' },
  { kind: 'plan-failed' },
  { kind: 'policy-pending' },
  { kind: 'policy-refused' },
  { kind: 'conflict' },
  { kind: 'check-pending', name: 'ci/build' },
  { kind: 'check-failed', name: 'ci/`test`' },
  { kind: 'held', hold: { by: 'alice', at: 0, reason: 'load *test*' } },
  { kind: 'held', hold: { by: 'alice', at: 0, reason: null } },
  { kind: 'frozen', freeze: { env: 'prod', by: 'bob', at: 0, until: 86_400_000, reason: 'end of year' } },
  { kind: 'frozen', freeze: { env: 'prod', by: 'bob', at: 0, until: null, reason: 'audit' } },
  { kind: 'freezes-unknown', why: 'put-back' },
];
