/** What the policy is decided from, gathered fresh. `unknown` is a fact that could not be read; it never helps. */
import type { Check, Permission, Person, Review } from '../forge-objects.js';
import type { ForgeKind, Instant, Sha, TargetName } from '../ids.js';
import type { Amounts, PlanChanges } from '../plan/plan.js';
import type { RegoOutcome } from '../rego/rego.js';
import type { PlanTrait, PromotionFidelity, VersionStep } from './policy-rules.js';

export interface PolicyFacts extends PullRequestFacts, PlanFacts, PeopleFacts {
  /** When this is decided. */
  readonly now: Instant;
  /** Of the head commit, the latest of each name. */
  readonly checks: readonly Check[] | 'unknown';
  /** What the repository's policies in Rego say; null where the policy names none, or they were not asked. */
  readonly rego: RegoOutcome | null;
}

/** What the pull request itself says. */
export interface PullRequestFacts {
  readonly head: Sha;
  /** The target branch's name. */
  readonly base: string | 'unknown';
  readonly author: Person | 'unknown';
  readonly title: string | 'unknown';
  /** Values of trailers (`Refs: OPS-12`) of the description and of its commits. */
  readonly trailers: readonly string[] | 'unknown';
  readonly labels: readonly string[] | 'unknown';
  readonly draft: boolean | 'unknown';
  readonly files: ChangedFiles | 'unknown';
  readonly size: ChangeSize;
  /** Whether the forge calls every commit verified. */
  readonly signed: boolean | 'unknown';
  readonly committers: readonly Committer[] | 'unknown';
  readonly promotion: PromotionFidelity | 'unknown';
}

export interface ChangedFiles {
  /** From the top of the repository; of a renamed file both. */
  readonly paths: readonly string[];
  /** `some`: there are more that could not be listed. */
  readonly extent: 'all' | 'some';
}

interface ChangeSize {
  readonly files: number | 'unknown';
  /** Added plus removed. */
  readonly lines: number | 'unknown';
}

/** What the plan of this head says. */
export interface PlanFacts {
  /** Null while there is none, or it has problems. */
  readonly digest: string | null;
  /** `outside`: changed files that belong to no target. */
  readonly affected: { readonly targets: readonly TargetName[]; readonly outside: readonly string[] } | 'unknown';
  /** By {@link targetKey}; a target that is not here is unknown in all of them. */
  readonly targets: Readonly<Record<string, TargetFacts>>;
  readonly changes: PlanChanges;
  /** Of the whole pull request, each once. */
  readonly traits: readonly PlanTrait[] | 'unknown';
  /** What all targets together cost a month; unknown too where prices do not cover it. */
  readonly cost: Amounts | 'unknown';
}

export interface TargetFacts {
  /** Of resources that differ, each once. */
  readonly kinds: readonly string[] | 'unknown';
  /** The largest of its images, a downgrade before all; `none`: no image has another version; unknown too where versions can't be compared. */
  readonly versionStep: VersionStep | 'none' | 'unknown';
  /**
   * By environment: since when the application has run there what this target would get; null where it does not. An environment that is not
   * here is unknown.
   */
  readonly provenSince: Readonly<Record<string, Instant | null | 'unknown'>>;
}

/** Who said what, and who they are. */
interface PeopleFacts {
  /** In time order, each person's latest word last. */
  readonly reviews: readonly Review[];
  /** Comments `/approve`, as approvals of the head that they were given for; they count where the policy says so. */
  readonly approveCommands: readonly Review[];
  /** Since when the plan of this head has had its digest: approvals given before it do not count. */
  readonly planSince: Instant | 'unknown';
  /** Heads that the pull request had before; one that is not here is not known to have been the same. */
  readonly earlierHeads: readonly EarlierHead[];
  /** By login in lower case; a login that is not here counts as unknown. */
  readonly permissions: Readonly<Record<string, Permission | 'unknown'>>;
  /** Logins by team as the rules write it; a team that is not here counts as unknown. */
  readonly teams: Readonly<Record<string, readonly string[] | 'unknown'>>;
  /** By environment: who approved what it runs now. One that is not here is unknown. */
  readonly approversOf: Readonly<Record<string, readonly string[] | 'unknown'>>;
  /** What CODEOWNERS of the target branch wants for the changed files; empty where nobody owns them. */
  readonly codeOwners: readonly OwnedPaths[] | 'unknown';
}

export interface EarlierHead {
  readonly head: Sha;
  /** Of its last plan; null where it had none. */
  readonly digest: string | null;
  /** Since when its plan had that digest. */
  readonly since: Instant;
  /** What came after it up to the head of now. `neutral`: commits of the bot and merges of the target branch alone. */
  readonly after: 'neutral' | 'work' | 'unknown';
}

/** Author, committer or co-author of the pull request's commits. */
export interface Committer {
  /** Null: no account is known for the e-mail address; it counts as somebody else's work. */
  readonly login: string | null;
  readonly email: string;
  readonly roles: readonly CommitRole[];
}

export type CommitRole = 'author' | 'committer' | 'co-author';

/** One line of CODEOWNERS that decides about some of the changed files. */
export interface OwnedPaths {
  readonly section: string | null;
  /** Optional ones are shown and never awaited. */
  readonly demand: 'required' | 'optional';
  readonly line: number;
  readonly pattern: string;
  /** How many owners must approve. */
  readonly approvals: number;
  /** As written: `@acme/sre`. */
  readonly owners: readonly string[];
  /** Everyone who is meant, by login. */
  readonly people: readonly string[];
  /** Owners, as written, whose people could not be read. */
  readonly unreadable: readonly string[];
}

/** Everything unknown: gatherers and tests say what they know over it. */
export const NOTHING_KNOWN: Omit<PolicyFacts, 'head' | 'now'> = {
  base: 'unknown',
  author: 'unknown',
  title: 'unknown',
  trailers: 'unknown',
  labels: 'unknown',
  draft: 'unknown',
  files: 'unknown',
  size: { files: 'unknown', lines: 'unknown' },
  signed: 'unknown',
  committers: 'unknown',
  promotion: 'unknown',
  digest: null,
  affected: 'unknown',
  targets: {},
  changes: 'unknown',
  traits: 'unknown',
  cost: 'unknown',
  reviews: [],
  approveCommands: [],
  planSince: 'unknown',
  earlierHeads: [],
  permissions: {},
  teams: {},
  approversOf: {},
  codeOwners: 'unknown',
  checks: 'unknown',
  rego: null,
};

/** Whose permission must be looked up before {@link PolicyFacts} are complete: everyone who reviewed, in lower case. */
export function reviewersOf(reviews: readonly Review[]): readonly string[] {
  return [
    ...new Set(reviews.filter(({ state }) => state !== 'commented').map(({ person }) => person.login.toLowerCase())),
  ];
}

/**
 * The login inside an address that a forge makes up for people who hide theirs: `12+alice@users.noreply.github.com`,
 * `12-alice@users.noreply.gitlab.com`. Null for any other address.
 */
export function loginOfNoreplyAddress(email: string, forge: ForgeKind): string | null {
  const pattern =
    forge === 'github'
      ? /^(?:[0-9]+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+$/i
      : /^[0-9]+-([A-Za-z0-9_.-]+)@users\.noreply\.[a-z0-9.-]+$/i;
  return pattern.exec(email)?.[1] ?? null;
}
