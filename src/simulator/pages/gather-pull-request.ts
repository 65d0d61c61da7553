/** Everything a pull request's page shows, read once. */

import type { CheckRun, CommitStatus, Job } from '../forge/commit-reports.js';
import type { Obstacle } from '../forge/protections.js';
import type { Outcome } from '../forge/refusal.js';
import { done } from '../forge/refusal.js';
import type { PullRequest, Repository } from '../forge/state.js';
import type { CheckSummary } from '../forge/checks.js';
import type { Commit, FileDifference } from '../git/git-objects.js';
import type { PageContext } from './page-layout.js';

export interface CheckDetails {
  readonly summary: CheckSummary;
  /** At most one of these reported it. */
  readonly run: CheckRun | undefined;
  readonly status: CommitStatus | undefined;
  readonly job: Job | undefined;
}

export interface PullRequestDetails {
  readonly repository: Repository;
  readonly pullRequest: PullRequest;
  readonly commits: readonly Commit[];
  readonly differences: readonly FileDifference[];
  readonly checks: readonly CheckDetails[];
  /** Required checks that nobody has reported yet. */
  readonly missingChecks: readonly string[];
  /** Why this viewer can't merge it now; empty: nothing is in the way but perhaps conflicts. */
  readonly obstacles: readonly Obstacle[];
  /** Names that CI reports under, the likeliest first. */
  readonly ciNames: readonly string[];
}

function gatherChecks(context: PageContext, pullRequest: PullRequest): readonly CheckDetails[] {
  const { checks, pipelines } = context.forge;
  const { repository, headSha } = pullRequest;
  const pipeline = pipelines.newestOf(repository, headSha);
  const jobs = pipeline === undefined ? [] : pipelines.jobsOf(pipeline.id);
  const runs = checks.runsOf(repository, headSha);
  const statuses = checks.statusesOf(repository, headSha);
  return checks.summaryOf(repository, headSha).map((summary) => {
    const run = runs.find((one) => one.name === summary.name);
    const status = run === undefined ? statuses.find((one) => one.context === summary.name) : undefined;
    const job = run === undefined && status === undefined ? jobs.find((one) => one.name === summary.name) : undefined;
    return { summary, run, status, job };
  });
}

/** Names of checks by CI: what the project's pipelines run, what the `ci` App has reported, and what is required. */
function ciNames(
  repository: Repository,
  checks: readonly CheckDetails[],
  required: readonly string[],
): readonly string[] {
  const reported = checks
    .filter((check) => check.run?.appSlug === 'ci' || check.job?.external === false)
    .map((check) => check.summary.name);
  const conventional = required.filter((name) => name.startsWith('ci/'));
  const names = new Set([...repository.settings.pipelineJobs, ...reported, ...conventional]);
  return names.size === 0 ? ['ci/build'] : [...names];
}

export async function gatherPullRequest(
  context: PageContext,
  repository: Repository,
  number: number,
): Promise<Outcome<PullRequestDetails>> {
  const { forge, viewer } = context;
  const found = await forge.pullRequests.read(repository.fullName, number);
  if (!found.ok) return found;
  const pullRequest = found.value;
  const git = forge.git(repository.fullName);
  const baseSha = pullRequest.versions.at(-1)?.baseSha ?? pullRequest.baseSha;
  const checks = gatherChecks(context, pullRequest);
  const required = forge.protections.of(repository, pullRequest.baseBranch)?.requiredChecks ?? [];
  return done({
    repository,
    pullRequest,
    commits: await git.log({ from: [pullRequest.headSha], not: [baseSha], oldestFirst: true }),
    differences: await git.differences(baseSha, pullRequest.headSha),
    checks,
    missingChecks: required.filter((name) => !checks.some((check) => check.summary.name === name)),
    obstacles: await forge.protections.obstacles(pullRequest, viewer.login),
    ciNames: ciNames(repository, checks, required),
  });
}
