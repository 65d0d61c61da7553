/** What parts of a plan are called, as plain words that each rendering escapes in its own way. */
import { parseImageReference } from '../core/image/image-reference.js';
import type { TargetName } from '../core/ids.js';
import type { ImageChange } from '../core/plan/images.js';
import type {
  Amounts,
  CostChange,
  CostNote,
  HiddenKind,
  HiddenPart,
  Highlight,
  PlanWarning,
  ResourceChange,
  TargetPlan,
  WarningKind,
} from '../core/plan/plan.js';
import { unreachable } from '../core/unreachable.js';
import { counted } from './markdown.js';

/** `api in prod` */
export function targetWords({ app, env }: TargetName): string {
  return `${app} in ${env}`;
}

/** `image 1.4.2 → 1.5.0, replicas 3 → 5, 1 ConfigMap added` */
export function headline(target: TargetPlan): string {
  if (target.highlights.length === 0) {
    const { versionBefore: before, versionAfter: after } = target;
    const version = before === after ? [] : [highlightWords({ kind: 'version', image: null, before, after }, false)];
    return [...version, ...countedChanges(target.resources)].join(', ');
  }
  const several = target.highlights.filter((each) => each.kind === 'replicas').length > 1;
  const words = (each: Highlight): string => highlightWords(each, several);
  const images = target.highlights.filter((each) => each.kind === 'version');
  const more = images.length - IMAGES_NAMED;
  return [
    ...images.slice(0, IMAGES_NAMED).map(words),
    ...(more > 0 ? [`${counted(more, 'more image')} changed`] : []),
    ...target.highlights.filter((each) => each.kind !== 'version').map(words),
  ].join(', ');
}

/** In a sentence. */
const IMAGES_NAMED = 3;

const CHANGES = ['added', 'changed', 'renamed', 'reordered', 'removed'] as const;

function countedChanges(resources: readonly ResourceChange[]): readonly string[] {
  return CHANGES.flatMap((change) => {
    const count = resources.filter((resource) => resource.change === change).length;
    return count === 0 ? [] : [`${counted(count, 'resource')} ${change}`];
  });
}

function highlightWords(highlight: Highlight, several: boolean): string {
  switch (highlight.kind) {
    case 'version':
      return versionWords(highlight);
    case 'replicas': {
      const of = several ? `${highlight.resource} ` : '';
      return `${of}replicas ${step(highlight.before, highlight.after)}`;
    }
    case 'resources': {
      const kind = highlight.resourceKind === '' ? 'document' : highlight.resourceKind;
      return `${counted(highlight.count, kind, plural(kind))} ${highlight.change}`;
    }
    case 'duplicates':
      return `${counted(highlight.count, highlight.resourceKind, plural(highlight.resourceKind))} declared once more`;
    default:
      return unreachable(highlight);
  }
}

/** `image 1.4.2 → 1.5.0`, `image api 1.4.2 → 1.5.0`, `image redis 7 added` */
function versionWords({ image, before, after }: Extract<Highlight, { kind: 'version' }>): string {
  const name = image === null ? 'image' : `image ${image}`;
  if (before === null) return `${name} ${after ?? ''} added`;
  return after === null ? `${name} ${before} removed` : `${name} ${step(before, after)}`;
}

function step(before: string | number | null, after: string | number | null): string {
  return `${before ?? 'none'} → ${after ?? 'none'}`;
}

