import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitlabUnderTest } from './gitlab-harness.js';
import { api, project, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
beforeAll(async () => {
  gitlab = await startGitlab();
});
afterAll(() => gitlab.close());

const dev = 'apps/api/envs/dev/values.yaml';

describe('reading', () => {
  it('finds a project by number and by path, with settings and permissions', async () => {
    const { Projects } = gitlab.client('bot');
    const byPath = await Projects.show(project);
    expect(byPath).toMatchObject({
      path_with_namespace: project,
      default_branch: 'main',
      only_allow_merge_if_pipeline_succeeds: false,
      merge_method: 'merge',
      permissions: { project_access: { access_level: 40 } },
      http_url_to_repo: `${gitlab.url}/acme/config.git`,
    });
    expect(await Projects.show(byPath.id)).toMatchObject({ id: byPath.id });
    expect((await Projects.all({ membership: true })).map((one) => one.path_with_namespace)).toEqual([project]);
    expect(await gitlab.call('eve', `GET ${api}`)).toMatchObject({ status: 404 });
  });

  it('shows files, raw and encoded, and trees', async () => {
    const { RepositoryFiles, Repositories } = gitlab.client('alice');
    const file = await RepositoryFiles.show(project, dev, 'main');
    expect(Buffer.from(file.content, 'base64').toString()).toBe('image:\n  tag: 1.0.0\n');
    expect(file).toMatchObject({ file_path: dev, file_name: 'values.yaml', encoding: 'base64', ref: 'main', size: 20 });
    expect(file.last_commit_id).toBe(await gitlab.forge.git(project).branchHead('main'));
    expect(await RepositoryFiles.showRaw(project, dev, 'main')).toBe('image:\n  tag: 1.0.0\n');
    const tree = await Repositories.allRepositoryTrees(project, { path: 'apps/api/envs', recursive: true });
    expect(tree.map((one) => `${one.type} ${one.path}`)).toEqual([
      'tree apps/api/envs/dev',
      `blob ${dev}`,
      'tree apps/api/envs/prod',
      'blob apps/api/envs/prod/values.yaml',
    ]);
    expect(await gitlab.call('alice', `GET ${api}/repository/files/no.txt?ref=main`)).toMatchObject({
      status: 404,
      body: { message: '404 File Not Found' },
    });
    expect(await gitlab.call('alice', `GET ${api}/repository/files/README.md?ref=nowhere`)).toMatchObject({
      body: { message: '404 Commit Not Found' },
    });
  });

  it('shows branches with their protection', async () => {
    const { Branches, ProtectedBranches } = gitlab.client('alice');
    expect(await Branches.show(project, 'main')).toMatchObject({
      name: 'main',
      default: true,
      protected: true,
      developers_can_push: false,
      developers_can_merge: true,
      can_push: false,
    });
    expect(await ProtectedBranches.all(project)).toMatchObject([
      { name: 'main', push_access_levels: [{ access_level: 0 }], merge_access_levels: [{ access_level: 30 }] },
    ]);
    expect(await gitlab.call('alice', `GET ${api}/repository/branches/nowhere`)).toMatchObject({
      status: 404,
      body: { message: '404 Branch Not Found' },
    });
  });
});

describe('branches', () => {
  it('makes and deletes them, but not twice and not the protected ones', async () => {
    const { Branches } = gitlab.client('alice');
    expect(await Branches.create(project, 'topic/one', 'main')).toMatchObject({ name: 'topic/one', merged: true });
    const again = { branch: 'topic/one', ref: 'main' };
    expect(await gitlab.call('alice', `POST ${api}/repository/branches`, again)).toMatchObject({
      status: 400,
      body: { message: 'Branch already exists' },
    });
    expect(await gitlab.call('dave', `POST ${api}/repository/branches`, again)).toMatchObject({ status: 403 });
    await Branches.remove(project, 'topic/one');
    expect(await gitlab.call('alice', `DELETE ${api}/repository/branches/topic%2Fone`)).toMatchObject({ status: 404 });
    expect((await gitlab.call('carol', `DELETE ${api}/repository/branches/main`)).status).toBe(405);
  });
});

describe('committing', () => {
  it('does all kinds of actions in one commit on a new branch', async () => {
    const { Commits } = gitlab.client('alice');
    const commit = await Commits.create(
      project,
      'many',
      'Many things\n\nIn one commit.',
      [
        {
          action: 'create',
          filePath: 'bin/run',
          content: Buffer.from('#!/bin/sh\n').toString('base64'),
          encoding: 'base64',
        },
        { action: 'update', filePath: dev, content: 'image:\n  tag: 1.2.0\n' },
        { action: 'move', filePath: 'docs/README.md', previousPath: 'README.md' },
        { action: 'delete', filePath: 'apps/api/envs/prod/values.yaml' },
      ],
      { startBranch: 'main', authorName: 'Robot', authorEmail: 'robot@acme.test' },
    );
    expect(commit).toMatchObject({
      title: 'Many things',
      author_name: 'Robot',
      committer_name: 'Alice',
      stats: { additions: 2, deletions: 3, total: 5 },
    });
    const git = gitlab.forge.git(project);
    const entries = await git.listTree('many', { recursive: true });
    const blobs = entries.filter((one) => one.type === 'blob').map((one) => one.path);
    expect(blobs).toEqual([dev, 'bin/run', 'docs/README.md']);
    expect(String(await git.readFile('many', 'bin/run'))).toBe('#!/bin/sh\n');
    await Commits.create(project, 'many', 'Mode', [{ action: 'chmod', filePath: 'bin/run', execute_filemode: true }]);
    expect((await git.entryAt('many', 'bin/run'))?.mode).toBe('100755');
  });

  it('refuses in GitLab’s words what can’t be', async () => {
    const path = `POST ${api}/repository/commits`;
    const base = { branch: 'words', start_branch: 'main', commit_message: 'x' };
    const refusedWith = async (request: object, status: number, message: string) =>
      expect(await gitlab.call('alice', path, request)).toMatchObject({ status, body: { message } });
    const action = (fields: object) => ({ ...base, actions: [fields] });
    await refusedWith(
      action({ action: 'create', file_path: 'README.md', content: '' }),
      400,
      'A file with this name already exists',
    );
    await refusedWith(
      action({ action: 'update', file_path: 'no.txt', content: '' }),
      400,
      "A file with this name doesn't exist",
    );
    await refusedWith(
      action({ action: 'update', file_path: dev, content: 'x', last_commit_id: '0'.repeat(40) }),
      400,
      'You are attempting to update a file that has changed since you started editing it.',
    );
    await refusedWith(
      action({ action: 'create', file_path: '../x', content: '' }),
      400,
      'invalid path: Path cannot include directory traversal',
    );
    await refusedWith(
      { branch: 'words', commit_message: 'x', actions: [] },
      400,
      'You can only create or edit files when you are on a branch',
    );
    await refusedWith(
      { branch: 'main', commit_message: 'x', actions: [] },
      403,
      '403 Forbidden - You are not allowed to push into this branch',
    );
    expect(await gitlab.forge.git(project).branchHead('words')).toBeUndefined();
  });

  it('starts at a commit, and moves its own branch only by force', async () => {
    const git = gitlab.forge.git(project);
    const main = await git.branchHead('main');
    const start = { branch: 'forced', commit_message: 'x', start_sha: main };
    const path = `POST ${api}/repository/commits`;
    const create = (file: string) => ({ ...start, actions: [{ action: 'create', file_path: file, content: 'x' }] });
    expect(await gitlab.call('alice', path, create('one.txt'))).toMatchObject({ status: 201 });
    expect(await gitlab.call('alice', path, create('two.txt'))).toMatchObject({
      status: 400,
      body: { message: "A branch called 'forced' already exists. Switch to that branch in order to make changes" },
    });
    const head = await git.branchHead('forced');
    expect(await gitlab.call('alice', path, { ...create('two.txt'), start_sha: head })).toMatchObject({ status: 400 });
    expect(await gitlab.call('alice', path, { ...create('two.txt'), force: true })).toMatchObject({
      status: 201,
      body: { parent_ids: [main] },
    });
    expect(await git.readFile('forced', 'one.txt')).toBeUndefined();
    expect(await git.readFile('forced', 'two.txt')).toBeDefined();
    expect(await gitlab.call('alice', path, { ...create('x'), start_sha: 'f'.repeat(40) })).toMatchObject({
      status: 400,
      body: { message: `Cannot find start_sha '${'f'.repeat(40)}'` },
    });
  });

  it('lists commits, also of a path, and compares', async () => {
    const { Commits, Repositories } = gitlab.client('alice');
    const made = await Commits.create(
      project,
      'compared',
      'Compared',
      [{ action: 'update', filePath: dev, content: 'image:\n  tag: 3.0.0\n' }],
      { startBranch: 'main' },
    );
    expect((await Commits.all(project, { refName: 'compared' })).map((one) => one.title)).toHaveLength(2);
    expect(await Commits.all(project, { refName: 'compared', path: 'apps/api/envs/prod' })).toHaveLength(1);
    const comparison = await Repositories.compare(project, 'main', 'compared');
    expect(comparison.commits?.map((one) => one.id)).toEqual([made.id]);
    expect(comparison.diffs).toMatchObject([{ new_path: dev, deleted_file: false }]);
    expect(await Commits.show(project, 'compared')).toMatchObject({ id: made.id, last_pipeline: null });
  });
});
