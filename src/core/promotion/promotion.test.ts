import { describe, expect, it, test } from 'vitest';
import type { CarryRule } from '../configuration.js';
import type { Check, Commit, PullRequest } from '../forge-objects.js';
import { carriedChanges, carriedWhole, type CarriedFile, type TargetFiles } from './carried-set.js';
import { decidePromotion, type OpenPromotion, type PromotionFacts } from './decide-promotion.js';
import { NO_FREEZES, type Freeze, type FreezeBook } from '../standing/freeze.js';
import { evaluateGates, type GateFacts, type GateResult } from './gates.js';

type Sketch = Record<string, string>;

/** `path: blob`, or `path: blob x` for a file that may be run, or `path: =text`. */
function files(directory: string, sketch: Sketch): TargetFiles {
  const all = Object.entries(sketch).map(([path, content]): CarriedFile => ({
    path,
    blob: content,
    mode: content.endsWith(' x') ? '100755' : '100644',
  }));
  const texts = Object.entries(sketch).filter(([, content]) => content.startsWith('='));
  return { directory, files: all, texts: new Map(texts.map(([path, content]) => [path, content.slice(1)])) };
}

const everything: CarryRule = { kind: 'files', files: ['**'], except: [] };
const except = (...names: string[]): CarryRule => ({ kind: 'files', files: ['**'], except: names });
const field = (file: string, path: string): CarryRule => ({ kind: 'field', file, path });

function carried(from: Sketch, to: Sketch, rules: readonly CarryRule[]): unknown {
  const result = carriedChanges(files('apps/api/envs/dev', from), files('apps/api/envs/test', to), rules);
  if (result.kind === 'impossible') return `${result.path}: ${result.reason}`;
  return result.changes.map((change) =>
    change.kind === 'edit'
      ? `edit ${change.path} =${change.text}`
      : `${change.kind} ${change.path}${change.kind === 'copy' ? ` ${change.blob} ${change.mode}` : ''}`,
  );
}

