/** Pipelines, jobs and commit statuses. */

import type { Job, Pipeline, PipelineStatus } from '../forge/commit-reports.js';
import type { Repository } from '../forge/state.js';
import { pipelineToPresent } from './gather-pipeline.js';
import { invalidParameter, notFound, refuse } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, ok, valueOf } from './gitlab-request.js';
import { presentCommitStatus, presentFullPipeline, presentJob, presentPipeline } from './present-pipeline.js';
import { commitOf } from './routes-commits.js';

const DESCRIPTION_LIMIT = 255;

function listPipelines(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const { input, forge } = request;
  const sha = input.text('sha');
  const ref = input.text('ref');
  const status = input.text('status');
  const source = input.text('source');
  const found = forge.pipelines
    .of(repository.fullName)
    .filter((one) => (sha === undefined || one.sha === sha) && (ref === undefined || one.ref === ref))
    .filter((one) => source === undefined || one.source === source)
    .filter((one) => status === undefined || forge.pipelines.statusOf(one.id) === status);
  const ordered = input.text('sort') === 'asc' ? found.toReversed() : found;
  return request.page(ordered, (one) => presentPipeline(pipelineToPresent(request, repository, one), request.urls));
}

function pipelineOf(request: GitlabRequest, repository: Repository): Pipeline {
  const found = request.forge.pipelines.get(repository.fullName, request.integerParameter('pipeline_id'));
  return found.ok ? found.value : notFound();
}

function showPipeline(request: GitlabRequest): GitlabAnswer {
  const repository = request.project();
  const pipeline = pipelineToPresent(request, repository, pipelineOf(request, repository));
  return ok(presentFullPipeline(pipeline, request.urls));
}

function listJobs(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pipeline = pipelineToPresent(request, repository, pipelineOf(request, repository));
  const scope = request.input.list('scope');
  const jobs = pipeline.jobs.filter((job) => !job.external && (scope === undefined || scope.includes(job.status)));
  return request.page(jobs.toReversed(), (job) => presentJob(job, pipeline, request.urls));
}

function listMergeRequestPipelines(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const heads = new Set(request.mergeRequest(repository).versions.map((version) => version.headSha));
  const found = request.forge.pipelines.of(repository.fullName).filter((one) => heads.has(one.sha));
  return request.page(found, (one) => presentPipeline(pipelineToPresent(request, repository, one), request.urls));
}

/** The newest of each name unless `all`; jobs of CI are among them. */
async function listStatuses(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const commit = await commitOf(request, repository);
  const { input, forge } = request;
  const ref = input.text('ref');
  const name = input.text('name');
  const pipelineId = input.integer('pipeline_id');
  const jobs = forge.pipelines
    .of(repository.fullName)
    .filter((one) => one.sha === commit.sha && (pipelineId === undefined || one.id === pipelineId))
    .flatMap((one) => forge.pipelines.jobsOf(one.id))
    .filter((job) => (ref === undefined || job.ref === ref) && (name === undefined || job.name === name));
  const newestFirst = jobs.toSorted((one, other) => other.id - one.id);
  const latest = newestFirst.filter((job, index) => newestFirst.findIndex((one) => one.name === job.name) === index);
  return request.page(input.flag('all') === true ? newestFirst : latest, (job) =>
    presentCommitStatus(job, request.userOf(job.author), request.urls),
  );
}

const STATES = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;

const TRANSITIONS: Readonly<Record<string, string>> = { pending: 'enqueue', running: 'run' };

/**
 * A status that is waiting or running can't be set to what it is already, nor back to waiting: GitLab answers 400 with
 * the words of its state machine. Once it has ended, a new one of the same name begins.
 */
function refuseTransition(current: PipelineStatus | undefined, wanted: (typeof STATES)[number]): void {
  const event = TRANSITIONS[wanted];
  const same = current === wanted;
  const backwards = current === 'running' && wanted === 'pending';
  if (event === undefined || current === undefined || !(same || backwards)) return;
  const reason = `Reason(s): Status cannot transition via "${event}"`;
  refuse(400, `Cannot transition status via :${event} from :${current} (${reason})`);
}

async function refOfCommit(request: GitlabRequest, repository: Repository, sha: string): Promise<string> {
  const git = request.git(repository);
  const refs = await git.listRefs('refs/heads/');
  const exact = refs.find((ref) => ref.sha === sha);
  if (exact !== undefined) return exact.name.slice('refs/heads/'.length);
  for (const ref of refs) {
    if (await git.isAncestor(sha, ref.sha)) return ref.name.slice('refs/heads/'.length);
  }
  return notFound('References for commit');
}

function currentStatus(request: GitlabRequest, repository: Repository, sha: string, name: string): Job | undefined {
  const { pipelines } = request.forge;
  const newest = pipelines.newestOf(repository.fullName, sha);
  if (newest === undefined) return undefined;
  return pipelines.jobsOf(newest.id).findLast((job) => job.external && job.name === name);
}

function checkedDescription(request: GitlabRequest): { readonly description?: string } {
  const description = request.input.text('description');
  if (description === undefined) return {};
  if (description.length <= DESCRIPTION_LIMIT) return { description };
  return refuse(400, { description: [`is too long (maximum is ${DESCRIPTION_LIMIT} characters)`] });
}

function optionalDetails(request: GitlabRequest): { readonly targetUrl?: string; readonly pipelineId?: number } {
  const targetUrl = request.input.text('target_url');
  const pipelineId = request.input.integer('pipeline_id');
  return { ...(targetUrl === undefined ? {} : { targetUrl }), ...(pipelineId === undefined ? {} : { pipelineId }) };
}

/** Attaches an external status to the newest pipeline of the commit, which it makes when there is none. */
async function createStatus(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('write');
  const commit = await commitOf(request, repository);
  const { input, forge } = request;
  const status = input.oneOf('state', STATES) ?? invalidParameter('state is missing');
  const name = input.text('name') ?? input.text('context') ?? 'default';
  const description = checkedDescription(request);
  refuseTransition(currentStatus(request, repository, commit.sha, name)?.status, status);
  const reported = forge.pipelines.reportExternal({
    repository: repository.fullName,
    sha: commit.sha,
    ref: input.text('ref') ?? (await refOfCommit(request, repository, commit.sha)),
    actor: request.actor.login,
    name,
    status,
    ...description,
    ...optionalDetails(request),
  });
  return created(presentCommitStatus(valueOf(reported), request.actor, request.urls));
}

export const pipelineRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: '/projects/:id/pipelines', handle: listPipelines },
  { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id', handle: showPipeline },
  { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id/jobs', handle: listJobs },
  { method: 'GET', path: '/projects/:id/merge_requests/:iid/pipelines', handle: listMergeRequestPipelines },
  { method: 'GET', path: '/projects/:id/repository/commits/:sha/statuses', handle: listStatuses },
  { method: 'POST', path: '/projects/:id/statuses/:sha', handle: createStatus },
];
