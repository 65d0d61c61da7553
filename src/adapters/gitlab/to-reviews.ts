/**
 * GitLab's approvals as reviews.
 *
 * An approval says who, not for which commit. It is bound here to the merge request's version that was in force when it was given; a
 * version that GitLab recorded only after the approval does not count as seen. `approvals_left: 0` is never looked at: without
 * approval rules it is 0 from the start.
 */
import type { Person, Review } from '../../core/forge-objects.js';
import type { Instant, Sha } from '../../core/ids.js';
import { toInstant } from './instant.js';
import { toPerson } from './person.js';

interface Account {
  readonly username: string;
}

export interface ReviewFacts {
  readonly approvals: readonly { readonly user: Account; readonly approved_at?: unknown }[];
  /** Empty where GitLab has no such list. */
  readonly reviewers: readonly { readonly user: Account; readonly state: string; readonly created_at: string }[];
  readonly systemNotes: readonly {
    readonly id: number;
    readonly author: Account;
    readonly body: string;
    readonly created_at: string;
  }[];
  readonly versions: readonly { readonly head_commit_sha: Sha; readonly created_at: string }[];
  /** Usernames of accounts that GitLab marks as bots'. */
  readonly bots: ReadonlySet<string>;
  /** Page of the merge request. */
  readonly page: string;
}

/** What GitLab writes into the merge request's history, from its first words on. */
const APPROVED_NOTE = 'approved this merge request';
const CHANGES_NOTE = 'requested changes';

export function toReviews(facts: ReviewFacts, ownLogin: string): readonly Review[] {
  const approvals = facts.approvals.map(({ user, approved_at: approvedAt }): Review => {
    const note = lastNote(facts, user, APPROVED_NOTE);
    const at = typeof approvedAt === 'string' ? toInstant(approvedAt) : (note?.at ?? null);
    return {
      person: reviewerOf(user, facts, ownLogin),
      state: 'approved',
      commit: at === null ? null : headAt(facts, at),
      at: at ?? newestVersionAt(facts),
      url: note?.url ?? null,
    };
  });
  const requests = facts.reviewers
    .filter((reviewer) => reviewer.state === 'requested_changes')
    .map(({ user, created_at: askedAt }): Review => {
      const note = lastNote(facts, user, CHANGES_NOTE);
      const at = note?.at ?? toInstant(askedAt);
      // Without a note the time is only that of the invitation. The request stands until withdrawn: bind it to what there is now.
      const commit = note === null ? newestHead(facts) : headAt(facts, at);
      return {
        person: reviewerOf(user, facts, ownLogin),
        state: 'changes-requested',
        commit,
        at,
        url: note?.url ?? null,
      };
    });
  return [...approvals, ...requests].sort((a, b) => a.at - b.at);
}

function reviewerOf(user: Account, { bots }: ReviewFacts, ownLogin: string): Person {
  const person = toPerson(user, ownLogin);
  return bots.has(user.username) ? { ...person, kind: 'bot' } : person;
}

function lastNote(
  facts: ReviewFacts,
  user: Account,
  words: string,
): { readonly at: Instant; readonly url: string } | null {
  const theirs = facts.systemNotes
    .filter((note) => note.author.username === user.username && note.body.startsWith(words))
    .map((note) => ({ at: toInstant(note.created_at), url: `${facts.page}#note_${note.id}` }));
  return theirs.reduce<(typeof theirs)[number] | null>(
    (last, note) => (last === null || note.at >= last.at ? note : last),
    null,
  );
}

/**
 * The head that the merge request had at that time. Where a push and the approval bear the same time, the approval is taken to be about
 * what was there before: at worst somebody approves once more.
 */
function headAt(facts: ReviewFacts, at: Instant): Sha | null {
  // GitLab lists the newest first.
  const known = facts.versions
    .map((version) => ({ sha: version.head_commit_sha, since: toInstant(version.created_at) }))
    .filter(({ since }) => since <= at)
    .toSorted((a, b) => b.since - a.since);
  return (known.find(({ since }) => since < at) ?? known.at(-1))?.sha ?? null;
}

function newestHead(facts: ReviewFacts): Sha | null {
  const newest = newestVersionAt(facts);
  return facts.versions.find((version) => toInstant(version.created_at) === newest)?.head_commit_sha ?? null;
}

function newestVersionAt(facts: ReviewFacts): Instant {
  return facts.versions.reduce((newest, version) => Math.max(newest, toInstant(version.created_at)), 0);
}
