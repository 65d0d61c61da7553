/**
 * What each reviewer says now. Of a person's reviews the latest word counts: an approval stands until they ask for changes or the
 * approval is dismissed; a comment changes nothing.
 */
import type { Permission, Person, Review } from '../forge-objects.js';
import { hasAtLeast } from './among-people.js';
import type { PolicyFacts } from './policy-facts.js';
import type { Veto } from './verdict.js';

export interface ReviewerWord {
  readonly person: Person;
  /** The last word. */
  readonly review: Review;
  /** All approvals that stand: those since their last other word. Empty unless the last word is an approval. */
  readonly approvals: readonly Review[];
}

/** One for each person who said anything but comments, by login. */
export function wordsOfReviewers(reviews: readonly Review[]): readonly ReviewerWord[] {
  const words = new Map<string, ReviewerWord>();
  for (const review of reviews) {
    if (review.state === 'commented') continue;
    const key = review.person.login.toLowerCase();
    const approvals = review.state === 'approved' ? [...(words.get(key)?.approvals ?? []), review] : [];
    words.set(key, { person: review.person, review, approvals });
  }
  return [...words].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, word]) => word);
}

/** Who has write permission, asks for changes and has not withdrawn it. A permission that could not be read might be write. */
export function findVetoes(facts: PolicyFacts): readonly Veto[] {
  return wordsOfReviewers(facts.reviews)
    .filter(({ review }) => review.state === 'changes-requested')
    .filter(({ person }) => {
      const permission = permissionOf(person.login, facts);
      return permission === 'unknown' || hasAtLeast(permission, 'write');
    })
    .map(({ person, review }) => ({ login: person.login, at: review.at, url: review.url }));
}

export function permissionOf(login: string, facts: PolicyFacts): Permission | 'unknown' {
  const key = login.toLowerCase();
  return (Object.hasOwn(facts.permissions, key) ? facts.permissions[key] : undefined) ?? 'unknown';
}
