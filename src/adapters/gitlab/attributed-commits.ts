/** Whose commits a merge request has: https://docs.gitlab.com/api/merge_requests/#retrieve-merge-request-commits. */
import type { AttributedCommit } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import type { Connection } from './connection.js';
import { nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';

/** Accounts and signatures are asked for one by one: of more than this, no more is told. */
const MOST_ASKED = 100;

export async function attributedCommits(
  connection: Connection,
  repository: RepositoryId,
  number: number,
  { signatures }: { readonly signatures: 'asked' | 'not-asked' },
): Promise<readonly AttributedCommit[]> {
  const { api } = connection;
  const listed = await api.MergeRequests.allCommits(repository.path, number, LARGE_PAGES);
  const commits = listed.slice(0, MOST_ASKED);
  const emails = new Set(commits.flatMap((commit) => [commit.author_email ?? '', commit.committer_email ?? '']));
  const accounts = new Map<string, string | null>();
  for (const email of emails) accounts.set(email, await accountOf(connection, email));
  const found: AttributedCommit[] = [];
  for (const commit of commits) {
    found.push({
      sha: commit.id,
      author: accounts.get(commit.author_email ?? '') ?? null,
      committer: accounts.get(commit.committer_email ?? '') ?? null,
      signature: signatures === 'asked' ? await signatureOf(connection, repository, commit.id) : 'not-asked',
    });
  }
  return found;
}

/** GitLab shows addresses that people made public, and none but those: https://docs.gitlab.com/api/users/#list-users. */
async function accountOf({ api }: Connection, email: string): Promise<string | null> {
  if (email === '') return null;
  const users = await api.Users.all({ search: email, ...LARGE_PAGES });
  const found = users.filter((user) => String(user['public_email'] ?? '').toLowerCase() === email.toLowerCase());
  return found[0]?.username ?? null;
}

/** 404: there is none. https://docs.gitlab.com/api/commits/#retrieve-commit-signature */
async function signatureOf(
  { api }: Connection,
  repository: RepositoryId,
  sha: string,
): Promise<AttributedCommit['signature']> {
  const answer: unknown = await nullIfMissing(api.Commits.showGPGSignature(repository.path, sha));
  return signatureFrom(answer);
}

/** `verified`, `verified_system` (made by GitLab itself) and `verified_ca` (with a certificate). */
export function signatureFrom(answer: unknown): AttributedCommit['signature'] {
  if (typeof answer !== 'object' || answer === null || !('verification_status' in answer)) return 'unverified';
  const status = answer.verification_status;
  return status === 'verified' || status === 'verified_system' || status === 'verified_ca' ? 'verified' : 'unverified';
}
