/**
 * Which resource after a change is which before it.
 *
 * First by identity (group, kind, namespace, name); then, of what is left, by name without the hash that kustomize puts behind generated
 * names; then by likeness among resources of one kind and namespace. Example: `ConfigMap settings-4k2h79gmt5` gone and
 * `ConfigMap settings-72b8tc6k9d` come are one renamed resource.
 */
import { groupOf } from '../values.js';
import { resourceIdentity, type Resource } from '../manifests.js';
import { withoutContentHash } from './list-rules.js';
import { similarity, traitsOf } from './similarity.js';

export type ResourcePair =
  | { readonly kind: 'same'; readonly before: Resource; readonly after: Resource }
  | { readonly kind: 'renamed'; readonly before: Resource; readonly after: Resource }
  | { readonly kind: 'added'; readonly before: null; readonly after: Resource }
  | { readonly kind: 'removed'; readonly before: Resource; readonly after: null };

/** Ordered by identity. The same pairs, turned round, for the opposite change; independent of the order of the resources. */
export function matchResources(before: readonly Resource[], after: readonly Resource[]): readonly ResourcePair[] {
  const { pairs, gone, come } = matchBy(before, after, resourceIdentity, 'same');
  const generated = matchBy(gone, come, generatedIdentity, 'renamed');
  const alike = matchAlike(generated.gone, generated.come);
  const all: ResourcePair[] = [
    ...pairs,
    ...generated.pairs,
    ...alike.pairs,
    ...alike.gone.map((each) => ({ kind: 'removed', before: each, after: null }) as const),
    ...alike.come.map((each) => ({ kind: 'added', before: null, after: each }) as const),
  ];
  const keyed = all.map((pair) => ({ pair, key: resourceIdentity(pair.after ?? pair.before) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ pair }) => pair);
}

interface Matched {
  readonly pairs: readonly ResourcePair[];
  readonly gone: readonly Resource[];
  readonly come: readonly Resource[];
}

/** Several of one identity: equal ones belong together, the rest in the order of their text. */
function matchBy(
  before: readonly Resource[],
  after: readonly Resource[],
  identity: (resource: Resource) => string | null,
  kind: 'same' | 'renamed',
): Matched {
  const [old, now] = [grouped(before, identity), grouped(after, identity)];
  const pairs: ResourcePair[] = [];
  const gone = before.filter((each) => identity(each) === null);
  const come = after.filter((each) => identity(each) === null);
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const left = pairUp(old.get(key) ?? [], now.get(key) ?? [], (one, other) =>
      pairs.push({ kind, before: one, after: other }),
    );
    gone.push(...left.gone);
    come.push(...left.come);
  }
  return { pairs, gone, come };
}

function pairUp(
  before: readonly Resource[],
  after: readonly Resource[],
  take: (before: Resource, after: Resource) => void,
): { readonly gone: readonly Resource[]; readonly come: readonly Resource[] } {
  if (before.length <= 1 && after.length <= 1) {
    const [[one], [other]] = [before, after];
    if (one === undefined || other === undefined) return { gone: before, come: after };
    take(one, other);
    return { gone: [], come: [] };
  }
  const equal = grouped(after, ({ text }) => text);
  const taken = new Set<Resource>();
  const changed: Resource[] = [];
  const counts = new Map<string, number>();
  for (const one of [...before].sort(byText)) {
    const count = counts.get(one.text) ?? 0;
    counts.set(one.text, count + 1);
    const other = equal.get(one.text)?.[count];
    if (other === undefined) changed.push(one);
    else {
      taken.add(other);
      take(one, other);
    }
  }
  const free = [...after].filter((each) => !taken.has(each)).sort(byText);
  const common = Math.min(changed.length, free.length);
  for (const [index, one] of changed.slice(0, common).entries()) {
    const other = free[index];
    if (other !== undefined) take(one, other);
  }
  return { gone: changed.slice(common), come: free.slice(common) };
}

function byText(a: Resource, b: Resource): number {
  const [one, other] = [`${a.name}\n${a.text}`, `${b.name}\n${b.text}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function grouped(
  resources: readonly Resource[],
  identity: (resource: Resource) => string | null,
): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = identity(resource);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [resource]);
    else group.push(resource);
  }
  return groups;
}

/** Null for what kustomize does not generate. */
function generatedIdentity(resource: Resource): string | null {
  const generated = resource.apiVersion === 'v1' && (resource.kind === 'ConfigMap' || resource.kind === 'Secret');
  if (!generated) return null;
  return JSON.stringify([kindKey(resource), withoutContentHash(resource.name)]);
}

function kindKey({ apiVersion, kind, namespace }: Resource): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace]);
}

/** Comparisons for one target; beyond, fewer of each kind are compared: the first by name. */
const MOST_COMPARISONS = 20_000;
/** Less in common is another thing. */
const ALIKE = 0.6;

interface Candidate {
  readonly before: Resource;
  readonly after: Resource;
  readonly score: number;
  /** The same for the opposite change, so that this is too. */
  readonly tie: string;
}

/** The likest first. */
function matchAlike(gone: readonly Resource[], come: readonly Resource[]): Matched {
  const taken = new Set<Resource>();
  const pairs: ResourcePair[] = [];
  for (const { before, after } of candidatesOf(gone, come)) {
    if (taken.has(before) || taken.has(after)) continue;
    taken.add(before).add(after);
    pairs.push({ kind: 'renamed', before, after });
  }
  const left = (each: Resource) => !taken.has(each);
  return { pairs, gone: gone.filter(left), come: come.filter(left) };
}

function candidatesOf(gone: readonly Resource[], come: readonly Resource[]): readonly Candidate[] {
  const kindOf = (resource: Resource) => (resource.kind === '' ? null : kindKey(resource));
  const [old, now] = [grouped(gone, kindOf), grouped(come, kindOf)];
  const found: Candidate[] = [];
  let budget = MOST_COMPARISONS;
  for (const kind of [...old.keys()].filter((each) => now.has(each)).sort()) {
    const [before, after] = withinBudget(old.get(kind) ?? [], now.get(kind) ?? [], budget);
    budget -= before.length * after.length;
    const traits = after.map((each) => ({ each, traits: traitsOf(each) }));
    for (const one of before) {
      const own = traitsOf(one);
      for (const other of traits) {
        const score = similarity(own, other.traits);
        if (score >= ALIKE) found.push({ before: one, after: other.each, score, tie: tieOf(one, other.each) });
      }
    }
  }
  return found.sort((a, b) => b.score - a.score || (a.tie < b.tie ? -1 : a.tie > b.tie ? 1 : 0));
}

function withinBudget(
  before: readonly Resource[],
  after: readonly Resource[],
  budget: number,
): readonly [readonly Resource[], readonly Resource[]] {
  const most = before.length * after.length <= budget ? Infinity : Math.floor(Math.sqrt(budget));
  return [[...before].sort(byText).slice(0, most), [...after].sort(byText).slice(0, most)];
}

function tieOf(one: Resource, other: Resource): string {
  return JSON.stringify([one.name, other.name].sort());
}
