/** GitHub's rulesets: rules of branches beside their protection, each with who may pass it by. */
import { atLeast, type AccessLevel } from './access-level.js';
import type { ForgeState } from './forge-state.js';
import type { Outcome } from './refusal.js';
import { done } from './refusal.js';
import type { Repository } from './state.js';

export type RulesetRule =
  | { readonly type: 'pull_request' | 'non_fast_forward' | 'deletion' | 'update' | 'merge_queue' }
  | {
      readonly type: 'required_status_checks';
      /** `app`: the only one whose word counts; anybody's when not given. */
      readonly checks: readonly { readonly context: string; readonly app?: number }[];
      readonly strict?: boolean;
    };

/** As GitHub documents `bypass_actors`. */
interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: 'Integration' | 'OrganizationAdmin' | 'RepositoryRole' | 'Team' | 'DeployKey';
  readonly bypass_mode: 'always' | 'pull_request';
}

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly source: 'Repository' | 'Organization';
  /** `evaluate`: looked at, and nothing is refused. */
  readonly enforcement: 'active' | 'evaluate' | 'disabled';
  /** `~DEFAULT_BRANCH`, `~ALL` or `refs/heads/main`, as GitHub has it. */
  readonly include: readonly string[];
  readonly rules: readonly RulesetRule[];
  readonly bypass: readonly BypassActor[];
  readonly createdAt: Date;
}

export type NewRuleset = Pick<Ruleset, 'name' | 'rules'> & Partial<Omit<Ruleset, 'id' | 'createdAt'>>;

/** GitHub's ids of the roles that every repository has, and the levels that have them. */
const ROLES: Readonly<Record<number, AccessLevel>> = { 2: 'maintain', 4: 'write', 5: 'admin' };

export class Rulesets {
  /** By `owner/name`. */
  private readonly all = new Map<string, readonly Ruleset[]>();

  constructor(private readonly state: ForgeState) {}

  /** Not given: active, of the repository, on the default branch, passed by nobody. */
  add(repository: string, ruleset: NewRuleset): Outcome<Ruleset> {
    const found = this.state.repository(repository);
    if (!found.ok) return found;
    const added: Ruleset = {
      source: 'Repository',
      enforcement: 'active',
      include: ['~DEFAULT_BRANCH'],
      bypass: [],
      ...ruleset,
      id: this.state.nextId(),
      createdAt: this.state.now(),
    };
    this.all.set(repository, [...this.of(repository), added]);
    return done(added);
  }

  of(repository: string): readonly Ruleset[] {
    return this.all.get(repository) ?? [];
  }

  /** In force on a branch. */
  on({ fullName, defaultBranch }: Repository, branch: string): readonly Ruleset[] {
    const names = new Set(['~ALL', `refs/heads/${branch}`, ...(branch === defaultBranch ? ['~DEFAULT_BRANCH'] : [])]);
    return this.of(fullName).filter(
      ({ enforcement, include }) => enforcement === 'active' && include.some((one) => names.has(one)),
    );
  }

  /** What this level of access can't pass by. */
  rulesFor(repository: Repository, branch: string, level: AccessLevel): readonly RulesetRule[] {
    return this.on(repository, branch)
      .filter(({ bypass }) => !bypass.some((actor) => letsPass(actor, level)))
      .flatMap(({ rules }) => rules);
  }
}

function letsPass({ actor_type: type, actor_id: id, bypass_mode: mode }: BypassActor, level: AccessLevel): boolean {
  const role = type === 'RepositoryRole' && id !== null ? ROLES[id] : undefined;
  return mode === 'always' && role !== undefined && atLeast(level, role);
}
