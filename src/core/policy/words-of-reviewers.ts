/**
 * What each reviewer says now. Of a person's reviews the latest word counts: an approval stands until they ask for changes or the
 * approval is dismissed; a comment changes nothing.
 */
import type { Permission, Person, Review } from '../forge-objects.js';
import type { PeopleRule } from '../people-rule.js';
import { findAmong, sameLogin, type PersonFacts } from './among-people.js';
import type { PolicyFacts } from './policy-facts.js';
import type { Veto } from './verdict.js';

export interface ReviewerWord {
  readonly person: Person;
  /** The last word. */
  readonly review: Review;
  /** All approvals that stand: those since their last other word. Empty unless the last word is an approval. */
  readonly approvals: readonly Review[];
}

/** One for each person who said anything but comments, by login. The order in which reviews are given does not matter, their time does. */
export function wordsOfReviewers(reviews: readonly Review[]): readonly ReviewerWord[] {
  const words = new Map<string, ReviewerWord>();
  for (const review of reviews.toSorted(byTime)) {
    if (review.state === 'commented') continue;
    const key = review.person.login.toLowerCase();
    const approvals = review.state === 'approved' ? [...(words.get(key)?.approvals ?? []), review] : [];
    words.set(key, { person: review.person, review, approvals });
  }
  return [...words].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, word]) => word);
}

/** Of words of one moment the graver is taken for the later. */
const GRAVITY: readonly Review['state'][] = ['commented', 'approved', 'dismissed', 'changes-requested'];

function byTime(a: Review, b: Review): number {
  if (a.at !== b.at) return a.at - b.at;
  const graver = GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state);
  if (graver !== 0) return graver;
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/** Who of `people` asks for changes and has not withdrawn it. Somebody who could not be told to be none of them might be one. */
export function findVetoes(facts: PolicyFacts, people: PeopleRule): readonly Veto[] {
  return wordsOfReviewers(facts.reviews)
    .filter(({ review }) => review.state === 'changes-requested')
    .filter(({ person }) => {
      const { kind } = findAmong(personOf(person.login, people.teams, facts), people);
      return kind !== 'not-among' && kind !== 'no-access';
    })
    .map(({ person, review }) => ({ login: person.login, at: review.at, url: review.url }));
}

/** What is known of a person, with regard to these teams. */
export function personOf(login: string, teams: readonly string[], facts: PolicyFacts): PersonFacts {
  const standings = teams.map((team) => [team, standingIn(login, team, facts)] as const);
  return { login, permission: permissionOf(login, facts), teams: Object.fromEntries(standings) };
}

export function standingIn(login: string, team: string, facts: PolicyFacts): 'member' | 'not-member' | 'unknown' {
  const members = membersOf(team, facts);
  if (members === 'unknown') return 'unknown';
  return members.some((member) => sameLogin(member, login)) ? 'member' : 'not-member';
}

export function membersOf(team: string, facts: PolicyFacts): readonly string[] | 'unknown' {
  return (Object.hasOwn(facts.teams, team) ? facts.teams[team] : undefined) ?? 'unknown';
}

function permissionOf(login: string, facts: PolicyFacts): Permission | 'unknown' {
  const key = login.toLowerCase();
  return (Object.hasOwn(facts.permissions, key) ? facts.permissions[key] : undefined) ?? 'unknown';
}
