/** One forge, as a bundle of its ports. */
import type { ForgeKind, Instant, RepositoryId } from '../core/ids.js';
import type { Checks } from './checks.js';
import type { Contents } from './contents.js';
import type { Guards } from './guards.js';
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

/** A webhook that the bot's own address did not take: no answer, or not a 2xx, at any attempt. */
export interface UntakenWebhook {
  /** The id that it bears whenever it is sent. */
  readonly delivery: string;
  /** The latest attempt's own id. */
  readonly attempt: string;
  readonly event: string;
  /** Of the latest attempt. */
  readonly at: Instant;
  readonly attempts: number;
}

/** The forge's own log of webhooks it sent to the bot. */
export interface SentWebhooks {
  /** Those of which every attempt since then failed, latest first. */
  untaken(since: Instant): Promise<readonly UntakenWebhook[]>;
  /** With the same delivery id and the same body. */
  sendAgain(webhook: UntakenWebhook): Promise<void>;
}

export interface Forge {
  readonly kind: ForgeKind;
  readonly repositories: Repositories;
  readonly pullRequests: PullRequests;
  readonly comments: Comments;
  readonly checks: Checks;
  readonly contents: Contents;
  readonly people: People;
  readonly guards: Guards;
  /** Absent where the forge keeps no such log, or sends again by itself. */
  readonly sentWebhooks?: SentWebhooks;
  /**
   * The same forge for one job, with nothing read yet. What describes a repository (its address, its default branch, its settings) is asked
   * for once there, and a check is compared with what `checks.list` said there last; without it every call asks. Never kept between jobs.
   */
  afresh(): Forge;
  /** Page of a commit, for links. */
  commitUrl(facts: RepositoryFacts, sha: string): string;
}
