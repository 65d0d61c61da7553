/** Branch protection: who may push, and what must hold before a merge. */
import { atLeast } from './access-level.js';
import type { Checks } from './checks.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Pipelines } from './pipelines.js';
import type { NotMergeableReason, Outcome } from './refusal.js';
import { done, notFound, refused } from './refusal.js';
import type { Reviews } from './reviews.js';
import type { Rulesets } from './rulesets.js';
import type { BranchProtection, PullRequest, Repository } from './state.js';

export interface Obstacle {
  readonly reason: NotMergeableReason;
  /** In GitHub's words. */
  readonly message: string;
}

export type NewProtection = { readonly pattern: string } & Partial<Omit<BranchProtection, 'id' | 'pattern'>>;

export class Protections {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
    private readonly reports: {
      readonly checks: Checks;
      readonly reviews: Reviews;
      readonly pipelines: Pipelines;
      readonly rulesets: Rulesets;
    },
  ) {}

  /** Adds or replaces the protection of a pattern. Not given: nobody below maintain pushes, writers merge. */
  set(repository: string, protection: NewProtection): Outcome<BranchProtection> {
    const found = this.state.repository(repository);
    if (!found.ok) return found;
    const added: BranchProtection = {
      requiredChecks: [],
      strict: false,
      requiredApprovals: 0,
      dismissStaleReviews: false,
      enforceAdmins: true,
      push: 'nobody',
      merge: 'write',
      allowForcePushes: false,
      ...protection,
      id: this.state.nextId(),
    };
    const others = found.value.protections.filter((one) => one.pattern !== protection.pattern);
    this.state.repositories.set(repository, { ...found.value, protections: [...others, added] });
    return done(added);
  }

  remove(repository: string, pattern: string): Outcome<void> {
    const found = this.state.repository(repository);
    if (!found.ok) return found;
    if (!found.value.protections.some((one) => one.pattern === pattern)) return notFound('protection');
    const protections = found.value.protections.filter((one) => one.pattern !== pattern);
    this.state.repositories.set(repository, { ...found.value, protections });
    return done(undefined);
  }

  of(repository: Repository, branch: string): BranchProtection | undefined {
    return repository.protections.find((one) => matchesPattern(one.pattern, branch));
  }

  /** May this person move the branch by a push or through the API? */
  mayPush(repository: string, branch: string, actor: string): Outcome<void> {
    const allowed = this.people.require(repository, actor, 'write');
    if (!allowed.ok) return allowed;
    const found = this.state.repository(repository);
    if (!found.ok) return found;
    const protection = this.of(found.value, branch);
    const level = this.people.accessTo(repository, actor);
    const rules = this.reports.rulesets.rulesFor(found.value, branch, level);
    const closed = rules.some(({ type }) => type === 'pull_request' || type === 'update' || type === 'merge_queue');
    if (!closed && (protection === undefined || allows(protection.push, level))) return done(undefined);
    return refused({
      kind: 'protected-branch',
      branch,
      message: `Protected branch update failed for refs/heads/${branch}.`,
    });
  }

  forcePushesAllowed(repository: string, branch: string): boolean {
    const found = this.state.repositories.get(repository);
    if (found === undefined) return false;
    const ruled = this.reports.rulesets.on(found, branch).flatMap(({ rules }) => rules);
    if (ruled.some(({ type }) => type === 'non_fast_forward')) return false;
    return this.of(found, branch)?.allowForcePushes ?? true;
  }

  /**
   * Everything but conflicts that keeps a pull request from being merged by this person now; empty: it may be. Whether
   * it is behind its base is only asked where the protection is strict.
   */
  async obstacles(pullRequest: PullRequest, actor: string): Promise<readonly Obstacle[]> {
    const repository = this.state.repositories.get(pullRequest.repository);
    if (repository === undefined) return [{ reason: 'closed', message: 'Not Found' }];
    const lifecycle = lifecycleObstacle(pullRequest);
    if (lifecycle !== undefined) return [lifecycle];
    const protection = this.of(repository, pullRequest.baseBranch);
    const obstacles: Obstacle[] = [];
    const level = this.people.accessTo(repository.fullName, actor);
    if (protection !== undefined && !allows(protection.merge, level)) {
      obstacles.push({
        reason: 'not-allowed',
        message: `You're not authorized to merge into ${pullRequest.baseBranch}.`,
      });
    }
    const passes = level === 'admin' && protection?.enforceAdmins === false;
    if (protection !== undefined && !passes) obstacles.push(...(await this.ruleObstacles(pullRequest, protection)));
    obstacles.push(...this.rulesetObstacles(repository, pullRequest, level));
    if (repository.settings.pipelinesMustSucceed && !this.pipelineSucceeded(pullRequest)) {
      obstacles.push({ reason: 'checks', message: 'The pipeline for this merge request has not succeeded.' });
    }
    return [...obstacles, ...(await this.historyObstacles(repository, pullRequest, obstacles))];
  }

  private async historyObstacles(
    { settings }: Repository,
    pullRequest: PullRequest,
    known: readonly Obstacle[],
  ): Promise<readonly Obstacle[]> {
    if (!settings.semiLinear || known.some(({ reason }) => reason === 'behind')) return [];
    return (await this.isBehind(pullRequest)) ? [BEHIND] : [];
  }

  /** Whether the base branch's head is contained in the head. */
  async isBehind(pullRequest: PullRequest): Promise<boolean> {
    const git = this.state.git(pullRequest.repository);
    const base = await git.branchHead(pullRequest.baseBranch);
    return base !== undefined && !(await git.isAncestor(base, pullRequest.headSha));
  }

  private rulesetObstacles(
    repository: Repository,
    { baseBranch, headSha }: PullRequest,
    level: Parameters<Rulesets['rulesFor']>[2],
  ): readonly Obstacle[] {
    const rules = this.reports.rulesets.rulesFor(repository, baseBranch, level);
    if (rules.some(({ type }) => type === 'merge_queue'))
      return [
        {
          reason: 'not-allowed',
          message: 'Repository rule violations found\n\nChanges must be made through the merge queue',
        },
      ];
    const required = rules.flatMap((rule) => (rule.type === 'required_status_checks' ? rule.checks : []));
    const names = required.map(({ context }) => context);
    const unmet = this.reports.checks.unmet(repository.fullName, headSha, names);
    return unmet.length === 0 ? [] : [{ reason: 'checks', message: requiredChecksMessage(unmet, names.length) }];
  }

  private async ruleObstacles(pullRequest: PullRequest, protection: BranchProtection): Promise<readonly Obstacle[]> {
    const obstacles: Obstacle[] = [];
    const { repository, number, headSha } = pullRequest;
    const unmet = this.reports.checks.unmet(repository, headSha, protection.requiredChecks);
    if (unmet.length > 0)
      obstacles.push({ reason: 'checks', message: requiredChecksMessage(unmet, protection.requiredChecks.length) });
    const opinions = this.reports.reviews.counting(repository, number);
    if (opinions.filter((one) => one.state === 'approved').length < protection.requiredApprovals) {
      const count = protection.requiredApprovals;
      const reviews = count === 1 ? '1 approving review is' : `${count} approving reviews are`;
      obstacles.push({ reason: 'approvals', message: `At least ${reviews} required by reviewers with write access.` });
    }
    if (protection.requiredApprovals > 0 && opinions.some((one) => one.state === 'changes-requested')) {
      obstacles.push({ reason: 'approvals', message: 'Changes have been requested by a reviewer with write access.' });
    }
    if (protection.strict && (await this.isBehind(pullRequest))) {
      obstacles.push(BEHIND);
    }
    return obstacles;
  }

  private pipelineSucceeded(pullRequest: PullRequest): boolean {
    const pipeline = this.reports.pipelines.newestOf(pullRequest.repository, pullRequest.headSha);
    return pipeline !== undefined && this.reports.pipelines.statusOf(pipeline.id) === 'success';
  }
}

