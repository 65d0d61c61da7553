/**
 * How the items of two lists are matched, and whether their order means anything.
 *
 * Source of the keys: `patchMergeKey` and `x-kubernetes-list-map-keys` in Kubernetes' API types
 * (https://kubernetes.io/docs/reference/kubernetes-api/), and for lists that have none, the fields that tell their items apart.
 */
import { field, groupOf, textOf, valueAt } from '../values.js';

/** `unknown`: whether a reader minds is not known, so that another order is told, though no value differs. */
export type ListOrder = 'matters' | 'means-nothing' | 'unknown';

interface ListRule {
  readonly order: ListOrder;
  /** Names an item as people would; null where it can't. Tried in order: the first that names every item of both lists uniquely counts. */
  readonly keys: readonly ItemKey[];
}

export type ItemKey = (item: unknown) => string | null;

/** `Order` of lists is only known of objects whose API is. */
export type ListContext = 'kubernetes' | 'other';

/** Kubernetes' own groups: those of custom resources give the same names other meanings. */
export function listContext(apiVersion: string): ListContext {
  const group = groupOf(apiVersion);
  const own =
    ['', 'apps', 'batch', 'autoscaling', 'policy'].includes(group) ||
    (/^[a-z]+(\.[a-z]+)?\.k8s\.io$/.test(group) && group !== 'gateway.networking.k8s.io');
  return own && apiVersion !== '' ? 'kubernetes' : 'other';
}

/** The rule for a list in the field `name`; `''` for a list in a list or at the top. */
export function listRule(name: string, lists: readonly (readonly unknown[])[], context: ListContext): ListRule {
  const known = RULES.get(name);
  if (known === undefined) return { order: 'unknown', keys: ANYWHERE };
  const order = name === 'env' && lists.some(hasReference) ? 'matters' : known.order;
  return { order: context === 'other' && order === 'means-nothing' ? 'unknown' : order, keys: known.keys };
}

/** `$(NAME)` in a variable is filled in from the variables above it. */
function hasReference(variables: readonly unknown[]): boolean {
  return variables.some((variable) => textOf(field(variable, 'value'))?.includes('$(') === true);
}

/** Fields joined by a slash; the first must be there, later ones are left out where they are not or have their default. */
function fields(first: string, ...more: readonly (readonly [name: string, usual: string | null])[]): ItemKey {
  return (item) => {
    const start = scalarText(valueAt(item, first));
    if (start === null) return null;
    const rest = more.flatMap(([name, usual]) => {
      const text = scalarText(valueAt(item, name));
      return text === null || text === usual ? [] : [text];
    });
    return [start, ...rest].join('/');
  };
}

/** Longer texts name nothing. */
const LONGEST_KEY = 300;

function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' || value.length > LONGEST_KEY ? null : value;
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : null;
}

const NAME = fields('name');
const ANYWHERE: readonly ItemKey[] = [NAME, fields('key'), fields('id')];

/** Kustomize names generated objects by their content: the same source in another version is the same item. */
const ENV_SOURCE: ItemKey = (item) => {
  for (const source of ['configMapRef', 'secretRef'] as const) {
    const name = scalarText(valueAt(item, `${source}.name`));
    if (name !== null) return `${source === 'configMapRef' ? 'ConfigMap' : 'Secret'}/${withoutContentHash(name)}`;
  }
  return null;
};

/** Source of the alphabet: `sigs.k8s.io/kustomize/api/hasher`, which writes a hexadecimal digest without vowels and look-alikes. */
const CONTENT_HASH = /-[2456789bcdfghkmt]{10}$/;

/** `settings` of `settings-4k2h79gmt5`; other names as they are. */
export function withoutContentHash(name: string): string {
  return name.replace(CONTENT_HASH, '');
}

const TOLERATION: ItemKey = (item) => {
  const parts = ['key', 'operator', 'value', 'effect'].map((name) => scalarText(field(item, name)) ?? '');
  return parts.every((part) => part === '') ? null : parts.join('/');
};

const unordered = (...keys: readonly ItemKey[]): ListRule => ({ order: 'means-nothing', keys });
const ordered = (...keys: readonly ItemKey[]): ListRule => ({ order: 'matters', keys });
const BY_NAME = unordered(NAME);
const SET = unordered();

/** Lists of plain values. */
const SETS: readonly string[] = [
  'finalizers',
  'accessModes',
  'verbs',
  'resources',
  'apiGroups',
  'resourceNames',
  'nonResourceURLs',
  'add',
  'drop',
  'policyTypes',
  'externalIPs',
  'loadBalancerSourceRanges',
  'hosts',
  'hostnames',
  'values',
  'namespaces',
];

const RULES: ReadonlyMap<string, ListRule> = new Map([
  ['containers', BY_NAME],
  ['initContainers', ordered(NAME)],
  ['ephemeralContainers', BY_NAME],
  ['command', ordered()],
  ['args', ordered()],
  ['ports', unordered(fields('containerPort', ['protocol', 'TCP']), fields('port', ['protocol', 'TCP']), NAME)],
  ['env', BY_NAME],
  ['envFrom', ordered(ENV_SOURCE)],
  ['volumes', BY_NAME],
  ['volumeMounts', unordered(fields('mountPath'))],
  ['volumeDevices', unordered(fields('devicePath'))],
  ['volumeClaimTemplates', unordered(fields('metadata.name'))],
  ['imagePullSecrets', BY_NAME],
  ['secrets', BY_NAME],
  ['ownerReferences', unordered(fields('uid'), fields('kind', ['name', null]))],
  ['hostAliases', unordered(fields('ip'))],
  ['tolerations', unordered(TOLERATION)],
  ['taints', unordered(fields('key', ['effect', null]))],
  ['topologySpreadConstraints', unordered(fields('topologyKey', ['whenUnsatisfiable', null]), fields('topologyKey'))],
  ['conditions', unordered(fields('type'))],
  ['readinessGates', unordered(fields('conditionType'))],
  ['schedulingGates', BY_NAME],
  ['resourceClaims', BY_NAME],
  ['webhooks', BY_NAME],
  ['versions', BY_NAME],
  ['subjects', unordered(fields('kind', ['namespace', null], ['name', null]))],
  ['rules', unordered(fields('host'))],
  ['paths', unordered(fields('path', ['pathType', null]))],
  ['matchExpressions', unordered(fields('key'))],
  ['ingress', SET],
  ['egress', SET],
  ['from', SET],
  ['to', SET],
  ['tls', unordered(fields('secretName'))],
  ['metrics', SET],
  ...SETS.map((name) => [name, SET] as const),
]);
