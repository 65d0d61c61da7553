/**
 * The answers have the attributes that Gitbeaker's types say, checked by the compiler, and those that GitLab documents,
 * checked at run time.
 */
import type {
  AwardEmojiSchema,
  BranchSchema,
  CommitDiffSchema,
  CommitSchema,
  CommitStatusSchema,
  DiscussionNoteSchema,
  ExpandedMergeRequestSchema,
  ExpandedPipelineSchema,
  MergeRequestDiffVersionsSchema,
  MergeRequestNoteSchema,
  ProtectedBranchSchema,
  RepositoryTreeSchema,
  SimpleUserSchema,
} from '@gitbeaker/rest';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type {
  presentBranch,
  presentCommit,
  presentDiff,
  presentProtectedBranch,
  presentTreeEntry,
} from '../../src/simulator/gitlab/present-commit.js';
import type { presentFullMergeRequest, presentVersion } from '../../src/simulator/gitlab/present-merge-request.js';
import type { presentAward, presentDiscussion, presentNote } from '../../src/simulator/gitlab/present-note.js';
import type { presentCommitStatus, presentFullPipeline } from '../../src/simulator/gitlab/present-pipeline.js';
import type { presentUser } from '../../src/simulator/gitlab/present-user.js';
import type { GitlabUnderTest } from './gitlab-harness.js';
import { api, openMergeRequest, startGitlab } from './gitlab-harness.js';

/** The attributes an interface names, without the index signature all of Gitbeaker's have. */
type Named<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

/** Named by the type and not answered: nothing, but for those excused. */
type Missing<Schema, Presented, Excused = never> = Exclude<Named<Schema>, keyof Presented | Excused>;

describe('attributes that Gitbeaker’s types name', () => {
  it('are all answered', () => {
    expectTypeOf<
      Missing<ExpandedMergeRequestSchema, ReturnType<typeof presentFullMergeRequest>, 'rebase_in_progress'>
    >().toBeNever();
    expectTypeOf<Missing<MergeRequestDiffVersionsSchema, ReturnType<typeof presentVersion>>>().toBeNever();
    expectTypeOf<Missing<MergeRequestNoteSchema, ReturnType<typeof presentNote>>>().toBeNever();
    expectTypeOf<Missing<DiscussionNoteSchema, ReturnType<typeof presentDiscussion>['notes'][number]>>().toBeNever();
    expectTypeOf<Missing<AwardEmojiSchema, ReturnType<typeof presentAward>>>().toBeNever();
    expectTypeOf<Missing<CommitSchema, ReturnType<typeof presentCommit>>>().toBeNever();
    expectTypeOf<Missing<CommitDiffSchema, ReturnType<typeof presentDiff>>>().toBeNever();
    expectTypeOf<Missing<BranchSchema, ReturnType<typeof presentBranch>>>().toBeNever();
    expectTypeOf<Missing<ProtectedBranchSchema, ReturnType<typeof presentProtectedBranch>>>().toBeNever();
    expectTypeOf<Missing<RepositoryTreeSchema, ReturnType<typeof presentTreeEntry>>>().toBeNever();
    expectTypeOf<Missing<ExpandedPipelineSchema, ReturnType<typeof presentFullPipeline>>>().toBeNever();
    expectTypeOf<Missing<CommitStatusSchema, ReturnType<typeof presentCommitStatus>>>().toBeNever();
    // Only `GET /user` and `GET /users/:id` say since when somebody has been there.
    expectTypeOf<Missing<SimpleUserSchema, ReturnType<typeof presentUser>, 'created_at'>>().toBeNever();
  });
});

describe('attributes that GitLab documents', () => {
  let gitlab: GitlabUnderTest;
  beforeAll(async () => {
    gitlab = await startGitlab();
    const { sha } = await openMergeRequest(gitlab);
    await gitlab.call('bot', `POST ${api}/statuses/${sha}`, { state: 'success', name: 'ci/build' });
    await gitlab.call('bob', `POST ${api}/merge_requests/1/approve`);
  });
  afterAll(() => gitlab.close());

  const mergeRequest = `id iid project_id title description state imported imported_from merged_by merge_user merged_at
    merge_after prepared_at closed_by closed_at created_at updated_at target_branch source_branch upvotes downvotes
    author assignee assignees reviewers source_project_id target_project_id labels draft work_in_progress milestone
    merge_when_pipeline_succeeds merge_status detailed_merge_status sha merge_commit_sha squash_commit_sha
    user_notes_count discussion_locked should_remove_source_branch force_remove_source_branch web_url references
    time_stats squash squash_on_merge task_completion_status has_conflicts blocking_discussions_resolved`;
  const documented: readonly (readonly [string, string])[] = [
    [
      `${api}/merge_requests/1`,
      `${mergeRequest} subscribed changes_count user pipeline head_pipeline diff_refs
      merge_error latest_build_started_at latest_build_finished_at first_contribution first_deployed_to_production_at`,
    ],
    [
      `${api}/merge_requests/1/approvals`,
      `id iid project_id title description state created_at updated_at merge_status approvals_required approvals_left
      approved_by`,
    ],
    [
      api,
      `id name path name_with_namespace path_with_namespace description default_branch visibility web_url
      http_url_to_repo ssh_url_to_repo namespace permissions only_allow_merge_if_pipeline_succeeds merge_method
      squash_option remove_source_branch_after_merge archived empty_repo allow_merge_on_skipped_pipeline
      only_allow_merge_if_all_discussions_are_resolved`,
    ],
    [
      `${api}/repository/files/README.md?ref=main`,
      `file_name file_path size encoding content content_sha256 ref blob_id commit_id last_commit_id execute_filemode`,
    ],
    [
      `${api}/repository/commits/main`,
      `id short_id title author_name author_email committer_name committer_email created_at message committed_date
      authored_date parent_ids last_pipeline stats status web_url project_id`,
    ],
    ['/user', 'id username name state web_url created_at email bot two_factor_enabled'],
  ];

  it.each(documented)('are all in the answer to %s', async (path, names) => {
    const answer = await gitlab.call('bot', `GET ${path}`);
    expect(answer.status).toBe(200);
    const keys = Object.keys(answer.body as object);
    expect(names.split(/\s+/).filter((name) => !keys.includes(name))).toEqual([]);
  });

  it('are all in lists', async () => {
    const [first] = (await gitlab.call('bot', `GET ${api}/merge_requests`)).body as readonly object[];
    const keys = Object.keys(first ?? {});
    expect(mergeRequest.split(/\s+/).filter((name) => !keys.includes(name))).toEqual([]);
  });
});