describe('the carried set', () => {
  const K = 'kustomization.yaml';
  test.each<[string, Sketch, Sketch, CarryRule[], unknown]>([
    ['the same', { a: '1' }, { a: '1' }, [everything], []],
    [
      'changed, new and gone',
      { b: '2', a: '1' },
      { b: '1', c: '1' },
      [everything],
      ['copy a 1 100644', 'copy b 2 100644', 'delete c'],
    ],
    ['a mode', { a: '1 x' }, { a: '1' }, [everything], ['copy a 1 x 100755']],
    [
      'hidden files and folders',
      { '.x': '1', 'a/b/c': '1' },
      {},
      [everything],
      ['copy .x 1 100644', 'copy a/b/c 1 100644'],
    ],
    [
      'except',
      { a: '2', 'settings.yaml': '2', 'd/settings.yaml': '2' },
      { 'settings.yaml': '1' },
      [except('settings.yaml')],
      ['copy a 2 100644', 'copy d/settings.yaml 2 100644'],
    ],
    ['except anywhere', { 'd/settings.yaml': '2' }, { 'settings.yaml': '1' }, [except('**/settings.yaml')], []],
    [
      'an own file that no rule names',
      { 'a.yaml': '1' },
      { 'own.txt': '1' },
      [{ kind: 'files', files: ['*.yaml'], except: [] }],
      ['copy a.yaml 1 100644'],
    ],
    [
      'one rule excepts what another names',
      { a: '2' },
      { a: '1' },
      [except('a'), { kind: 'files', files: ['a'], except: [] }],
      ['copy a 2 100644'],
    ],
    ['no rules', { a: '2' }, { a: '1' }, [], []],
    [
      'a name that looks like a glob',
      { '!a': '1', '#b': '1' },
      {},
      [{ kind: 'files', files: ['!a', '#b'], except: [] }],
      ['copy !a 1 100644', 'copy #b 1 100644'].toSorted(),
    ],
    [
      'a field, and its file never whole',
      { [K]: '=images:\n- {name: api, newTag: "2"}\nreplicas: 1\n', a: '1' },
      { [K]: '=# mine\nimages:\n- {name: api, newTag: "1"} # tag\nreplicas: 9\n' },
      [everything, field(K, 'images[*].newTag')],
      ['copy a 1 100644', `edit ${K} =# mine\nimages:\n- {name: api, newTag: "2"} # tag\nreplicas: 9\n`],
    ],
    [
      'fields by name, in any order',
      { [K]: '=images: [{name: b, newTag: b2}, {name: a, newTag: a2}]' },
      { [K]: '=images: [{name: a, newTag: a1}, {name: b, newTag: b1}, {name: c, newTag: c1}]' },
      [field(K, 'images[*].newTag')],
      [`edit ${K} =images: [{name: a, newTag: a2}, {name: b, newTag: b2}, {name: c, newTag: c1}]`],
    ],
    ['a field that stays', { [K]: '=tag: "1.10"' }, { [K]: '=tag: 1.10' }, [field(K, 'tag')], []],
    ['a field the source lacks', { [K]: '=x: 1' }, { [K]: '=tag: 1' }, [field(K, 'tag')], []],
    ['a field the destination lacks', { [K]: '=tag: 2' }, { [K]: '=x: 1' }, [field(K, 'tag')], []],
    ['a file the source lacks', {}, { [K]: '=tag: 1' }, [everything, field(K, 'tag')], []],
    ['a file the destination lacks', { [K]: '=tag: 1' }, {}, [everything, field(K, 'tag')], []],
    [
      'two rules for one field',
      { [K]: '=tag: 2' },
      { [K]: '=tag: 1' },
      [field(K, 'tag'), field('*.yaml', 'tag')],
      [`edit ${K} =tag: "2"`],
    ],
    [
      'several documents',
      { [K]: '=tag: a2\n---\ntag: b2\n' },
      { [K]: '=tag: a1\n---\ntag: b1\n---\ntag: c1\n' },
      [field(K, 'tag')],
      [`edit ${K} =tag: a2\n---\ntag: b2\n---\ntag: c1\n`],
    ],
    [
      'a broken source',
      { [K]: '=tag: "' },
      { [K]: '=tag: 1' },
      [field(K, 'tag')],
      `${K}: it is not valid YAML in apps/api/envs/dev`,
    ],
    [
      'a broken destination',
      { [K]: '=tag: 1' },
      { [K]: '=tag: "' },
      [field(K, 'tag')],
      `${K}: it is not valid YAML in apps/api/envs/test`,
    ],
    [
      'a field that can’t be written',
      { [K]: '=tag: 2' },
      { [K]: '=tag: |\n  1\n' },
      [everything, field(K, 'tag')],
      `${K}: tag is a block of text, not a single value`,
    ],
  ])('%s', (_what, from, to, rules, expected) => {
    expect(carried(from, to, rules)).toEqual(expected);
  });

  it('is there once it was carried', () => {
    const from = { a: '2', [K]: '=tag: 2\nx: 1\n' };
    const rules = [everything, field(K, 'tag')];
    expect(carried(from, { a: '2', [K]: '=tag: "2"\nx: 5\n' }, rules)).toEqual([]);
    expect(carriedWhole(K, rules)).toBe(false);
  });
});

const commit: Commit = {
  sha: 'c'.repeat(40),
  parents: [],
  subject: '',
  message: '',
  authorName: '',
  authorEmail: '',
  committerName: '',
  committerEmail: '',
  committedAt: 1000,
};
const check = (name: string, state: Check['state']): Check => ({ name, state, description: '', url: null });

