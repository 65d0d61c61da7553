/**
 * What a target's workloads reserve, before and after a change.
 *
 * Example: a Deployment of three replicas that each request `500m` and `1Gi` reserves 1500 millicores and 3 GiB; at 20 EUR a core and
 * 3 EUR a GiB that is 39 EUR a month.
 */
import { resourceIdentity, type Resource } from '../manifests.js';
import type { Amounts, CostChange, CostNote } from '../plan.js';
import type { Prices } from '../plan-settings.js';
import { sum } from './pod-requests.js';
import { inUnits } from './quantity.js';
import { autoscalersOf, workloadRequests } from './workload-requests.js';

export interface Sides {
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

/** Null where nothing requests anything on either side. */
export function targetCost(sides: Sides, prices: Prices | null): CostChange | null {
  const [before, after] = [sideCost(sides.before), sideCost(sides.after)];
  const cpu = { before: before.cpu, after: after.cpu };
  const memory = { before: before.memory, after: after.memory };
  const storage = { before: before.storage, after: after.storage };
  const notes = [...new Map([...before.notes, ...after.notes].map((note) => [JSON.stringify(note), note])).values()];
  const nothing = [cpu, memory, storage].every((amounts) => amounts.before === 0 && amounts.after === 0);
  if (nothing && notes.length === 0) return null;
  const money = prices === null ? null : { currency: prices.currency, ...moneyOf({ cpu, memory, storage }, prices) };
  return { cpu, memory, storage, money, notes };
}

interface SideCost {
  /** Millicores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly storage: number;
  readonly notes: readonly CostNote[];
}

function sideCost(resources: readonly Resource[]): SideCost {
  const autoscalers = autoscalersOf(resources);
  // Declared more than once, it is one all the same.
  const once = new Map(resources.map((resource) => [resourceIdentity(resource), resource]));
  const each = [...once.values()].map((resource) => workloadRequests(resource, autoscalers));
  return {
    cpu: inUnits(sum(each.map(({ requests }) => requests.cpu)), 1000),
    memory: inUnits(sum(each.map(({ requests }) => requests.memory)), 1),
    storage: inUnits(sum(each.map(({ requests }) => requests.storage)), 1),
    notes: each.flatMap(({ notes }) => notes),
  };
}

const GIB = 2 ** 30;

function moneyOf(cost: Pick<CostChange, 'cpu' | 'memory' | 'storage'>, prices: Prices): Amounts {
  const at = (side: keyof Amounts) =>
    (cost.cpu[side] / 1000) * (prices.cpu ?? 0) +
    (cost.memory[side] / GIB) * (prices.memory ?? 0) +
    (cost.storage[side] / GIB) * (prices.storage ?? 0);
  return { before: inCents(at('before')), after: inCents(at('after')) };
}

function inCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
