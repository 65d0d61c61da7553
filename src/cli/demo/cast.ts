/** The people of the play, and who of them steps forward where a configuration asks for somebody. */
import type { Configuration } from '../../core/configuration.js';
import type { PeopleRule } from '../../core/people-rule.js';
import { leavesOf } from '../../core/policy/requirement-leaves.js';

/** They are in every team that a configuration names. */
const LEADS = ['alice', 'bob', 'erin', 'frank', 'grace', 'heidi'] as const;
/** Has write permission and is in no team. */
const WRITER = 'carol';
/** May only read. */
const READER = 'dave';

/** Somebody to whom the rule gives the right. */
export function choosePerson(rule: PeopleRule): string {
  return choosePeople(rule, 1)[0] ?? LEADS[0];
}

/** `count` different people whom the rule counts; fewer where it names no more. */
export function choosePeople(rule: PeopleRule, count: number): readonly string[] {
  const anybody = rule.teams.length > 0 || rule.permission !== null ? LEADS : [];
  return [...new Set([...anybody, ...rule.users])].slice(0, count);
}

/** Somebody to whom the rule does not give the right, or null where everybody has it. */
export function somebodyElse(rule: PeopleRule): string | null {
  const needsMore = rule.permission === null || rule.permission === 'maintain' || rule.permission === 'admin';
  if (needsMore && !rule.users.includes(WRITER)) return WRITER;
  return rule.permission === 'write' && !rule.users.includes(READER) ? READER : null;
}

/** Everybody in every rule of a configuration, with how many leads its approvals need. */
export interface Cast {
  readonly leads: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
  /** The highest permission that a rule asks for. */
  readonly permission: 'write' | 'maintain' | 'admin';
}

export function castOf(configuration: Configuration): Cast {
  const approvals = configuration.policy.rules
    .flatMap(({ require }) => leavesOf(require))
    .flatMap((require) => (require.kind === 'approvals' ? [require] : []));
  const commands = Object.values(configuration.commands).flatMap((byEnvironment) => Object.values(byEnvironment));
  const rules = [...approvals.map(({ from }) => from), ...commands];
  const most = Math.max(2, ...approvals.map(({ count }) => count));
  const permissions = rules.map(({ permission }) => permission);
  return {
    leads: LEADS.slice(0, most),
    users: [...new Set(rules.flatMap(({ users }) => users))],
    teams: [...new Set(rules.flatMap(({ teams }) => teams))],
    permission: permissions.includes('admin') ? 'admin' : permissions.includes('maintain') ? 'maintain' : 'write',
  };
}
