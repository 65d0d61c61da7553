/** One resource before and after, as people read it: fields, order, and a unified diff. */
import { canonicalYaml } from '../canonical.js';
import { withoutVersions } from '../images.js';
import type { Resource } from '../manifests.js';
import type { ChangeExtent, FieldChange, ResourceChange, ResourceChangeKind } from '../plan.js';
import { excerpts, isCut, marked } from '../excerpts.js';
import { unifiedDiff } from '../unified-diff.js';
import { groupOf } from '../values.js';
import { alignOrder } from './align-order.js';
import { findDifferences, type Difference } from './differences.js';
import type { EqualValues } from './equal-values.js';
import { listContext } from './list-rules.js';
import type { ResourcePair } from './match-resources.js';
import { oneLineYaml } from './one-line.js';

export interface ComparedResource {
  readonly pair: ResourcePair;
  readonly change: ResourceChange;
  /** All of them, of a resource that is on both sides. */
  readonly differences: readonly Difference[];
  readonly extent: ChangeExtent;
  readonly hidden: HiddenOfResource;
}

interface HiddenOfResource {
  /** Fields beyond the limit. */
  readonly fields: number;
  /** Paths of fields of whose values a part is told. */
  readonly cutFields: readonly string[];
  /** Changed lines that the difference leaves out, and those of which it shows a part. */
  readonly lines: { readonly left: number; readonly cut: number };
}

/** Null where nothing differs. */
export function compareResource(pair: ResourcePair, values: EqualValues): ComparedResource | null {
  const { before, after } = pair;
  if (before === null || after === null) return oneSided(pair);
  if (pair.kind === 'same' && before.text === after.text) return null;
  const known = { context: listContext(after.apiVersion), values };
  const differences = findDifferences(before.value, after.value, known);
  const told = differences.filter((each) => pair.kind !== 'renamed' || each.path !== 'metadata.name');
  const change = changeOf(pair, told);
  const shownBefore = change === 'reordered' ? before.value : alignOrder(before.value, after.value, known);
  const textBefore = values.areEqual(shownBefore, before.value) ? before.text : canonicalYaml(shownBefore);
  const previousName = pair.kind === 'renamed' ? before.name : null;
  const { fields, reordered, ...unshown } = shown(told);
  const { text: diff, ...lines } = unifiedDiff(textBefore, after.text);
  return {
    pair,
    change: { ...identityOf(after), change, previousName, fields, reordered, diff },
    differences,
    extent: extentOf(pair, differences, values),
    hidden: { fields: unshown.beyond, cutFields: unshown.cut, lines },
  };
}

function oneSided(pair: Extract<ResourcePair, { kind: 'added' | 'removed' }>): ComparedResource {
  const { text: diff, ...lines } = unifiedDiff(pair.before?.text ?? '', pair.after?.text ?? '');
  const change = { ...identityOf(pair.after ?? pair.before), change: pair.kind, previousName: null };
  return {
    pair,
    change: { ...change, fields: [], reordered: [], diff },
    differences: [],
    extent: 'other',
    hidden: { fields: 0, cutFields: [], lines },
  };
}

function identityOf({
  apiVersion,
  kind,
  namespace,
  name,
}: Resource): Pick<Resource, 'apiVersion' | 'kind' | 'namespace' | 'name'> {
  return { apiVersion, kind, namespace, name };
}

function changeOf(pair: ResourcePair, differences: readonly Difference[]): ResourceChangeKind {
  if (pair.kind === 'renamed') return 'renamed';
  return differences.every((each) => each.kind === 'order') ? 'reordered' : 'changed';
}

function extentOf(pair: ResourcePair, differences: readonly Difference[], values: EqualValues): ChangeExtent {
  const { kind, before, after } = pair;
  if (kind !== 'same') return 'other';
  if (values.areEqual(withoutVersions(before.value), withoutVersions(after.value))) return 'image-only';
  const replicas = keepsReplicas(after) && differences.every(isNewCount);
  return replicas ? 'replicas-only' : 'other';
}

/** In other custom resources `replicas` may be anything. */
function keepsReplicas({ apiVersion, kind }: Resource): boolean {
  return REPLICATED.has(`${groupOf(apiVersion)}/${kind}`);
}

const REPLICATED: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  'argoproj.io/Rollout',
]);

/** Nothing that runs at all is more than a count. */
function isNewCount(difference: Difference): boolean {
  if (difference.kind !== 'value' || difference.path !== 'spec.replicas') return false;
  return typeof difference.after === 'bigint' && difference.after > 0n;
}

/** Fields, and lists in another order, that are told of one resource. */
const MOST_FIELDS = 100;
/** Characters of a value that are told. */
const LONGEST_VALUE = 300;

interface Shown {
  readonly fields: readonly FieldChange[];
  readonly reordered: readonly string[];
  /** Fields and lists beyond the limit. */
  readonly beyond: number;
  /** Paths of fields whose values are cut. */
  readonly cut: readonly string[];
}

function shown(differences: readonly Difference[]): Shown {
  const values = differences.filter((each) => each.kind === 'value');
  const orders = differences.filter((each) => each.kind === 'order');
  const told = values.slice(0, MOST_FIELDS).map((each) => ({ path: each.path, ...sidesOf(each) }));
  return {
    fields: told.map(({ path, before, after }) => ({ path, before: before.text, after: after.text })),
    reordered: orders.slice(0, MOST_FIELDS).map(({ path }) => path),
    beyond: Math.max(0, values.length - MOST_FIELDS) + Math.max(0, orders.length - MOST_FIELDS),
    cut: told.filter(({ before, after }) => before.extent === 'cut' || after.extent === 'cut').map(({ path }) => path),
  };
}

interface Side {
  readonly text: string | null;
  readonly extent: 'whole' | 'cut';
}

/** Of two long texts, what differs. */
function sidesOf({ before, after }: Pick<Extract<Difference, { kind: 'value' }>, 'before' | 'after'>): {
  readonly before: Side;
  readonly after: Side;
} {
  if (typeof before !== 'string' || typeof after !== 'string') return { before: sideOf(before), after: sideOf(after) };
  const [one, other] = excerpts(before, after, LONGEST_VALUE).map((part): Side => {
    const { text, extent } = oneLineYaml(part.text, LONGEST_VALUE);
    const left = extent === 'cut' ? { ...part.left, after: 0 } : part.left;
    return { text: marked(text, { left }), extent: isCut(part) ? 'cut' : extent };
  });
  return { before: one ?? sideOf(before), after: other ?? sideOf(after) };
}

function sideOf(value: unknown): Side {
  return value === undefined ? { text: null, extent: 'whole' } : oneLineYaml(value, LONGEST_VALUE);
}
