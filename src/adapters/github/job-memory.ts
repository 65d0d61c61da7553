/**
 * What one job was told by GitHub, so that it asks for none of it again: what describes a repository, which every pull request bears, and
 * the checks of commits, of which only the lane's holder writes the bot's own.
 */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { RepositoryFacts } from '../../ports/forge.js';
import type { GithubCheckRun, GithubPullRequest, GithubStatus } from './from-github.js';

interface ListedChecks {
  /** The newest of each name and App. */
  readonly runs: readonly GithubCheckRun[];
  /** The latest of each context. */
  readonly statuses: readonly GithubStatus[];
}

/** Part of every answer about a repository. */
interface GithubRepository {
  readonly default_branch: string;
  readonly html_url: string;
  readonly clone_url: string;
}

/** As GitHub shows it alone and in listings: its base bears the repository as it is now. */
export type ShownPullRequest = GithubPullRequest & { readonly base: { readonly repo: GithubRepository } };

export class JobMemory {
  readonly #facts = new Map<string, RepositoryFacts>();
  readonly #checks = new Map<string, { readonly listed: ListedChecks; readonly sent: Set<string> }>();

  /** The newest description counts. */
  noteRepository(repository: RepositoryId, data: GithubRepository): void {
    this.#facts.set(repositoryKey(repository), factsFrom(repository, data));
  }

  facts(repository: RepositoryId): RepositoryFacts | null {
    return this.#facts.get(repositoryKey(repository)) ?? null;
  }

  noteChecks(repository: RepositoryId, sha: Sha, listed: ListedChecks): void {
    this.#checks.set(checksKey(repository, sha), { listed, sent: new Set() });
  }

  /** Null: nobody asked, or the one of this name was sent since. */
  checks(repository: RepositoryId, { sha, name }: { readonly sha: Sha; readonly name: string }): ListedChecks | null {
    const known = this.#checks.get(checksKey(repository, sha));
    return known === undefined || known.sent.has(name) ? null : known.listed;
  }

  noteSent(repository: RepositoryId, { sha, name }: { readonly sha: Sha; readonly name: string }): void {
    this.#checks.get(checksKey(repository, sha))?.sent.add(name);
  }
}

export function factsFrom(repository: RepositoryId, data: GithubRepository): RepositoryFacts {
  const { default_branch: defaultBranch, html_url: webUrl, clone_url: cloneUrl } = data;
  return { repository, defaultBranch, webUrl, cloneUrl };
}

function checksKey(repository: RepositoryId, sha: Sha): string {
  return `${repositoryKey(repository)}@${sha}`;
}
