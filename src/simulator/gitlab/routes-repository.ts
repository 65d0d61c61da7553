/** Branches, files, trees and comparisons of a project's repository. */

import { createHash } from 'node:crypto';
import type { Repository } from '../forge/state.js';
import type { Commit, TreeEntry } from '../git/git-objects.js';
import { forbidden, notFound, refuse } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, noContent, ok, refuseAs } from './gitlab-request.js';
import { presentBranch, presentCommit, presentDiff, presentTreeEntry } from './present-commit.js';

async function commitOf(request: GitlabRequest, repository: Repository, ref: string): Promise<Commit> {
  return (await request.git(repository).readCommit(ref)) ?? notFound('Commit');
}

async function presentBranchOf(request: GitlabRequest, repository: Repository, name: string, sha: string) {
  const git = request.git(repository);
  const commit = await commitOf(request, repository, sha);
  const defaultHead = await git.branchHead(repository.defaultBranch);
  const isDefault = name === repository.defaultBranch;
  const { login } = request.actor;
  return presentBranch(
    {
      name,
      commit,
      fullName: repository.fullName,
      isDefault,
      isMerged: !isDefault && defaultHead !== undefined && (await git.isAncestor(sha, defaultHead)),
      protection: request.forge.protections.of(repository, name),
      canPush: request.forge.protections.mayPush(repository.fullName, name, login).ok,
    },
    request.urls,
  );
}

async function listBranches(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const search = request.input.text('search');
  const regex = request.input.text('regex');
  const refs = await request.git(repository).listRefs('refs/heads/');
  const branches = refs
    .map((ref) => ({ name: ref.name.slice('refs/heads/'.length), sha: ref.sha }))
    .filter(({ name }) => search === undefined || matchesSearch(name, search))
    .filter(({ name }) => regex === undefined || new RegExp(regex).test(name));
  return request.page(branches, ({ name, sha }) => presentBranchOf(request, repository, name, sha));
}

/** `^begins`, `ends$`, or contains. */
function matchesSearch(name: string, search: string): boolean {
  if (search.startsWith('^')) return name.startsWith(search.slice(1));
  return search.endsWith('$') ? name.endsWith(search.slice(0, -1)) : name.includes(search);
}

async function showBranch(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const name = request.parameter('branch');
  const sha = await request.git(repository).branchHead(name);
  return sha === undefined ? notFound('Branch') : ok(await presentBranchOf(request, repository, name, sha));
}

async function createBranch(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('write');
  const name = request.input.requiredText('branch');
  const ref = request.input.requiredText('ref');
  const git = request.git(repository);
  if ((await git.branchHead(name)) !== undefined) return refuse(400, 'Branch already exists');
  const sha = await git.resolveCommit(ref);
  if (sha === undefined) return refuse(400, `Invalid reference name: ${ref}`);
  const moved = await request.forge.branches.create({
    repository: repository.fullName,
    branch: name,
    to: sha,
    actor: request.actor.login,
  });
  if (!moved.ok) {
    return moved.refusal.kind === 'already-exists' ? refuse(400, 'Branch already exists') : refuseAs(moved.refusal);
  }
  return created(await presentBranchOf(request, repository, name, sha));
}

async function deleteBranch(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('write');
  const name = request.parameter('branch');
  const sha = await request.git(repository).branchHead(name);
  if (sha === undefined) return notFound('Branch');
  if (name === repository.defaultBranch) return refuse(405, 'Cannot remove HEAD branch');
  const deleted = await request.forge.branches.delete({
    repository: repository.fullName,
    branch: name,
    actor: request.actor.login,
  });
  if (deleted.ok) return noContent();
  return deleted.refusal.kind === 'protected-branch' ? forbidden() : refuseAs(deleted.refusal);
}

interface FileAtRef {
  readonly repository: Repository;
  readonly ref: string;
  readonly sha: string;
  readonly entry: TreeEntry;
  readonly content: Buffer;
}

async function fileOf(request: GitlabRequest): Promise<FileAtRef> {
  const repository = request.project();
  const git = request.git(repository);
  const given = request.input.text('ref') ?? 'HEAD';
  const ref = given === 'HEAD' ? repository.defaultBranch : given;
  const sha = await git.resolveCommit(ref);
  if (sha === undefined) return notFound('Commit');
  const entry = await git.entryAt(sha, request.parameter('file_path'));
  if (entry?.type !== 'blob') return notFound('File');
  return { repository, ref, sha, entry, content: await git.readBlob(entry.sha) };
}

