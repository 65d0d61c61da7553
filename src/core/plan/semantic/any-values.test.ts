/** What holds of every comparison, whatever is compared. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../canonical.js';
import { object } from '../testing/kubernetes-object.js';
import { alignOrder } from './align-order.js';
import { findDifferences } from './differences.js';
import { EqualValues } from './equal-values.js';
import { compare } from './testing/comparison.js';

describe('for any values', () => {
  const scalar = fc.oneof(
    fc.constantFrom<unknown>('a', 'b', '', null, true, 1n, 2n, 0.5, -0),
    fc.string({ maxLength: 4 }),
  );
  const key = fc.constantFrom(
    'name',
    'id',
    'containers',
    'env',
    'args',
    'rules',
    'verbs',
    'x',
    '__proto__',
    'toString',
    'a.b',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      scalar,
      fc.array(tie('tree'), { maxLength: 4, depthIdentifier: 'tree' }),
      fc.array(fc.record({ name: fc.constantFrom('p', 'q', 'r'), x: tie('tree') }), {
        maxLength: 4,
        depthIdentifier: 'tree',
      }),
      fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 4, depthIdentifier: 'tree' })
        .map((entries) => Object.fromEntries(entries)),
    ),
  }));
  const context = fc.constantFrom('kubernetes' as const, 'other' as const);
  const leaves = (value: unknown): readonly string[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.flatMap(leaves);
    if (isRecord(value)) return Object.values(value).flatMap(leaves);
    return [`${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`];
  };
  const balance = (gone: readonly string[], come: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const leaf of gone) counts.set(leaf, (counts.get(leaf) ?? 0) - 1);
    for (const leaf of come) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
    return [...counts].filter(([, count]) => count !== 0).sort();
  };

  it('there is a difference exactly where they are unequal, and it is the same from both sides', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const values = new EqualValues();
        const there = findDifferences(before, after, { context: where, values });
        const back = findDifferences(after, before, { context: where, values });
        expect(there.length === 0).toBe(values.areEqual(before, after));
        expect(back.length === 0).toBe(there.length === 0);
        expect(findDifferences(before, structuredClone(before), { context: where, values })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('the differences account for every value that came or went', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const differences = findDifferences(before, after, { context: where, values: new EqualValues() });
        const values = differences.filter((each) => each.kind === 'value');
        expect(
          balance(
            values.flatMap((each) => leaves(each.before)),
            values.flatMap((each) => leaves(each.after)),
          ),
        ).toEqual(balance(leaves(before), leaves(after)));
      }),
      { numRuns: 500 },
    );
  });

  it('putting lists into the new order loses nothing', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const aligned = alignOrder(before, after, { context: where, values: new EqualValues() });
        expect([...leaves(aligned)].sort()).toEqual([...leaves(before)].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('containers are matched whatever their order', () => {
    const items = fc.uniqueArray(fc.record({ name: fc.constantFrom(...'abcdef'), image: fc.constantFrom('x', 'y') }), {
      selector: ({ name }) => name,
      maxLength: 6,
    });
    const shuffled = items.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, shuffled, ([before, mixedBefore], [after, mixedAfter]) => {
        const fieldsOf = (old: unknown, now: unknown) =>
          findDifferences(
            { containers: old },
            { containers: now },
            { context: 'kubernetes', values: new EqualValues() },
          )
            .flatMap((each) =>
              each.kind === 'value' ? [`${each.path} ${JSON.stringify([each.before, each.after])}`] : [],
            )
            .sort();
        expect(fieldsOf(mixedBefore, mixedAfter)).toEqual(fieldsOf(before, after));
      }),
    );
  });

  it('what is added one way is removed the other', () => {
    const resource = fc
      .tuple(
        fc.constantFrom('A', 'B'),
        fc.constantFrom('p', 'q', 'r', 's'),
        fc.dictionary(fc.constantFrom(...'abcd'), fc.constantFrom('1', '2')),
      )
      .map(([kind, name, spec]) => object('v1', kind, { spec }, { name }));
    const side = fc.uniqueArray(resource, {
      maxLength: 6,
      selector: ({ kind, metadata }) => JSON.stringify([kind, metadata]),
    });
    fc.assert(
      fc.property(side, side, (before, after) => {
        const kinds = (change: string, found: ReturnType<typeof compare>) =>
          found.plan.resources.filter((each) => each.change === change).map(({ kind, name }) => `${kind} ${name}`);
        const [there, back] = [compare(before, after), compare(after, before)];
        expect(kinds('added', back)).toEqual(kinds('removed', there));
        expect(kinds('removed', back)).toEqual(kinds('added', there));
        expect(kinds('renamed', back)).toHaveLength(kinds('renamed', there).length);
        expect(there.plan.resources.length === 0).toBe(there.plan.digestBefore === there.plan.digestAfter);
      }),
      { numRuns: 200 },
    );
  });

  it('comparing whole targets never throws and says as much as is different', () => {
    const known = fc.constantFrom(
      'Deployment',
      'StatefulSet',
      'Service',
      'Secret',
      'PersistentVolumeClaim',
      'Job',
      'HorizontalPodAutoscaler',
    );
    const hostile = fc.record({
      kind: known,
      apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'autoscaling/v2'),
      metadata: tree,
      spec: tree,
      data: tree,
    });
    const pods = hostile.chain((each) =>
      fc
        .record({ containers: tree, initContainers: tree, volumes: tree })
        .map((spec) => ({ ...each, spec: { template: { spec } } })),
    );
    const side = fc.array(fc.oneof(tree, hostile, pods), { maxLength: 3 });
    fc.assert(
      fc.property(side, side, (before, after) => {
        const { plan } = compare(before, after);
        expect(plan.resources.length === 0).toBe(plan.digestBefore === plan.digestAfter);
        for (const resource of plan.resources) {
          if (resource.change === 'changed') expect(resource.fields.length).toBeGreaterThan(0);
          if (resource.change === 'reordered') expect(resource.reordered.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
