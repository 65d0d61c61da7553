/** Builds verdicts for tests of words: one rule, of which one approval of two is missing. */
import type { ApprovalsNode } from '../../core/policy/verdict-node.js';
import type { RuleResult, Verdict } from '../../core/policy/verdict.js';

export const approvals = (over: Partial<ApprovalsNode> = {}): ApprovalsNode => ({
  kind: 'approvals',
  state: 'pending',
  unknown: [],
  required: 2,
  countedApprovals: [{ login: 'alice', commit: 'a1b2c3d4e5', at: 0 }],
  discounted: [{ login: 'bob', commit: 'f00dfeed11', at: 0, why: { kind: 'not-current-head' } }],
  missing: 1,
  owners: [],
  whoCanStill: {
    approvers: { users: [], teams: ['acme/sre'], permission: null, codeowners: 'ignore' },
    except: ['alice'],
    people: 4,
  },
  ...over,
});

export const rule = (over: Partial<RuleResult> = {}): RuleResult => ({
  name: 'production needs two',
  state: 'pending',
  decides: [{ kind: 'target', target: { app: 'api', env: 'prod' } }],
  requirement: approvals(),
  vetoes: [],
  passedOver: [],
  ...over,
});

export const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  state: 'pending',
  rules: [rule()],
  undecided: [],
  vetoes: [],
  rego: null,
  reconsiderAt: null,
  ...over,
});
