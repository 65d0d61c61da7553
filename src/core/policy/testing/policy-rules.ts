/** Builds policies for tests: rules and what they require, each given by what it has of its own. */
import { EVERYONE_WITH_WRITE } from '../../configuration.js';
import {
  ANYTHING,
  type ApprovalsRequirement,
  type Policy,
  type PolicyRule,
  type Requirement,
} from '../policy-rules.js';

/** What a rule requires of approvals, as far as it is not one of somebody with write permission who is not the author. */
export type Approvals = Omit<Partial<ApprovalsRequirement>, 'from' | 'kind'> & {
  from?: Partial<ApprovalsRequirement['from']>;
};

export const NOBODY = { users: [], teams: [], permission: null, codeowners: 'ignore' } as const;

export const approvals = ({ from, ...more }: Approvals = {}): ApprovalsRequirement => ({
  kind: 'approvals',
  count: 1,
  from: from === undefined ? { ...EVERYONE_WITH_WRITE, codeowners: 'ignore' } : { ...NOBODY, ...from },
  not: [{ kind: 'author' }],
  ...more,
});

export const rule = (
  name: string,
  when: Partial<PolicyRule['when']>,
  require: Approvals | Requirement | 'none' = {},
): PolicyRule => ({
  name,
  when: { ...ANYTHING, ...when },
  require: require === 'none' ? { kind: 'none' } : 'kind' in require ? require : approvals(require),
  veto: EVERYONE_WITH_WRITE,
});

export const policy = (rules: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  rules,
  rego: [],
  approveCommand: 'does-not-count',
  ...more,
});

export const REST = rule('rest', {});
export const SRE = rule('sre', { environments: ['prod'] }, { count: 2, from: { teams: ['acme/sre'] } });
export const BUMPS = rule('bumps', { environments: ['dev'], changes: ['image-only'] }, 'none');
export const RULES = [SRE, BUMPS, REST];