const BEHIND: Obstacle = { reason: 'behind', message: 'The head branch is not up to date with the base branch.' };

function lifecycleObstacle(pullRequest: PullRequest): Obstacle | undefined {
  if (pullRequest.state !== 'open') return { reason: pullRequest.state, message: 'Pull Request is not mergeable' };
  return pullRequest.draft ? { reason: 'draft', message: 'Pull Request is still a draft' } : undefined;
}

/** `*` stands for any characters but `/`, as in both forges' patterns. */
export function matchesPattern(pattern: string, branch: string): boolean {
  const expression = pattern.split('*').map(escapeForExpression).join('[^/]*');
  return new RegExp(`^${expression}$`).test(branch);
}

function escapeForExpression(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function allows(need: BranchProtection['push'], level: Parameters<typeof atLeast>[0]): boolean {
  return need !== 'nobody' && atLeast(level, need);
}

/** GitHub's sentence: `Required status check "ci/build" is expected.`, or the count of several. */
function requiredChecksMessage(
  unmet: readonly { readonly name: string; readonly state: string }[],
  required: number,
): string {
  const words: Readonly<Record<string, string>> = { missing: 'expected', pending: 'pending', failure: 'failing' };
  const [only] = unmet;
  if (unmet.length === 1 && only !== undefined)
    return `Required status check "${only.name}" is ${words[only.state] ?? only.state}.`;
  const counts = Object.entries(words).flatMap(([state, word]) => {
    const count = unmet.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${unmet.length} of ${required} required status checks have not succeeded: ${counts.join(', ')}.`;
}
