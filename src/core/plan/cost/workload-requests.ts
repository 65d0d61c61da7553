/** What one resource reserves as long as it stands: its pods' requests times their number, and storage. */
import type { Resource } from '../manifests.js';
import type { CostNote } from '../plan.js';
import { resourceLabel } from '../resource-label.js';
import { field, groupOf, itemsOf, numberOf, textOf, valueAt } from '../values.js';
import { podRequests, sum, type Requests } from './pod-requests.js';
import { parseQuantity } from './quantity.js';

interface WorkloadRequests {
  readonly requests: Pick<Requests, 'cpu' | 'memory' | 'storage'>;
  readonly notes: readonly CostNote[];
}

const NOTHING = { cpu: 0n, memory: 0n, storage: 0n };

/** How many pods a workload keeps. */
interface PodCount {
  readonly count: bigint;
  readonly note: CostNote['kind'] | null;
}

/** By the label of the workload that it scales: the least replicas of its autoscaler. */
type Autoscalers = ReadonlyMap<string, unknown>;

export function autoscalersOf(resources: readonly Resource[]): Autoscalers {
  const scalers = resources.filter(
    ({ apiVersion, kind }) => kind === 'HorizontalPodAutoscaler' && groupOf(apiVersion) === 'autoscaling',
  );
  return new Map(
    scalers.map(({ value, namespace }) => {
      const [kind, name] = ['kind', 'name'].map((part) => textOf(valueAt(value, `spec.scaleTargetRef.${part}`)));
      return [JSON.stringify([namespace, kind, name]), valueAt(value, 'spec.minReplicas') ?? 1];
    }),
  );
}

export function workloadRequests(resource: Resource, autoscalers: Autoscalers): WorkloadRequests {
  if (resource.kind === 'PersistentVolumeClaim' && groupOf(resource.apiVersion) === '') {
    const storage = claimStorage(resource.value);
    return { requests: { ...NOTHING, storage: storage ?? 0n }, notes: storage === null ? [unreadable(resource)] : [] };
  }
  const pods = podCount(resource, autoscalers);
  return pods === null ? { requests: NOTHING, notes: [] } : podsRequests(resource, pods);
}

function podsRequests(resource: Resource, { count, note }: PodCount): WorkloadRequests {
  const { value, kind } = resource;
  const pod = podRequests(kind === 'Pod' ? field(value, 'spec') : valueAt(value, 'spec.template.spec'));
  const claims = itemsOf(valueAt(value, 'spec.volumeClaimTemplates')).map(claimStorage);
  const storage = pod.storage + sum(claims.flatMap((claim) => claim ?? []));
  const requests = { cpu: pod.cpu * count, memory: pod.memory * count, storage: storage * count };
  const refused = pod.unreadable > 0 || claims.includes(null) || note === 'unreadable';
  const told = note === null || note === 'unreadable' || isNothing(requests) ? [] : [note];
  return {
    requests,
    notes: [
      ...told.map((each) => ({ kind: each, resource: resourceLabel(resource) })),
      ...(refused ? [unreadable(resource)] : []),
    ],
  };
}

function isNothing({ cpu, memory, storage }: WorkloadRequests['requests']): boolean {
  return cpu + memory + storage === 0n;
}

function unreadable(resource: Resource): CostNote {
  return { kind: 'unreadable', resource: resourceLabel(resource) };
}

/** Null for what Kubernetes would refuse. */
function claimStorage(claim: unknown): bigint | null {
  const given = valueAt(claim, 'spec.resources.requests.storage');
  return given === undefined || given === null ? 0n : parseQuantity(given);
}

/** Null for what runs no pods of its own, or none that stand: a cron job's come and go. */
function podCount(resource: Resource, autoscalers: Autoscalers): PodCount | null {
  switch (`${groupOf(resource.apiVersion)}/${resource.kind}`) {
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/ReplicaSet':
    case '/ReplicationController':
    case 'argoproj.io/Rollout':
      return replicas(resource, autoscalers);
    case 'apps/DaemonSet':
      return { count: 1n, note: 'once-per-node' };
    case '/Pod':
      return { count: 1n, note: null };
    case 'batch/Job':
      return jobPods(resource.value);
    default:
      return null;
  }
}

function replicas({ value, kind, name, namespace }: Resource, autoscalers: Autoscalers): PodCount {
  const given = counted(valueAt(value, 'spec.replicas') ?? 1);
  const least = autoscalers.get(JSON.stringify([namespace, kind, name]));
  // At none, its autoscaler leaves it alone; a number that can't be read is refused as a whole.
  if (least === undefined || given.count === 0n) return given;
  return { note: 'autoscaled', ...onlyCount(counted(least)) };
}

function onlyCount({ count, note }: PodCount): Partial<PodCount> & Pick<PodCount, 'count'> {
  return note === null ? { count } : { count, note };
}

function jobPods(job: unknown): PodCount {
  if (valueAt(job, 'spec.suspend') === true) return { count: 0n, note: null };
  const parallel = counted(valueAt(job, 'spec.parallelism') ?? 1);
  const completions = numberOf(valueAt(job, 'spec.completions'));
  const most = completions === null ? parallel.count : BigInt(Math.max(0, Math.trunc(completions)));
  return { ...parallel, count: parallel.count < most ? parallel.count : most };
}

/** More pods than any cluster has are no number of replicas. */
const MOST_PODS = 1_000_000;

function counted(value: unknown): PodCount {
  const number = numberOf(value);
  const sound = number !== null && Number.isInteger(number) && number >= 0 && number <= MOST_PODS;
  return sound ? { count: BigInt(number), note: null } : { count: 0n, note: 'unreadable' };
}
