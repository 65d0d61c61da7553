/** Commits, trees, blobs, refs and differences as GitHub shows them. */
import type { Commit, FileDifference, Ref, Signature, TreeEntry } from '../git/git-objects.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';
import { showSimpleUser } from './show-user.js';

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** Commits by an App through the API without author are signed by GitHub; they are known by their committer here. */
function verification(commit: Commit): Readonly<Record<string, unknown>> {
  return commit.committer.email === 'noreply@github.com'
    ? { ...unsigned, verified: true, reason: 'valid', signature: 'simulated', payload: commit.sha }
    : unsigned;
}

function showSignature(signature: Signature): Readonly<Record<string, unknown>> {
  return { name: signature.name, email: signature.email, date: showTime(signature.date) };
}

function accountOf(view: GithubView, signature: Signature): Readonly<Record<string, unknown>> | null {
  const user = [...view.forge.state.users.values()].find((one) => one.email === signature.email);
  return user === undefined ? null : showSimpleUser(view, user.login);
}

/** `commits/{ref}` and lists of commits. */
export function showCommit(view: GithubView, repository: string, commit: Commit): Readonly<Record<string, unknown>> {
  const url = view.urls.repository(repository, `commits/${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: showSignature(commit.author),
      committer: showSignature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: view.urls.repository(repository, `git/trees/${commit.tree}`) },
      url: view.urls.repository(repository, `git/commits/${commit.sha}`),
      comment_count: 0,
      verification: verification(commit),
    },
    url,
    html_url: view.urls.html(`${repository}/commit/${commit.sha}`),
    comments_url: `${url}/comments`,
    author: accountOf(view, commit.author),
    committer: accountOf(view, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: view.urls.repository(repository, `commits/${sha}`),
      html_url: view.urls.html(`${repository}/commit/${sha}`),
    })),
  };
}

/** `git/commits/{sha}`. */
export function showGitCommit(view: GithubView, repository: string, commit: Commit): Readonly<Record<string, unknown>> {
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: view.urls.repository(repository, `git/commits/${commit.sha}`),
    html_url: view.urls.html(`${repository}/commit/${commit.sha}`),
    author: showSignature(commit.author),
    committer: showSignature(commit.committer),
    tree: { sha: commit.tree, url: view.urls.repository(repository, `git/trees/${commit.tree}`) },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: view.urls.repository(repository, `git/commits/${sha}`),
      html_url: view.urls.html(`${repository}/commit/${sha}`),
    })),
    verification: verification(commit),
  };
}

export function showRef(view: GithubView, repository: string, ref: Ref): Readonly<Record<string, unknown>> {
  const path = ref.name.replace(/^refs\//, '');
  return {
    ref: ref.name,
    node_id: nodeId('Ref', `${repository}:${ref.name}`),
    url: view.urls.repository(repository, `git/refs/${path}`),
    object: { sha: ref.sha, type: ref.type, url: view.urls.repository(repository, `git/${ref.type}s/${ref.sha}`) },
  };
}

export function showTreeEntry(
  view: GithubView,
  repository: string,
  entry: TreeEntry,
): Readonly<Record<string, unknown>> {
  return {
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.size === undefined ? {} : { size: entry.size }),
    ...(entry.type === 'commit' ? {} : { url: view.urls.repository(repository, `git/${entry.type}s/${entry.sha}`) }),
  };
}

/** A file of a pull request, a commit or a comparison, as of `head`. */
export function showDifference(
  view: GithubView,
  at: { readonly repository: string; readonly head: string },
  file: FileDifference,
): Readonly<Record<string, unknown>> {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.status === 'removed' ? file.oldSha : file.newSha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: view.urls.html(`${at.repository}/blob/${at.head}/${path}`),
    raw_url: view.urls.html(`${at.repository}/raw/${at.head}/${path}`),
    contents_url: view.urls.repository(at.repository, `contents/${path}?ref=${at.head}`),
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.status === 'renamed' ? { previous_filename: file.previousPath } : {}),
  };
}