describe('gates', () => {
  const at = (checks: string[], soak: number, facts: Partial<GateFacts>) =>
    evaluateGates(
      { checks, soak },
      { source: commit, checks: [], now: 1000, others: [], destination: 'prod', freezes: NO_FREEZES, ...facts },
    );

  test.each<[string, Check[], string]>([
    ['none reported', [], 'pending'],
    ['none that matches', [check('cd/x', 'success')], 'pending'],
    ['green', [check('ci/a', 'success')], 'passed'],
    ['green beside another that failed', [check('ci/a', 'success'), check('cd/x', 'failure')], 'passed'],
    ['one running', [check('ci/a', 'success'), check('ci/b', 'pending')], 'pending'],
    ['one failed', [check('ci/a', 'success'), check('ci/b', 'failure')], 'failed'],
    ['one failed, one running', [check('ci/a', 'pending'), check('ci/b', 'failure')], 'failed'],
    ['one without a verdict', [check('ci/a', 'success'), check('ci/b', 'neutral')], 'passed'],
    ['only one without a verdict', [check('ci/b', 'neutral')], 'pending'],
    ['a name that goes deeper than the glob', [check('ci/a/b', 'success')], 'pending'],
  ])('checks: %s', (_what, checks, state) => {
    expect(at(['ci/*'], 0, { checks }).state).toBe(state);
  });

  test.each<[number, number, string, number | null]>([
    [0, 1000, 'passed', null],
    [500, 1000, 'pending', 1500],
    [500, 1499, 'pending', 1500],
    [500, 1500, 'passed', null],
    [500, 900, 'pending', 1500],
  ])('soak of %i at %i is %s', (soak, now, state, recheckAt) => {
    expect(at([], soak, { now })).toMatchObject({ state, recheckAt });
  });

  it('waits while the destination is frozen, or nobody knows whether it is', () => {
    const freeze = { env: 'prod', by: 'alice', at: 0, until: 1200, reason: 'audit' };
    const frozen = (over: Partial<Freeze>): FreezeBook => ({ kind: 'read', freezes: [{ ...freeze, ...over }] });
    expect(at([], 500, { freezes: frozen({}) })).toMatchObject({ state: 'pending', recheckAt: 1200 });
    expect(at([], 0, { freezes: frozen({ until: null }) })).toMatchObject({ state: 'pending', recheckAt: null });
    expect(at([], 0, { freezes: frozen({ env: 'test' }) }).state).toBe('passed');
    expect(at([], 0, { freezes: frozen({}), now: 1500 }).state).toBe('passed');
    expect(at([], 0, { freezes: { kind: 'unreadable', why: 'w' } }).state).toBe('pending');
  });

  it('waits for other sources, and says each condition for itself', () => {
    const result = at(['ci/*', 'cd/*'], 500, {
      checks: [check('ci/a', 'failure')],
      others: [
        { environment: 'perf', holds: 'other' },
        { environment: 'qa', holds: 'same' },
      ],
    });
    expect(result.state).toBe('failed');
    expect(result.conditions.map((each) => `${each.kind} ${each.state}`)).toEqual([
      'checks failed',
      'checks pending',
      'soak pending',
      'agreement pending',
      'agreement passed',
    ]);
    expect(at([], 0, {})).toEqual({ state: 'passed', conditions: [], recheckAt: null });
  });
});

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
    sourceCommit: commit,
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
    const reasons = [
      decidePromotion(facts({ carried: { kind: 'absent', target: { app: 'api', env: 'test' } } })),
      decidePromotion(
        facts({ carried: { kind: 'impossible', path: 'a.yaml', reason: 'it is not valid YAML in apps/api/envs/dev' } }),
      ),
      decidePromotion(facts({ sourceCommit: null })),
    ].map((decision) => (decision.kind === 'impossible' ? decision.reason : decision.kind));
    expect(reasons).toMatchInlineSnapshot(`
      [
        "api has no files in test yet: commit a first version there, then promotions can follow",
        "a.yaml can't be carried: it is not valid YAML in apps/api/envs/dev",
        "no commit in reach says where api in dev comes from",
      ]
    `);
  });
});
