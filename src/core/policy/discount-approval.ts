/** Why an approval does not count for one requirement, if it does not. */
import type { Review } from '../forge-objects.js';
import { unreachable } from '../unreachable.js';
import { findAmong, sameLogin } from './among-people.js';
import type { PolicyFacts } from './policy-facts.js';
import type { ApprovalsRequirement, Excluded } from './policy-rules.js';
import type { DiscountReason, UnknownFact } from './verdict-node.js';
import { personOf } from './words-of-reviewers.js';

/** What is wrong with the person, whatever they approved; null: nothing. */
export function discountPerson(
  person: Review['person'],
  rule: ApprovalsRequirement,
  facts: PolicyFacts,
): DiscountReason | null {
  if (person.kind === 'bot') return { kind: 'bot' };
  const found = rule.not.map((excluded) => discountExcluded(person.login, excluded, facts));
  const sure = found.find((why) => why !== null && why.kind !== 'unknown');
  return sure ?? found.find((why) => why !== null) ?? discountStranger(person.login, rule, facts);
}

function discountExcluded(login: string, excluded: Excluded, facts: PolicyFacts): DiscountReason | null {
  const fact = unknownExcluded(excluded, facts);
  if (fact !== null) return { kind: 'unknown', fact };
  switch (excluded.kind) {
    case 'author':
      return authorsOf(facts).some((each) => sameLogin(each, login)) ? { kind: 'author' } : null;
    case 'committers': {
      const { committers } = facts;
      // A commit of an address without an account is somebody else's work.
      const own = committers === 'unknown' ? [] : committers.filter((each) => isLogin(each.login, login));
      const roles = [...new Set(own.flatMap((each) => each.roles))];
      return own.length > 0 ? { kind: 'committer', roles } : null;
    }
    case 'approvers-of': {
      const { environment } = excluded;
      const is = approversOf(environment, facts).some((each) => sameLogin(each, login));
      return is ? { kind: 'approver-of', environment } : null;
    }
    default:
      return unreachable(excluded);
  }
}

function isLogin(known: string | null, login: string): boolean {
  return known !== null && sameLogin(known, login);
}

function authorsOf({ author }: PolicyFacts): readonly string[] {
  return author === 'unknown' ? [] : [author.login];
}

function approversOf(environment: string, facts: PolicyFacts): readonly string[] {
  const known = Object.hasOwn(facts.approversOf, environment) ? facts.approversOf[environment] : undefined;
  return known === undefined || known === 'unknown' ? [] : known;
}

/** Everybody's approval hangs on it: the fact that would tell whom `excluded` means, if it could not be read. */
export function unknownExcluded(excluded: Excluded, facts: PolicyFacts): UnknownFact | null {
  switch (excluded.kind) {
    case 'author':
      return facts.author === 'unknown' ? { kind: 'author' } : null;
    case 'committers':
      return facts.committers === 'unknown' ? { kind: 'committers' } : null;
    case 'approvers-of': {
      const { environment } = excluded;
      const known = Object.hasOwn(facts.approversOf, environment) ? facts.approversOf[environment] : undefined;
      return known === undefined || known === 'unknown' ? { kind: 'approvers-of', environment } : null;
    }
    default:
      return unreachable(excluded);
  }
}

/** Whom `excluded` means, as far as it is known. */
export function loginsOf(excluded: Excluded, facts: PolicyFacts): readonly string[] {
  switch (excluded.kind) {
    case 'author':
      return authorsOf(facts);
    case 'committers':
      return facts.committers === 'unknown'
        ? []
        : facts.committers.flatMap(({ login }) => (login === null ? [] : [login]));
    case 'approvers-of':
      return approversOf(excluded.environment, facts);
    default:
      return unreachable(excluded);
  }
}

function discountStranger(login: string, rule: ApprovalsRequirement, facts: PolicyFacts): DiscountReason | null {
  const among = findAmong(personOf(login, rule.from.teams, facts), rule.from);
  switch (among.kind) {
    case 'among':
      return null;
    case 'no-access':
      return { kind: 'no-permission' };
    case 'permission-unknown':
      return { kind: 'unknown', fact: { kind: 'permission', login } };
    case 'not-among':
    case 'team-unknown': {
      const owner = rule.from.codeowners === 'ask' ? findOwner(login, facts) : { kind: 'not-an-owner' as const };
      if (owner.kind === 'owner') return null;
      if (among.kind === 'team-unknown') return { kind: 'unknown', fact: { kind: 'team', team: among.team } };
      return owner.kind === 'unknown' ? owner : { kind: 'not-among', approvers: rule.from };
    }
    default:
      return unreachable(among);
  }
}

type Ownership = { readonly kind: 'owner' | 'not-an-owner' } | { readonly kind: 'unknown'; readonly fact: UnknownFact };

/** Of any changed file. */
function findOwner(login: string, { codeOwners }: PolicyFacts): Ownership {
  if (codeOwners === 'unknown') return { kind: 'unknown', fact: { kind: 'code-owners' } };
  if (codeOwners.some(({ people }) => people.some((each) => sameLogin(each, login)))) return { kind: 'owner' };
  const owner = codeOwners.flatMap(({ unreadable }) => unreadable)[0];
  return owner === undefined ? { kind: 'not-an-owner' } : { kind: 'unknown', fact: { kind: 'owner', owner } };
}

/** What is wrong with what was approved; null: it is what would be merged. */
export function discountReview({ commit, at }: Review, facts: PolicyFacts): DiscountReason | null {
  if (commit === facts.head) {
    if (facts.planSince === 'unknown') return { kind: 'unknown', fact: { kind: 'plan-since' } };
    return at < facts.planSince ? { kind: 'before-plan-changed' } : null;
  }
  const earlier = facts.earlierHeads.find(({ head }) => head === commit);
  if (earlier === undefined || earlier.after === 'work') return { kind: 'not-current-head' };
  if (earlier.after === 'unknown') return { kind: 'unknown', fact: { kind: 'earlier-head', commit: earlier.head } };
  if (facts.digest === null) return { kind: 'unknown', fact: { kind: 'plan-since' } };
  return earlier.digest === facts.digest && at >= earlier.since ? null : { kind: 'before-plan-changed' };
}
