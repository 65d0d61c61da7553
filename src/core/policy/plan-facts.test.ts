import { describe, expect, it } from 'vitest';
import type { CostChange, Plan, ResourceChange, TargetPlan } from '../plan/plan.js';
import { largestStep, planFacts } from './plan-facts.js';

const resource = (kind: string, change: ResourceChange['change'] = 'changed'): ResourceChange => ({
  apiVersion: 'v1',
  kind,
  namespace: null,
  name: 'x',
  change,
  previousName: null,
  fields: [],
  reordered: [],
  diff: '',
});

const cost = (before: number, after: number, more: Partial<CostChange> = {}): CostChange => ({
  cpu: { before: 0, after: 0 },
  memory: { before: 0, after: 0 },
  storage: { before: 0, after: 0 },
  money: { before, after, currency: 'EUR' },
  notes: [],
  ...more,
});

const target = (env: string, more: Partial<TargetPlan> = {}): TargetPlan => ({
  target: { app: 'api', env },
  directory: `apps/api/${env}`,
  renderer: 'plain',
  digestBefore: 'a',
  digestAfter: 'b',
  versionBefore: null,
  versionAfter: null,
  resources: [],
  images: [],
  highlights: [],
  cost: null,
  ...more,
});

const plan = (targets: readonly TargetPlan[], more: Partial<Plan> = {}): Plan => ({
  digest: 'd',
  base: 'base',
  head: 'head',
  targets,
  outside: [],
  problems: [],
  changes: 'other',
  warnings: [],
  hidden: [],
  ...more,
});

describe('version step', () => {
  const image = (before: string | null, after: string | null) => ({
    before: before === null ? null : `ghcr.io/acme/api:${before}`,
    after: after === null ? null : `ghcr.io/acme/api:${after}`,
  });
  it.each([
    ['1.2.3', '1.2.4', 'patch'],
    ['v1.2.3', 'v1.3.0', 'minor'],
    ['1.9.9', '2.0.0', 'major'],
    ['2.0.0', '1.9.9', 'downgrade'],
    ['1.2.3', '1.2.3-rc.1', 'downgrade'],
    ['1.2.3-rc.1', '1.2.3', 'patch'],
    ['1.2.3', '1.3.0-rc.1', 'minor'],
    ['1.2', '1.3', 'minor'],
    ['7', '8', 'major'],
    ['1.2.3', '1.2.3', 'none'],
    ['1.2.3', 'latest', 'unknown'],
    ['main-41', 'main-42', 'unknown'],
    [null, '1.0.0', 'major'],
    ['1.0.0', null, 'none'],
    [`1.2.3@sha256:${'a'.repeat(64)}`, `1.2.3@sha256:${'b'.repeat(64)}`, 'unknown'],
  ])('%s → %s is %s', (before, after, step) => {
    expect(largestStep([image(before, after)])).toBe(step);
  });

  it('is the largest of all; a downgrade before a major step, what is not known before both', () => {
    const [patch, major, down] = [image('1.0.0', '1.0.1'), image('1.0.0', '2.0.0'), image('2.0.0', '1.0.0')];
    expect(largestStep([])).toBe('none');
    expect(largestStep([major, patch])).toBe('major');
    expect(largestStep([major, down, patch])).toBe('downgrade');
    expect(largestStep([down, image('x', 'y')])).toBe('unknown');
  });

  it('another image in its place is a major step', () => {
    expect(largestStep([{ before: 'acme/api:1.0.0', after: 'evil/api:1.0.1' }])).toBe('major');
  });
});

describe('what a plan says to the policy', () => {
  it('is nothing without one, or with one that has problems', () => {
    const nothing = {
      digest: null,
      affected: 'unknown',
      targets: {},
      changes: 'unknown',
      traits: 'unknown',
      cost: 'unknown',
    };
    expect(planFacts(null)).toEqual(nothing);
    expect(planFacts(plan([target('dev')], { problems: [{ kind: 'fork' }] }))).toEqual(nothing);
  });

  it('is kinds and steps of each target, traits and money of all', () => {
    const made = plan(
      [
        target('dev', {
          resources: [resource('Deployment'), resource('Secret'), resource('', 'added')],
          images: [{ places: ['Deployment/x/x'], before: 'api:1.0.0', after: 'api:1.0.1', link: null }],
          cost: cost(10, 12),
        }),
        target('prod', { resources: [resource('ConfigMap', 'removed')], cost: cost(5, 5) }),
        target('test'),
      ],
      {
        outside: ['README.md'],
        warnings: [
          { kind: 'scales-to-zero', target: { app: 'api', env: 'dev' }, resource: 'Deployment/x', path: null },
        ],
      },
    );
    expect(planFacts(made)).toEqual({
      digest: 'd',
      affected: { targets: made.targets.map((each) => each.target), outside: ['README.md'] },
      targets: {
        'api/dev': { kinds: ['Deployment', 'Secret'], versionStep: 'patch', provenSince: {} },
        'api/prod': { kinds: ['ConfigMap'], versionStep: 'none', provenSince: {} },
        'api/test': { kinds: [], versionStep: 'none', provenSince: {} },
      },
      changes: 'other',
      traits: ['deletes-resources', 'scales-to-zero', 'touches-secrets'],
      cost: { before: 15, after: 17 },
    });
  });

  it('joins a target that stands in two directories', () => {
    const twice = [target('dev', { resources: [resource('A')] }), target('dev', { resources: [resource('B')] })];
    expect(planFacts(plan(twice)).targets).toMatchObject({ 'api/dev': { kinds: ['A', 'B'] } });
    expect(planFacts(plan(twice)).affected).toMatchObject({ targets: [{ app: 'api', env: 'dev' }] });
  });

  it.each([
    ['without prices', cost(1, 2, { money: null })],
    ['with quantities nobody can read', cost(1, 2, { notes: [{ kind: 'unreadable', resource: 'Deployment/x' }] })],
    ['in two currencies', cost(1, 2, { money: { before: 1, after: 2, currency: 'USD' } })],
  ])('knows no cost %s', (_, other) => {
    expect(planFacts(plan([target('dev', { cost: cost(1, 1) }), target('prod', { cost: other })])).cost).toBe(
      'unknown',
    );
  });

  it('knows neither kinds nor traits where resources are not shown', () => {
    const facts = planFacts(
      plan([target('dev')], { hidden: [{ kind: 'unshown-resource', target: null, count: 1, what: 'x' }] }),
    );
    expect([facts.traits, facts.targets['api/dev']?.kinds]).toEqual(['unknown', 'unknown']);
  });
});
