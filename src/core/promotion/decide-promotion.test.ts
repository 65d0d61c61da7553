import { describe, expect, it, test } from 'vitest';
import type { PullRequest } from '../forge-objects.js';
import { commit } from '../testing/forge-objects.js';
import { decidePromotion, type OpenPromotion, type PromotionFacts } from './decide-promotion.js';
import type { GateResult } from './gates.js';

describe('decidePromotion', () => {
  const pullRequest = { number: 9 } as PullRequest;
  const gates = (state: GateResult['state']): GateResult => ({ state, conditions: [], recheckAt: null });
  const open = (content: OpenPromotion['content'], branch: OpenPromotion['branch']): OpenPromotion => ({
    pullRequest,
    content,
    branch,
  });
  const some: PromotionFacts['carried'] = { kind: 'changes', changes: [{ kind: 'delete', path: 'a' }] };
  const none: PromotionFacts['carried'] = { kind: 'changes', changes: [] };
  const facts = (over: Partial<PromotionFacts> & { promotion?: 'auto' | 'manual' }): PromotionFacts => ({
    source: { app: 'api', env: 'dev' },
    destination: { app: 'api', env: 'test' },
    rules: {
      name: 'test',
      after: ['dev'],
      gates: { checks: [], soak: 0 },
      promotion: over.promotion ?? 'auto',
      merge: 'auto',
    },
    carried: some,
    sourceCommit: commit({ committedAt: 1000 }),
    gates: gates('passed'),
    open: null,
    ended: null,
    asked: 'not-asked',
    ...over,
  });
  const words = (over: Parameters<typeof facts>[0]) => {
    const decision = decidePromotion(facts(over));
    return decision.kind === 'keep' ? decision.why : decision.kind;
  };

  test.each(['asked', 'not-asked'] as const)('whether %s', (asked) => {
    const openings = (['auto', 'manual'] as const).map((promotion) =>
      (['passed', 'pending', 'failed'] as const).map((state) => words({ promotion, asked, gates: gates(state) })),
    );
    expect(openings).toEqual([
      ['open', 'wait-for-gates', 'wait-for-gates'],
      [asked === 'asked' ? 'open' : 'wait-for-command', 'wait-for-gates', 'wait-for-gates'],
    ]);
    for (const promotion of ['auto', 'manual'] as const) {
      const common = { promotion, asked };
      expect(words({ ...common, carried: none })).toBe('nothing-to-carry');
      expect(words({ ...common, carried: none, open: open('current', 'ours') })).toBe('close');
      expect(words({ ...common, carried: none, open: open('outdated', 'ours') })).toBe('close');
      expect(words({ ...common, carried: none, open: open('outdated', 'touched') })).toBe('nothing-to-carry');
      expect(words({ ...common, sourceCommit: null })).toBe('impossible');
      expect(words({ ...common, gates: null })).toBe('impossible');
      expect(words({ ...common, carried: none, sourceCommit: null, gates: null })).toBe('nothing-to-carry');
      for (const state of ['passed', 'pending', 'failed'] as const) {
        const judged = { ...common, gates: gates(state) };
        expect(words({ ...judged, open: open('current', 'ours') })).toBe('current');
        expect(words({ ...judged, open: open('current', 'touched') })).toBe('touched-by-people');
        expect(words({ ...judged, open: open('outdated', 'touched') })).toBe('touched-by-people');
        expect(words({ ...judged, open: open('outdated', 'ours') })).toBe(
          state === 'passed' ? 'update' : 'newer-waits-for-gates',
        );
      }
    }
  });

  it('does not open again by itself what people ended, unless they ask', () => {
    const ended = (asked: PromotionFacts['asked'], state: GateResult['state']) =>
      words({ asked, ended: pullRequest, gates: gates(state) });
    expect([ended('not-asked', 'passed'), ended('asked', 'passed'), ended('not-asked', 'pending')]).toEqual([
      'ended',
      'open',
      'wait-for-gates',
    ]);
    expect(words({ ended: pullRequest, promotion: 'manual' })).toBe('wait-for-command');
    expect(words({ ended: pullRequest, open: open('outdated', 'ours') })).toBe('update');
  });

  it('says why it is impossible', () => {
    const api = (env: string) => ({ app: 'api', env });
    const problem = { kind: 'not-yaml', directory: 'apps/api/envs/dev' } as const;
    const why = (over: Partial<PromotionFacts>) => {
      const decision = decidePromotion(facts(over));
      return decision.kind === 'impossible' ? decision.why : decision.kind;
    };
    expect(why({ carried: { kind: 'absent', target: api('test') } })).toEqual({
      kind: 'no-files',
      target: api('test'),
    });
    expect(why({ carried: { kind: 'no-such-version', version: '9' } })).toEqual({
      kind: 'no-such-version',
      version: '9',
      source: api('dev'),
    });
    expect(why({ carried: { kind: 'impossible', path: 'a.yaml', problem } })).toEqual({
      kind: 'not-carried',
      path: 'a.yaml',
      problem,
    });
    for (const missing of [{ sourceCommit: null }, { gates: null }])
      expect(why(missing)).toEqual({ kind: 'no-source-commit', source: api('dev') });
  });
});
