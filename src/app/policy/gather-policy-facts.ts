/** Everything the policy is decided from, read once; what no rule asks for is not read. */
import type { Check, Comment, Person, PullRequest, Review } from '../../core/forge-objects.js';
import type { Instant } from '../../core/ids.js';
import type { Plan } from '../../core/plan/plan.js';
import { planFacts } from '../../core/policy/plan-facts.js';
import type { PlanFacts, PolicyFacts, PullRequestFacts } from '../../core/policy/policy-facts.js';
import { policyNeeds, type PolicyNeeds } from '../../core/policy/policy-needs.js';
import { checksOfOthers } from '../../core/standing/readiness.js';
import type { StickyState } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import { gatherApproveCommands } from './gather-approve-commands.js';
import { gatherApproversOf } from './gather-approvers-of.js';
import { gatherChangedFiles, type ChangeFacts } from './gather-changed-files.js';
import { gatherCodeOwners } from './gather-code-owners.js';
import { gatherCommits } from './gather-commits.js';
import { gatherEarlierHeads } from './gather-earlier-heads.js';
import { gatherFidelity } from './gather-fidelity.js';
import { gatherPermissions, gatherTeams } from './gather-people.js';
import { gatherProven } from './gather-proven.js';
import { gatherRego } from './gather-rego.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

/** What is known of the pull request already. */
interface PolicyGround {
  readonly plan: Plan | null;
  /** What is known of the plan where it is not at hand; absent: what the plan says. */
  readonly planned?: PlanFacts;
  readonly state: StickyState;
  readonly reviews: readonly Review[];
  readonly comments: readonly Comment[];
  readonly checks: readonly Check[];
  readonly self: Person;
  readonly now: Instant;
}

export async function gatherPolicyFacts(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  ground: PolicyGround,
): Promise<PolicyFacts> {
  const { plan, state, checks, now, planned = planFacts(plan) } = ground;
  const needs = policyNeeds(repository.configuration.policy, planned.affected);
  const change = await gatherChangedFiles(app, repository, pullRequest, needs.facts);
  return {
    ...(await gatherPullRequestFacts(app, repository, pullRequest, { needs, change, self: ground.self })),
    ...planned,
    targets: await gatherProven(repository, pullRequest, planned, needs.provenIn),
    ...(await gatherPeopleFacts(app, repository, pullRequest, { needs, change, ground })),
    approversOf: await gatherApproversOf(app, repository, planned.affected, needs.approversOf),
    planSince: planned.digest === null ? 'unknown' : state.since,
    checks: checksOfOthers(checks),
    rego: await gatherRego(app, repository, pullRequest, { plan, files: change.files }),
    now,
  };
}

async function gatherPullRequestFacts(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  { needs, change, self }: { readonly needs: PolicyNeeds; readonly change: ChangeFacts; readonly self: Person },
): Promise<PullRequestFacts> {
  const { head, base, author, title, labels, readiness } = pullRequest;
  return {
    head: head.sha,
    base,
    author,
    title,
    labels,
    draft: readiness === 'draft',
    ...change,
    ...(await gatherCommits(app, repository, pullRequest, needs.facts)),
    promotion: needs.facts.has('promotion') ? await gatherFidelity(app, repository, pullRequest, self) : 'unknown',
  };
}

type SpokenFacts = Pick<
  PolicyFacts,
  'reviews' | 'approveCommands' | 'earlierHeads' | 'permissions' | 'teams' | 'codeOwners'
>;

async function gatherPeopleFacts(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  { needs, change, ground }: { needs: PolicyNeeds; change: ChangeFacts; ground: PolicyGround },
): Promise<SpokenFacts> {
  const { reviews, state } = ground;
  const approveCommands = needs.facts.has('approve-commands') ? gatherApproveCommands(app, pullRequest, ground) : [];
  const spoken = [...reviews, ...approveCommands];
  const permissions = await gatherPermissions(repository, spoken);
  const reviewed = new Set(spoken.flatMap(({ commit }) => commit ?? []));
  return {
    reviews,
    approveCommands,
    earlierHeads: await gatherEarlierHeads(app, repository, pullRequest, { heads: state.earlier ?? [], reviewed }),
    permissions,
    teams: await gatherTeams(repository, needs.teams),
    codeOwners: needs.facts.has('code-owners')
      ? await gatherCodeOwners(repository, change.files, permissions)
      : 'unknown',
  };
}