async function lastCommitId(request: GitlabRequest, file: FileAtRef): Promise<string> {
  const [last] = await request.git(file.repository).log({ from: [file.sha], path: file.entry.path, limit: 1 });
  return last?.sha ?? file.sha;
}

/** The attributes travel in the body and as `X-Gitlab-*` headers (HEAD has only those). */
async function fileAttributes(request: GitlabRequest, file: FileAtRef) {
  return {
    file_name: file.entry.path.split('/').at(-1) ?? file.entry.path,
    file_path: file.entry.path,
    size: file.content.length,
    encoding: 'base64',
    content_sha256: createHash('sha256').update(file.content).digest('hex'),
    ref: file.ref,
    blob_id: file.entry.sha,
    commit_id: file.sha,
    last_commit_id: await lastCommitId(request, file),
    execute_filemode: file.entry.mode === '100755',
  };
}

function attributeHeaders(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`x-gitlab-${name.replaceAll('_', '-')}`, String(value)]),
  );
}

async function showFile(request: GitlabRequest): Promise<GitlabAnswer> {
  const file = await fileOf(request);
  const attributes = await fileAttributes(request, file);
  const body = { ...attributes, content: file.content.toString('base64') };
  return { status: 200, body, headers: attributeHeaders(attributes) };
}

async function showRawFile(request: GitlabRequest): Promise<GitlabAnswer> {
  const file = await fileOf(request);
  const attributes = await fileAttributes(request, file);
  return {
    status: 200,
    body: file.content,
    headers: { ...attributeHeaders(attributes), 'content-type': 'text/plain; charset=utf-8' },
  };
}

async function listTree(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const sha = await git.resolveCommit(request.input.text('ref') ?? repository.defaultBranch);
  if (sha === undefined) return notFound('Tree');
  const path = (request.input.text('path') ?? '').replace(/^\/+|\/+$/g, '');
  const recursive = request.input.flag('recursive') ?? false;
  if (path !== '' && (await git.entryAt(sha, path))?.type !== 'tree') {
    return refuse(404, '404 invalid revision or path Not Found');
  }
  const below = path === '' ? { recursive } : { recursive, path: `${path}/` };
  const entries = await git.listTree(sha, below);
  return request.page(
    entries.filter((entry) => path === '' || entry.path.startsWith(`${path}/`)),
    presentTreeEntry,
  );
}

/** From the merge base, unless `straight`; `from` and `to` are branches, tags or commits. */
async function compare(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const from = await git.resolveCommit(request.input.requiredText('from'));
  const to = await git.resolveCommit(request.input.requiredText('to'));
  if (from === undefined || to === undefined) return notFound('Ref');
  const straight = request.input.flag('straight') ?? false;
  const base = straight ? from : ((await git.mergeBase(from, to)) ?? from);
  const commits = await git.log({ from: [to], not: [from], oldestFirst: true });
  const present = (commit: Commit) => presentCommit(commit, repository.fullName, request.urls);
  const last = commits.at(-1);
  return ok({
    commit: last === undefined ? null : present(last),
    commits: commits.map(present),
    diffs: (await git.differences(base, to)).map(presentDiff),
    compare_timeout: false,
    compare_same_ref: from === to,
    web_url: `${request.urls.project(repository.fullName)}/-/compare/${from}...${to}`,
  });
}

async function mergeBase(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const [first, second] = request.input.list('refs') ?? [];
  const one = await git.resolveCommit(first ?? '');
  const other = await git.resolveCommit(second ?? '');
  if (one === undefined || other === undefined) return refuse(400, '400 Bad request - Could not find ref');
  const base = await git.mergeBase(one, other);
  if (base === undefined) return notFound('Merge Base');
  return ok(presentCommit(await commitOf(request, repository, base), repository.fullName, request.urls));
}

const AT = '/projects/:id/repository';

export const repositoryRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: `${AT}/branches`, handle: listBranches },
  { method: 'POST', path: `${AT}/branches`, handle: createBranch },
  { method: 'GET', path: `${AT}/branches/:branch`, handle: showBranch },
  { method: 'DELETE', path: `${AT}/branches/:branch`, handle: deleteBranch },
  { method: 'GET', path: `${AT}/files/:file_path`, handle: showFile },
  { method: 'HEAD', path: `${AT}/files/:file_path`, handle: showFile },
  { method: 'GET', path: `${AT}/files/:file_path/raw`, handle: showRawFile },
  { method: 'GET', path: `${AT}/tree`, handle: listTree },
  { method: 'GET', path: `${AT}/compare`, handle: compare },
  { method: 'GET', path: `${AT}/merge_base`, handle: mergeBase },
];
