/** One forge, as a bundle of its ports. */
import type { ForgeKind, RepositoryId } from '../core/ids.js';
import type { Checks } from './checks.js';
import type { Contents } from './contents.js';
import type { People } from './people.js';
import type { Comments, PullRequests } from './pull-requests.js';

export interface RepositoryFacts {
  readonly repository: RepositoryId;
  readonly defaultBranch: string;
  /** For people. */
  readonly webUrl: string;
  /** For git, without credentials. */
  readonly cloneUrl: string;
}

export interface GitCredentials {
  readonly username: string;
  /** Secret: never on a command line, in a file or in a log. */
  readonly password: string;
}

export interface Repositories {
  /** Every repository the bot was given. */
  list(): Promise<readonly RepositoryId[]>;
  /** Null: not there, or not given to the bot. */
  facts(repository: RepositoryId): Promise<RepositoryFacts | null>;
  credentials(repository: RepositoryId): Promise<GitCredentials>;
}

export interface Forge {
  readonly kind: ForgeKind;
  readonly repositories: Repositories;
  readonly pullRequests: PullRequests;
  readonly comments: Comments;
  readonly checks: Checks;
  readonly contents: Contents;
  readonly people: People;
  /** Page of a commit, for links. */
  commitUrl(facts: RepositoryFacts, sha: string): string;
}