/** `Ingress` → `Ingresses`, `NetworkPolicy` → `NetworkPolicies` */
function plural(kind: string): string {
  if (/(s|x|ch|sh)$/i.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/i.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** `Deployment x/api`; a file's path for YAML that is no Kubernetes object. */
export function resourceWords({ kind, namespace, name }: Pick<ResourceChange, 'kind' | 'namespace' | 'name'>): string {
  return kind === '' ? name : `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/** What became of a resource, after its name. */
export function changeWords({ change, declared }: Pick<ResourceChange, 'change' | 'declared'>): string {
  const words = change === 'reordered' ? 'only reordered' : change;
  if (declared === undefined) return words;
  return declared.length === 1
    ? `${words}, and still declared once`
    : `${words}, and declared ${declared.length} times`;
}

/** What is most dangerous first, and what is asked of the reader. */
const WARNINGS: Readonly<Record<WarningKind, string>> = {
  'deletes-data': 'deletes data',
  'deletes-namespace': 'deletes a namespace with all that is in it',
  'deletes-crd': 'deletes a resource definition with all its resources',
  'deletes-workload': 'deletes what runs',
  'duplicate-resource': 'is declared more than once',
  'plain-secret': 'stands in git as plain text',
  privileged: 'runs with privileges of its node',
  'host-access': 'reaches into its node',
  'touches-rbac': 'changes who may do what',
  'scales-to-zero': 'scales to zero',
  'immutable-field': 'changes a field that can’t be changed: applying it will fail',
  'touches-network-policy': 'changes who may connect',
  'changes-service': 'changes how a service is reached',
};
const WORST_FIRST = Object.keys(WARNINGS);

export function worstFirst(warnings: readonly PlanWarning[]): readonly PlanWarning[] {
  return warnings.toSorted((a, b) => WORST_FIRST.indexOf(a.kind) - WORST_FIRST.indexOf(b.kind));
}

export function warningWords(kind: WarningKind): string {
  return WARNINGS[kind];
}

/** Where it is: the field, or the files. */
export function warningPlaces({ path, files }: PlanWarning): readonly string[] {
  return path === null ? (files ?? []) : [path];
}

/** `ghcr.io/acme/api 1.4.2 → 1.5.0`, or both images whole where they are not one image's versions. */
export function imageWords({ before, after }: ImageChange): string {
  const [old, now] = [before, after].map((image) => (image === null ? null : parseImageReference(image)));
  if (old === null || old === undefined || now === null || now === undefined || old.image !== now.image)
    return step(before, after);
  const [from, to] = old.tag === now.tag ? [old.digest, now.digest] : [old.tag, now.tag];
  return `${now.image} ${step(from ?? 'latest', to ?? 'latest')}`;
}

/** `CPU 0.5 → 1, memory 1 GiB → 2 GiB, EUR 10.00 → 20.00 a month`; empty where nothing is requested. */
export function costWords({ cpu, memory, storage, money }: CostChange): string {
  const parts = [
    amounts('CPU', cpu, (millicores) => trimmed(millicores / 1000)),
    amounts('memory', memory, bytes),
    amounts('storage', storage, bytes),
    money === null ? null : `${amounts(money.currency, money, (value) => value.toFixed(2)) ?? ''} a month`,
  ];
  return parts.filter((part) => part !== null && part !== ' a month').join(', ');
}

export function costNoteWords({ kind, resource }: CostNote): string {
  switch (kind) {
    case 'once-per-node':
      return `${resource} runs on every node and is counted once`;
    case 'autoscaled':
      return `${resource} is counted with its autoscaler’s least replicas`;
    case 'unreadable':
      return `${resource} holds a quantity that can’t be read and counts as nothing`;
    default:
      return unreachable(kind);
  }
}

function amounts(name: string, { before, after }: Amounts, say: (value: number) => string): string | null {
  if (before === 0 && after === 0) return null;
  return before === after ? `${name} ${say(after)}` : `${name} ${say(before)} → ${say(after)}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function bytes(value: number): string {
  let [amount, unit] = [value, 0];
  while (amount >= 1024 && unit < UNITS.length - 1) [amount, unit] = [amount / 1024, unit + 1];
  return `${trimmed(amount)} ${UNITS[unit] ?? ''}`;
}

/** At most three decimals. */
function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** `2 values masked` */
export function hiddenWords(kind: HiddenPart['kind'], count: number): string {
  switch (kind) {
    case 'masked-value':
      return `${counted(count, 'value')} masked`;
    case 'encrypted-value':
      return `${counted(count, 'encrypted value')}, shown as fingerprints`;
    case 'cut-value':
      return `${counted(count, 'long value')} shown only in part`;
    case 'large-resource':
      return `${counted(count, 'difference')} too large to show whole`;
    case 'unshown-resource':
      return `${counted(count, 'change')} not shown`;
    case 'unshown-field':
      return `${counted(count, 'field')} not listed`;
    case 'binary-file':
      return `${counted(count, 'changed binary file')} not compared`;
    case 'unread-file':
      return `${counted(count, 'changed file')} that no manifest is made of`;
    case 'note':
      return counted(count, 'note');
    default:
      return unreachable(kind);
  }
}

const HIDDEN_ORDER = [
  'note',
  'large-resource',
  'unshown-resource',
  'unshown-field',
  'binary-file',
  'unread-file',
  'cut-value',
  'encrypted-value',
  'masked-value',
] as const satisfies readonly HiddenKind[];

export interface HiddenGroup {
  readonly kind: HiddenPart['kind'];
  readonly count: number;
  readonly parts: readonly HiddenPart[];
}

/** What is hidden, by kind, what matters most first. */
export function hiddenGroups(hidden: readonly HiddenPart[]): readonly HiddenGroup[] {
  return HIDDEN_ORDER.flatMap((kind) => {
    const parts = hidden.filter((part) => part.kind === kind);
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    return parts.length === 0 ? [] : [{ kind, count, parts }];
  });
}
