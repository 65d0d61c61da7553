/** The Git Data API: refs, blobs, trees and commits. */
import type { Ref, Signature, TreeChange } from '../git/git-objects.js';
import type { Repository } from '../forge/state.js';
import { ApiError, granted, notFoundError, unprocessable, validationError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { created, noContent, ok } from './github-call.js';
import { nodeId } from './github-view.js';
import { GithubBody } from './read-body.js';
import { showGitCommit, showRef, showTreeEntry } from './show-git.js';

export const gitDataRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/git/ref/*', handle: getRef },
  { method: 'GET', path: '/repos/:owner/:repo/git/matching-refs/*', handle: matchingRefs },
  { method: 'POST', path: '/repos/:owner/:repo/git/refs', handle: createRef },
  { method: 'PATCH', path: '/repos/:owner/:repo/git/refs/*', handle: updateRef },
  { method: 'DELETE', path: '/repos/:owner/:repo/git/refs/*', handle: deleteRef },
  { method: 'POST', path: '/repos/:owner/:repo/git/blobs', handle: createBlob },
  { method: 'GET', path: '/repos/:owner/:repo/git/blobs/:sha', handle: getBlob },
  { method: 'POST', path: '/repos/:owner/:repo/git/trees', handle: createTree },
  { method: 'GET', path: '/repos/:owner/:repo/git/trees/*', handle: getTree },
  { method: 'POST', path: '/repos/:owner/:repo/git/commits', handle: createCommit },
  { method: 'GET', path: '/repos/:owner/:repo/git/commits/:sha', handle: getCommit },
];

async function readRef(call: GithubCall, repository: Repository, name: string): Promise<Ref> {
  const found = (await call.git(repository).listRefs(name)).find((ref) => ref.name === name);
  if (found === undefined) throw notFoundError();
  return found;
}

async function getRef(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const ref = await readRef(call, repository, `refs/${call.parameter('*')}`);
  return ok(showRef(call.view, repository.fullName, ref));
}

async function matchingRefs(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const refs = await call.git(repository).listRefs(`refs/${call.parameter('*')}`);
  return call.page(refs, (ref) => showRef(call.view, repository.fullName, ref));
}

/** Only branches are made and moved here; the simulator has no API for tags. */
function branchOf(name: string): string {
  const branch = /^(?:refs\/)?heads\/(.+)$/.exec(name)?.[1];
  if (branch === undefined) throw unprocessable('Reference name must be a branch: refs/heads/…');
  return branch;
}

async function createRef(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const name = body.requiredText('ref');
  if (!name.startsWith('refs/') || name.split('/').length < 3)
    throw unprocessable("Reference name must start with 'refs' and have at least two slashes.");
  const move = {
    repository: repository.fullName,
    actor: call.actor,
    branch: branchOf(name),
    to: fullSha(body.requiredText('sha')),
  };
  granted(await call.forge.branches.create(move));
  return created(showRef(call.view, repository.fullName, { name, sha: move.to, type: 'commit' }));
}

async function updateRef(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const branch = branchOf(call.parameter('*'));
  const to = fullSha(body.requiredText('sha'));
  const mode = body.flag('force') === true ? 'force' : 'only-forward';
  const outcome = await call.forge.branches.update({
    repository: repository.fullName,
    actor: call.actor,
    branch,
    to,
    mode,
  });
  if (!outcome.ok && outcome.refusal.kind === 'not-found') throw unprocessable('Reference does not exist');
  granted(outcome);
  return ok(showRef(call.view, repository.fullName, { name: `refs/heads/${branch}`, sha: to, type: 'commit' }));
}

async function deleteRef(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const branch = branchOf(call.parameter('*'));
  const outcome = await call.forge.branches.delete({ repository: repository.fullName, actor: call.actor, branch });
  if (!outcome.ok && outcome.refusal.kind === 'not-found') throw unprocessable('Reference does not exist');
  if (!outcome.ok && outcome.refusal.kind === 'protected-branch')
    throw unprocessable('Cannot delete this protected ref.');
  granted(outcome);
  return noContent();
}

function fullSha(sha: string): string {
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw unprocessable('The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
  return sha;
}

async function createBlob(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const encoding = body.text('encoding') === 'base64' ? 'base64' : 'utf8';
  const sha = await call.git(repository).writeBlob(Buffer.from(body.requiredText('content'), encoding));
  return created({ sha, url: call.urls.repository(repository.fullName, `git/blobs/${sha}`) });
}

async function getBlob(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const sha = await existing(call, repository, 'blob');
  const content = await call.git(repository).readBlob(sha);
  if (call.request.accept.includes('raw')) return { status: 200, body: content };
  return ok({
    sha,
    node_id: nodeId('Blob', sha),
    size: content.length,
    url: call.urls.repository(repository.fullName, `git/blobs/${sha}`),
    content: wrappedBase64(content),
    encoding: 'base64',
  });
}

/** GitHub breaks base64 into lines of 60 characters. */
export function wrappedBase64(content: Buffer): string {
  return content.toString('base64').replace(/.{60}/g, '$&\n').replace(/\n?$/, '\n');
}

async function existing(call: GithubCall, repository: Repository, type: 'blob' | 'commit'): Promise<string> {
  const sha = call.parameter('sha');
  if (!/^[0-9a-f]{40}$/.test(sha) || (await call.git(repository).objectType(sha)) !== type) throw notFoundError();
  return sha;
}

async function createTree(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const git = call.git(repository);
  const base = body.text('base_tree');
  if (base !== undefined && !['tree', 'commit'].includes((await git.objectType(base)) ?? ''))
    throw unprocessable('base_tree is not a valid tree oid');
  const changes: TreeChange[] = [];
  for (const entry of body.objects('tree') ?? []) changes.push(await treeChange(call, repository, entry));
  if (changes.length === 0) throw unprocessable('Invalid tree info');
  const sha = await git.writeTree(base, changes);
  const entries = await git.listTree(sha, { recursive: false });
  return created(showTree(call, repository, { sha, entries }));
}

async function treeChange(call: GithubCall, repository: Repository, entry: GithubBody): Promise<TreeChange> {
  const git = call.git(repository);
  const path = entry.requiredText('path');
  const mode = entry.word('mode', ['100644', '100755', '040000', '160000', '120000']) ?? '100644';
  if (path === '' || path.startsWith('/') || path.split('/').some((part) => ['', '.', '..', '.git'].includes(part))) {
    throw unprocessable(`tree.path contains a malformed path component`);
  }
  if (entry.isNull('sha')) return { path, mode, sha: null };
  const content = entry.text('content');
  if (content !== undefined) return { path, mode, sha: await git.writeBlob(Buffer.from(content)) };
  const sha = fullSha(entry.requiredText('sha'));
  const wanted = mode === '040000' ? 'tree' : 'blob';
  if (mode !== '160000' && (await git.objectType(sha)) !== wanted)
    throw unprocessable(`tree.sha ${sha} is not a valid ${wanted}`);
  return { path, mode, sha };
}

async function getTree(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const name = call.parameter('*');
  const git = call.git(repository);
  const commit = await git.resolveCommit(name);
  const treeish = commit ?? name;
  const sha = /^[0-9a-f]{4,40}$/.test(treeish) ? await git.readRef(`${treeish}^{tree}`) : undefined;
  if (sha === undefined) throw notFoundError();
  const recursive = call.query('recursive') !== undefined;
  return ok(showTree(call, repository, { sha, entries: await git.listTree(sha, { recursive }) }));
}

function showTree(
  call: GithubCall,
  repository: Repository,
  tree: {
    readonly sha: string;
    readonly entries: Parameters<typeof showTreeEntry>[2][] | readonly Parameters<typeof showTreeEntry>[2][];
  },
) {
  return {
    sha: tree.sha,
    url: call.urls.repository(repository.fullName, `git/trees/${tree.sha}`),
    tree: tree.entries.map((entry) => showTreeEntry(call.view, repository.fullName, entry)),
    truncated: false,
  };
}

async function createCommit(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const git = call.git(repository);
  const tree = fullSha(body.requiredText('tree'));
  if ((await git.objectType(tree)) !== 'tree') throw unprocessable('Tree SHA does not exist');
  const parents = body.texts('parents') ?? [];
  for (const parent of parents) {
    if ((await git.objectType(fullSha(parent))) !== 'commit')
      throw unprocessable('Parent SHA does not exist or is not a commit object');
  }
  const author = signatureOf(call, body.object('author'));
  const given = body.object('committer');
  // An App's commit without author and committer is committed, and signed, by GitHub.
  const byForge = call.forge.people.appOf(call.actor) !== undefined && !body.has('author') && given === undefined;
  const forge = { name: 'GitHub', email: 'noreply@github.com', date: call.forge.now() };
  const committer = byForge ? forge : given === undefined ? author : signatureOf(call, given);
  const sha = await git.writeCommit({ tree, parents, author, committer, message: body.requiredText('message') });
  const commit = await git.readCommit(sha);
  if (commit === undefined) throw new Error(`commit ${sha} was written and is not there`);
  return created(showGitCommit(call.view, repository.fullName, commit));
}

function signatureOf(call: GithubCall, given: GithubBody | undefined): Signature {
  const user = call.forge.state.users.get(call.actor);
  const date = given?.text('date');
  const parsed = date === undefined ? call.forge.now() : new Date(date);
  if (Number.isNaN(parsed.getTime())) throw validationError({ resource: 'Commit', field: 'date', code: 'invalid' });
  return {
    name: given?.text('name') ?? user?.name ?? call.actor,
    email: given?.text('email') ?? user?.email ?? '',
    date: parsed,
  };
}

async function getCommit(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const commit = await call.git(repository).readCommit(await existing(call, repository, 'commit'));
  if (commit === undefined) throw new ApiError(404, { message: 'Not Found' });
  return ok(showGitCommit(call.view, repository.fullName, commit));
}
