/** How one requirement stands: a tree that mirrors it. */
import { RE2JS } from 're2js';
import type { Check } from '../forge-objects.js';
import { unreachable } from '../unreachable.js';
import { evaluateApprovals } from './evaluate-approvals.js';
import { compileGlob } from '../glob/glob.js';
import type { PolicyFacts } from './policy-facts.js';
import type { GroupRequirement, Policy, Requirement } from './policy-rules.js';
import type { ChecksNode, TicketNode, UnknownFact, VerdictNode, VerdictState } from './verdict-node.js';

export function evaluateRequirement(
  requirement: Requirement,
  facts: PolicyFacts,
  approveCommand: Policy['approveCommand'],
): VerdictNode {
  switch (requirement.kind) {
    case 'none':
      return { kind: 'none', state: 'passed' };
    case 'approvals':
      return evaluateApprovals(requirement, facts, approveCommand);
    case 'checks':
      return evaluateChecks(requirement.globs, facts);
    case 'ticket':
      return evaluateTicket(requirement.pattern, facts);
    case 'all':
    case 'any':
    case 'n-of':
      return evaluateGroup(
        requirement,
        requirement.of.map((each) => evaluateRequirement(each, facts, approveCommand)),
      );
    default:
      return unreachable(requirement);
  }
}

/** Refused once what is refused leaves too few; pending while those that wait might still make it enough. */
function evaluateGroup({ kind, needed }: GroupRequirement, of: readonly VerdictNode[]): VerdictNode {
  const count = (state: VerdictState): number => of.filter((node) => node.state === state).length;
  const passed = count('passed');
  const state = passed >= needed ? 'passed' : passed + count('pending') >= needed ? 'pending' : 'refused';
  return { kind, state, needed, of };
}

/** The bot's own checks say what is decided here: to wait for them would be to wait for oneself. */
const OWN = 'lockkeeper/';

function evaluateChecks(globs: readonly string[], { checks }: PolicyFacts): ChecksNode {
  if (checks === 'unknown') {
    const results = globs.map((glob) => ({ glob, state: 'refused' as const, checks: [] }));
    return { kind: 'checks', state: 'refused', globs: results, unknown: [{ kind: 'checks' }] };
  }
  const others = checks.filter(({ name }) => !name.startsWith(OWN));
  const results = globs.map((glob) => {
    const matches = compileGlob(glob);
    const matching = others.filter(({ name }) => matches(name));
    return { glob, state: stateOfChecks(matching), checks: matching };
  });
  return { kind: 'checks', state: worst(results.map(({ state }) => state)), globs: results, unknown: [] };
}

/** What was not reported yet has not succeeded; what ended without a verdict takes nothing away from those that did. */
function stateOfChecks(checks: readonly Check[]): VerdictState {
  if (checks.some(({ state }) => state === 'failure')) return 'refused';
  const green = checks.some(({ state }) => state === 'success') && checks.every(({ state }) => state !== 'pending');
  return green ? 'passed' : 'pending';
}

/** The gravest of them. */
export function worst(states: readonly VerdictState[]): VerdictState {
  if (states.includes('refused')) return 'refused';
  return states.includes('pending') ? 'pending' : 'passed';
}

function evaluateTicket(pattern: string, { title, trailers }: PolicyFacts): TicketNode {
  const expression = RE2JS.compile(pattern);
  const known = [...(title === 'unknown' ? [] : [title]), ...(trailers === 'unknown' ? [] : trailers)];
  const found = known.find((text) => expression.test(text)) ?? null;
  const unknown: readonly UnknownFact[] = [
    ...(title === 'unknown' ? [{ kind: 'title' as const }] : []),
    ...(trailers === 'unknown' ? [{ kind: 'trailers' as const }] : []),
  ];
  return {
    kind: 'ticket',
    state: found === null ? 'refused' : 'passed',
    pattern,
    found,
    unknown: found === null ? unknown : [],
  };
}
