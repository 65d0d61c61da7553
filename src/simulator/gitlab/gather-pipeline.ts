/** Reads what the presenters of pipelines need. */

import type { Pipeline } from '../forge/commit-reports.js';
import type { PullRequest, Repository } from '../forge/state.js';
import type { GitlabRequest } from './gitlab-request.js';
import type { PipelineToPresent } from './present-pipeline.js';

type Reader = Pick<GitlabRequest, 'forge' | 'userOf'>;

export function pipelineToPresent(reader: Reader, repository: Repository, pipeline: Pipeline): PipelineToPresent {
  const { pipelines } = reader.forge;
  return {
    pipeline,
    status: pipelines.statusOf(pipeline.id),
    jobs: pipelines.jobsOf(pipeline.id),
    repository,
    author: reader.userOf(pipeline.author),
  };
}

/** The newest pipeline of the head commit. */
export function headPipeline(
  reader: Reader,
  repository: Repository,
  pullRequest: PullRequest,
): PipelineToPresent | undefined {
  const newest = reader.forge.pipelines.newestOf(repository.fullName, pullRequest.headSha);
  return newest === undefined ? undefined : pipelineToPresent(reader, repository, newest);
}
