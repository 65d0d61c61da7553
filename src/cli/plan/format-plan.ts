/** One plan in the four forms that the command line prints. */
import type { Plan } from '../../core/plan/plan.js';
import { unreachable } from '../../core/unreachable.js';
import { planDiff } from '../../text/plan-diff.js';
import { planJson } from '../../text/plan-json.js';
import { planPage } from '../../text/plan-page.js';
import { planSection } from '../../text/plan-text.js';

const PLAN_FORMATS = ['markdown', 'json', 'diff', 'html'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** Never cut: a terminal and a file have room. */
export function formatPlan(plan: Plan, format: PlanFormat): string {
  switch (format) {
    case 'markdown':
      return `${planSection(plan, Number.MAX_SAFE_INTEGER)}\n`;
    case 'json':
      return `${JSON.stringify(planJson(plan), null, 2)}\n`;
    case 'diff':
      return planDiff(plan, 'command-line');
    case 'html':
      return planPage(plan, { title: 'Plan', links: [] });
    default:
      return unreachable(format);
  }
}
