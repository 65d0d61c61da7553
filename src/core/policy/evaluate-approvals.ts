/** Which approvals count for one requirement, which do not and why, and who can still give one. */
import type { Review } from '../forge-objects.js';
import { sameLogin } from './among-people.js';
import { discountPerson, discountReview, loginsOf, unknownExcluded } from './discount-approval.js';
import type { OwnedPaths, PolicyFacts } from './policy-facts.js';
import type { ApprovalsRequirement, Approvers, Policy } from './policy-rules.js';
import type { ApprovalsNode, DiscountReason, OwnersNode, UnknownFact } from './verdict-node.js';
import { membersOf, wordsOfReviewers, type ReviewerWord } from './words-of-reviewers.js';

/**
 * `passed` with enough approvals, and those of the owners where the rule asks for them. `refused` while a fact that everyone's approval hangs
 * on is unknown, or when nobody is left who could give what is missing. Else `pending`: an approval that can't be told to count does
 * not, and somebody else's may.
 */
export function evaluateApprovals(
  rule: ApprovalsRequirement,
  facts: PolicyFacts,
  approveCommand: Policy['approveCommand'],
): ApprovalsNode {
  const judged = judgeAll(rule, facts, approveCommand);
  const countedApprovals = judged.flatMap(({ review, why }) =>
    why === null && review.commit !== null
      ? [{ login: review.person.login, commit: review.commit, at: review.at }]
      : [],
  );
  const discounted = judged.flatMap(({ review, why }) =>
    why === null ? [] : [{ login: review.person.login, commit: review.commit, at: review.at, why }],
  );
  const by = countedApprovals.map(({ login }) => login);
  const cannot = [...rule.not.flatMap((excluded) => loginsOf(excluded, facts)), ...by];
  const owners = rule.from.codeowners === 'ask' ? ownersNodes(facts, by, cannot) : [];
  const missing = Math.max(0, rule.count - by.length);
  const done = missing === 0 && owners.every(({ state }) => state === 'passed');
  const unknown = done && !waitsForOwners(rule, facts) ? [] : unknownFacts(rule, facts);
  const people = done ? null : peopleLeft(rule.from, facts, cannot);
  const nobody = (people !== null && people < missing) || owners.some(({ state }) => state === 'refused');
  return {
    kind: 'approvals',
    state: unknown.length > 0 ? 'refused' : done ? 'passed' : nobody ? 'refused' : 'pending',
    unknown,
    required: rule.count,
    countedApprovals,
    discounted,
    missing,
    owners,
    whoCanStill: done ? null : { approvers: rule.from, except: distinct(cannot), people },
  };
}

interface Judged {
  readonly review: Review;
  /** Null: it counts. */
  readonly why: DiscountReason | null;
}

function judgeAll(
  rule: ApprovalsRequirement,
  facts: PolicyFacts,
  approveCommand: Policy['approveCommand'],
): readonly Judged[] {
  const comments = approveCommand === 'counts' ? facts.approveCommands : [];
  const judged = wordsOfReviewers([...facts.reviews, ...comments])
    .filter(({ review }) => review.state !== 'changes-requested')
    .map((word) => judge(word, rule, facts));
  if (approveCommand === 'counts') return judged;
  const inVain = wordsOfReviewers(facts.approveCommands).filter(
    ({ person }) => !judged.some(({ review, why }) => why === null && sameLogin(review.person.login, person.login)),
  );
  return [...judged, ...inVain.map(({ review }): Judged => ({ review, why: { kind: 'approve-command' } }))];
}

/** Of several standing approvals of one person the best one speaks: an extra approval never takes anything away. */
function judge(word: ReviewerWord, rule: ApprovalsRequirement, facts: PolicyFacts): Judged {
  if (word.review.state === 'dismissed') return { review: word.review, why: { kind: 'dismissed' } };
  const forPerson = discountPerson(word.person, rule, facts);
  const judged = word.approvals.map((review) => ({ review, why: forPerson ?? discountReview(review, facts) }));
  const counting = judged.findLast(({ why }) => why === null);
  return counting ?? judged.at(-1) ?? { review: word.review, why: { kind: 'dismissed' } };
}

