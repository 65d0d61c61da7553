/** Which approvals count for one rule, which do not and why, and who can still give one. */
import type { PolicyRequirement } from '../configuration.js';
import type { Review } from '../forge-objects.js';
import { unreachable } from '../unreachable.js';
import { findAmong, sameLogin, type PersonFacts } from './among-people.js';
import type { PolicyFacts } from './policy-facts.js';
import type { DiscountReason, RuleResult, UnknownFact } from './verdict.js';
import { permissionOf, wordsOfReviewers, type ReviewerWord } from './words-of-reviewers.js';

type Approvals = Extract<PolicyRequirement, { kind: 'approvals' }>;

/** `passed` with enough approvals; `refused` when a fact was unknown that might have counted against or for one; else `pending`. */
export function evaluateApprovals(rule: Approvals, facts: PolicyFacts): Omit<RuleResult, 'name' | 'decides'> {
  const judged = wordsOfReviewers(facts.reviews)
    .filter(({ review }) => review.state !== 'changes-requested')
    .map((word) => judge(word, rule, facts));
  const counted = judged.flatMap(({ review, commit, why }) =>
    why === null && commit !== null ? [{ login: review.person.login, commit, at: review.at }] : [],
  );
  const discounted = judged.flatMap(({ review, commit, why }) =>
    why === null ? [] : [{ login: review.person.login, commit, at: review.at, why }],
  );
  const missing = Math.max(0, rule.count - counted.length);
  const unknown = missing === 0 ? [] : unknownFacts(rule, facts, discounted);
  const except = [...excludedLogins(rule, facts), ...counted.map(({ login }) => login)];
  return {
    state: missing === 0 ? 'passed' : unknown.length > 0 ? 'refused' : 'pending',
    unknown,
    required: rule.count,
    countedApprovals: counted,
    discounted,
    missing,
    whoCanStill: missing === 0 ? null : { people: rule.from, except: [...new Set(except)] },
  };
}

interface Judged {
  readonly review: Review;
  readonly commit: string | null;
  /** Null: it counts. */
  readonly why: DiscountReason | null;
}

/** Of several standing approvals of one person the best one speaks: an extra approval never takes anything away. */
function judge(word: ReviewerWord, rule: Approvals, facts: PolicyFacts): Judged {
  const forPerson = discountPerson(word, rule, facts);
  const judged = (word.approvals.length > 0 ? word.approvals : [word.review]).map((review) => ({
    review,
    commit: review.commit,
    why: forPerson ?? discountReview(review, facts),
  }));
  const counting = judged.findLast(({ why }) => why === null);
  return counting ?? judged.at(-1) ?? { review: word.review, commit: word.review.commit, why: { kind: 'dismissed' } };
}

function discountPerson(word: ReviewerWord, rule: Approvals, facts: PolicyFacts): DiscountReason | null {
  if (word.review.state === 'dismissed') return { kind: 'dismissed' };
  if (word.person.kind === 'bot') return { kind: 'bot' };
  const { login } = word.person;
  return (
    discountAuthor(login, rule, facts) ?? discountCommitter(login, rule, facts) ?? discountStranger(login, rule, facts)
  );
}

function discountAuthor(login: string, rule: Approvals, { author }: PolicyFacts): DiscountReason | null {
  if (!rule.not.includes('author')) return null;
  if (author === 'unknown') return { kind: 'unknown', fact: { kind: 'author' } };
  return sameLogin(author.login, login) ? { kind: 'author' } : null;
}

function discountCommitter(login: string, rule: Approvals, facts: PolicyFacts): DiscountReason | null {
  if (!rule.not.includes('committers')) return null;
  const { committers } = facts;
  if (committers !== 'unknown' && committers.some((each) => each.login !== null && sameLogin(each.login, login))) {
    return { kind: 'committer' };
  }
  const fact = unknownCommitter(facts);
  return fact === null ? null : { kind: 'unknown', fact };
}

/** A commit by an address without an account may be anybody's, the approver's too. */
function unknownCommitter({ committers }: PolicyFacts): UnknownFact | null {
  if (committers === 'unknown') return { kind: 'committers', email: null };
  const nameless = committers.find(({ login }) => login === null);
  return nameless === undefined ? null : { kind: 'committers', email: nameless.email };
}

function discountStranger(login: string, rule: Approvals, facts: PolicyFacts): DiscountReason | null {
  const among = findAmong(personOf(login, rule, facts), rule.from);
  switch (among.kind) {
    case 'among':
      return null;
    case 'not-among':
      return { kind: 'not-in-teams', people: rule.from };
    case 'no-access':
      return { kind: 'no-permission' };
    case 'permission-unknown':
      return { kind: 'unknown', fact: { kind: 'permission', login } };
    case 'team-unknown':
      return { kind: 'unknown', fact: { kind: 'team', team: among.team } };
    default:
      return unreachable(among);
  }
}

function personOf(login: string, rule: Approvals, facts: PolicyFacts): PersonFacts {
  const teams = rule.from.teams.map((team) => {
    const members = Object.hasOwn(facts.teams, team) ? facts.teams[team] : undefined;
    if (members === undefined || members === 'unknown') return [team, 'unknown'] as const;
    return [team, members.some((member) => sameLogin(member, login)) ? 'member' : 'not-member'] as const;
  });
  return { login, permission: permissionOf(login, facts), teams: Object.fromEntries(teams) };
}

function discountReview(review: Review, { head, planSince }: PolicyFacts): DiscountReason | null {
  if (review.commit !== head) return { kind: 'not-current-head' };
  if (planSince === 'unknown') return { kind: 'unknown', fact: { kind: 'plan-since' } };
  return review.at < planSince ? { kind: 'before-plan-changed' } : null;
}

function unknownFacts(
  rule: Approvals,
  facts: PolicyFacts,
  discounted: readonly { readonly why: DiscountReason }[],
): readonly UnknownFact[] {
  const all: UnknownFact[] = discounted.flatMap(({ why }) => (why.kind === 'unknown' ? [why.fact] : []));
  if (rule.not.includes('author') && facts.author === 'unknown') all.push({ kind: 'author' });
  const committer = rule.not.includes('committers') ? unknownCommitter(facts) : null;
  if (committer !== null) all.push(committer);
  const keys = all.map((fact) => JSON.stringify(fact));
  return all.filter((_, index) => keys.indexOf(JSON.stringify(all[index])) === index);
}

function excludedLogins(rule: Approvals, { author, committers }: PolicyFacts): readonly string[] {
  const authors = rule.not.includes('author') && author !== 'unknown' ? [author.login] : [];
  if (!rule.not.includes('committers') || committers === 'unknown') return authors;
  return [...authors, ...committers.flatMap(({ login }) => (login === null ? [] : [login]))];
}
