import { describe, expect, it, test } from 'vitest';
import type { PartJudgement } from '../core/merge-group/judge-part.js';
import type { Plan } from '../core/plan/plan.js';
import { groupChecks, longGroupChecks } from './merge-group-text.js';

const holds = (number: number) => ({ number, judgement: { kind: 'holds', digest: 'd'.repeat(64) } }) as const;
const titles = (judgement: PartJudgement): readonly string[] =>
  groupChecks([holds(1), { number: 2, judgement }, holds(3)]).map(({ state, title }) => `${state}: ${title}`);
const said = (judgement: PartJudgement): string =>
  groupChecks([{ number: 2, judgement }])[0]?.summary.replace(/^- #2 /, '') ?? '';

describe('the checks of a merge group', () => {
  it('pass together, and carry the digest of what is in it alone', () => {
    const alone = groupChecks([holds(7)]);
    expect(alone.map(({ check, state, title }) => `${check} ${state}: ${title}`)).toEqual([
      'lockkeeper/plan success: What was approved in #7 is what would be merged',
      'lockkeeper/policy success: Satisfied for #7',
      'lockkeeper/queue success: Nothing stops #7',
    ]);
    expect(alone.map(({ digest }) => digest)).toEqual(['d', 'd', 'd'].map((each) => each.repeat(64)));
    expect(groupChecks([holds(7), holds(8)]).map(({ digest }) => digest)).toEqual(['', '', '']);
  });

  test.each<[PartJudgement, string, readonly number[]]>([
    [{ kind: 'gone' }, '#2 is not open any more', [2]],
    [{ kind: 'rules-change', by: 1 }, '#2 would be judged by other rules', [1]],
    [{ kind: 'plan-failed' }, '#2 has no plan that succeeded', [0]],
    [{ kind: 'other-plan', approved: 'a', group: 'b', differing: [] }, '#2 would deploy something else', [0]],
    [{ kind: 'policy', state: 'refused' }, '#2 has not what the policy asks for', [1]],
    [{ kind: 'stopped', blockers: [{ kind: 'draft' }] }, '#2 must not be merged now', [2]],
  ])('fail together for %o, each with its own words', (judgement, words, [own = 0]) => {
    const all = titles(judgement);
    expect(all[own]).toContain(`failure: ${words}`);
    const checks = ['plan', 'policy', 'queue'];
    expect(all.filter((_, index) => index !== own)).toEqual(
      Array(2).fill(`failure: #2: see lockkeeper/${checks[own]}`),
    );
  });

  it('wait for a plan, unless something is wrong already', () => {
    expect(titles({ kind: 'planning' })).toEqual(Array(3).fill('pending: The plan of #2 is being made'));
    const parts = [
      { number: 1, judgement: { kind: 'planning' } } as const,
      { number: 2, judgement: { kind: 'gone' } } as const,
    ];
    expect(groupChecks(parts).map(({ state }) => state)).toEqual(['failure', 'failure', 'failure']);
  });

  it('say what would change the answer', () => {
    const differing = [{ app: 'api', env: 'prod' }];
    expect(said({ kind: 'other-plan', approved: 'a'.repeat(64), group: 'b'.repeat(64), differing })).toBe(
      'would deploy something else than was approved, in `api in prod`: plan `bbbbbbbbbbbb` with what is before it in the queue, plan `aaaaaaaaaaaa` by itself. Put it into the queue again once those are merged and it was approved as it is then',
    );
    expect(said({ kind: 'rules-change', by: 1 })).toContain('put it into the queue again once that is merged');
    expect(said({ kind: 'stopped', blockers: [{ kind: 'draft' }] })).toContain('mark it as ready for review');
    const plan = { problems: [{ kind: 'conflict', paths: ['a.yaml'] }] } as unknown as Plan;
    expect(said({ kind: 'group-plan-failed', plan })).toMatch(
      /^can’t be planned with what is before it in the queue: .*a\.yaml/,
    );
    expect(longGroupChecks(500)[0]?.summary).toContain('“Maximum group size”');
  });
});