/** What CODEOWNERS wants is not known: then it might want somebody else's approval too. */
function waitsForOwners(rule: ApprovalsRequirement, { codeOwners }: PolicyFacts): boolean {
  return rule.from.codeowners === 'ask' && codeOwners === 'unknown';
}

function ownersNodes(facts: PolicyFacts, by: readonly string[], cannot: readonly string[]): readonly OwnersNode[] {
  if (facts.codeOwners === 'unknown') return [];
  return facts.codeOwners.filter(({ demand }) => demand === 'required').map((owned) => ownersNode(owned, by, cannot));
}

function ownersNode(owned: OwnedPaths, by: readonly string[], cannot: readonly string[]): OwnersNode {
  const owners = by.filter((login) => includes(owned.people, login));
  const missing = owned.approvals - owners.length;
  const left = owned.people.filter((login) => !includes(cannot, login)).length;
  const nobody = owned.unreadable.length === 0 && left < missing;
  return {
    state: missing <= 0 ? 'passed' : nobody ? 'refused' : 'pending',
    section: owned.section,
    line: owned.line,
    pattern: owned.pattern,
    owners: owned.owners,
    required: owned.approvals,
    by: owners,
  };
}

function unknownFacts(rule: ApprovalsRequirement, facts: PolicyFacts): readonly UnknownFact[] {
  const excluded = rule.not.flatMap((each) => unknownExcluded(each, facts) ?? []);
  const plan: readonly UnknownFact[] = facts.planSince === 'unknown' ? [{ kind: 'plan-since' }] : [];
  const owners: readonly UnknownFact[] = waitsForOwners(rule, facts) ? [{ kind: 'code-owners' }] : [];
  return [...excluded, ...plan, ...owners, ...unreadableSources(rule.from, facts)];
}

/** Where nobody can be told to be among those who may approve, since all that would tell could not be read. */
function unreadableSources(
  { users, teams, permission, codeowners }: Approvers,
  facts: PolicyFacts,
): readonly UnknownFact[] {
  if (users.length > 0 || permission !== null) return [];
  const owned = codeowners === 'ask' && facts.codeOwners !== 'unknown' ? facts.codeOwners : [];
  const owners = distinct(owned.flatMap(({ unreadable }) => unreadable));
  const unread = teams.filter((team) => membersOf(team, facts) === 'unknown');
  if (unread.length < teams.length || owned.some(({ people }) => people.length > 0)) return [];
  return [
    ...unread.map((team): UnknownFact => ({ kind: 'team', team })),
    ...owners.map((owner): UnknownFact => ({ kind: 'owner', owner })),
  ];
}

/** How many could still approve; null where not everyone who might is known by name. */
function peopleLeft(from: Approvers, facts: PolicyFacts, cannot: readonly string[]): number | null {
  if (from.permission !== null) return null;
  const teams = from.teams.map((team) => membersOf(team, facts));
  const owned = from.codeowners === 'ask' ? facts.codeOwners : [];
  if (teams.includes('unknown') || owned === 'unknown') return null;
  if (owned.some(({ unreadable }) => unreadable.length > 0)) return null;
  const members = teams.flatMap((team) => (team === 'unknown' ? [] : team));
  const all = distinct([...from.users, ...members, ...owned.flatMap(({ people }) => people)]);
  return all.filter((login) => !includes(cannot, login)).length;
}

function includes(logins: readonly string[], login: string): boolean {
  return logins.some((each) => sameLogin(each, login));
}

/** The first spelling of each login. */
function distinct(logins: readonly string[]): readonly string[] {
  return logins.filter((login, index) => logins.findIndex((each) => sameLogin(each, login)) === index);
}
