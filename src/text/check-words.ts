/** What the three checks of a pull request say. Titles have at most 140 characters; summaries are Markdown. */
import type { CheckState } from '../core/forge-objects.js';
import type { Plan } from '../core/plan/plan.js';
import type { VerdictState } from '../core/policy/verdict-node.js';
import type { Verdict } from '../core/policy/verdict.js';
import { planSection, planTitle } from './plan-text.js';
import { policySection, policyTitle } from './policy-text.js';
import { queueCheck, type QueueStory } from './queue-text.js';
import { sandboxText } from './sandbox-text.js';

interface CheckWords {
  readonly state: CheckState;
  readonly title: string;
  readonly summary: string;
}

/** GitHub's cap of a check run's summary is 65,535 bytes; the rest is for the sentence on the sandbox. */
const SUMMARY_ROOM = { characters: 65_000, bytes: 65_000 };

/** `plan`: null while it is made. `page`: where it is shown whole, or null. */
export function planCheck(
  plan: Plan | null,
  page: string | null,
  sandbox: Parameters<typeof sandboxText>[0],
): CheckWords {
  if (plan === null) {
    const summary = 'The manifests of the affected targets are being rendered.';
    return { state: 'pending', title: 'The plan is being made', summary };
  }
  return {
    state: plan.problems.length === 0 ? 'success' : 'failure',
    title: planTitle(plan),
    summary: `${planSection(plan, SUMMARY_ROOM, page)}\n\n${sandboxText(sandbox)}`,
  };
}

const VERDICT_STATES: Readonly<Record<VerdictState, CheckState>> = {
  passed: 'success',
  pending: 'pending',
  refused: 'failure',
};

/** `plan`: null while it is made. */
export function policyCheck(plan: Plan | null, verdict: Verdict): CheckWords {
  if (plan === null)
    return { state: 'pending', title: 'Waits for the plan', summary: 'The policy is judged on the plan.' };
  return { state: VERDICT_STATES[verdict.state], title: policyTitle(verdict), summary: policySection(verdict) };
}

/** Where it is about to be merged, a success: no rule of the forge may make the queue wait for its own check. */
export function mergingCheck(story: QueueStory): CheckWords {
  return { ...queueCheck(story), state: 'success', title: 'It is being merged' };
}

/** The last words of `lockkeeper/queue`. */
export function endedQueueCheck(outcome: 'merged' | 'closed'): CheckWords {
  return outcome === 'merged'
    ? { state: 'success', title: 'Merged', summary: 'It was merged.' }
    : { state: 'neutral', title: 'Closed without being merged', summary: 'It was closed without being merged.' };
}
