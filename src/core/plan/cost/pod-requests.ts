/**
 * What one pod reserves on its node.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers and
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/: containers and sidecars run together, init containers one after
 * the other beside the sidecars started before them. A limit without a request is the request.
 */
import { field, itemsOf, valueAt } from '../values.js';
import { parseQuantity } from './quantity.js';

/** In billionths of a core or a byte. */
export interface Requests {
  readonly cpu: bigint;
  readonly memory: bigint;
  /** Of volumes that live and die with the pod. */
  readonly storage: bigint;
  /** Quantities that Kubernetes would refuse are counted as nothing. */
  readonly unreadable: number;
}

export function podRequests(pod: unknown): Requests {
  const unreadable: unknown[] = [];
  const read = (value: unknown): bigint => {
    if (value === undefined || value === null) return 0n;
    const amount = parseQuantity(value);
    if (amount === null) unreadable.push(value);
    return amount ?? 0n;
  };
  const [cpu, memory] = [podAmount(pod, 'cpu', read), podAmount(pod, 'memory', read)];
  const storage = itemsOf(field(pod, 'volumes')).map((volume) =>
    read(valueAt(volume, 'ephemeral.volumeClaimTemplate.spec.resources.requests.storage')),
  );
  return { cpu, memory, storage: sum(storage), unreadable: unreadable.length };
}

type Read = (value: unknown) => bigint;

function podAmount(pod: unknown, resource: 'cpu' | 'memory', read: Read): bigint {
  const overhead = read(valueAt(pod, `overhead.${resource}`));
  const whole = requestIn(pod, resource);
  if (whole !== undefined) return read(whole) + overhead;
  let sidecars = 0n;
  let peak = 0n;
  for (const container of itemsOf(field(pod, 'initContainers'))) {
    const amount = read(requestIn(container, resource));
    if (field(container, 'restartPolicy') === 'Always') {
      sidecars += amount;
      peak = max(peak, sidecars);
    } else peak = max(peak, sidecars + amount);
  }
  const together = sum(itemsOf(field(pod, 'containers')).map((container) => read(requestIn(container, resource))));
  return max(peak, sidecars + together) + overhead;
}

function requestIn(owner: unknown, resource: string): unknown {
  return (
    valueAt(owner, `resources.requests.${resource}`) ?? valueAt(owner, `resources.limits.${resource}`) ?? undefined
  );
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
