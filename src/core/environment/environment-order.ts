/**
 * The order in which versions travel. `after` makes environments a graph: several sources and several successors are fine, a circle
 * is not.
 *
 * Worked example: dev, test after dev, perf after dev, prod after [test, perf] → dev, test, perf, prod.
 */
import type { EnvironmentRules } from '../configuration.js';

type Link = Pick<EnvironmentRules, 'name' | 'after'>;

type EnvironmentOrder =
  | { readonly kind: 'ordered'; readonly names: readonly string[] }
  /** Each of these comes after the next, and the last after the first. */
  | { readonly kind: 'circle'; readonly circle: readonly [string, ...string[]] };

/** Sources before successors; otherwise the order given. Names in `after` that are not among the environments are passed over. */
export function environmentOrder(environments: readonly Link[]): EnvironmentOrder {
  const names: string[] = [];
  const placed = new Set<string>();
  const known = new Set(environments.map(({ name }) => name));
  let waiting = environments;
  while (waiting.length > 0) {
    const next = waiting.find(({ after }) => after.every((source) => placed.has(source) || !known.has(source)));
    if (next === undefined) return { kind: 'circle', circle: circleIn(waiting) };
    names.push(next.name);
    placed.add(next.name);
    waiting = waiting.filter((each) => each !== next);
  }
  return { kind: 'ordered', names };
}

/** Every one of `waiting` comes after another one of them: following `after` must come back to where it has been. */
function circleIn(waiting: readonly Link[]): readonly [string, ...string[]] {
  const byName = new Map(waiting.map((link) => [link.name, link]));
  const path: string[] = [];
  let at = waiting[0]?.name ?? '';
  while (!path.includes(at)) {
    path.push(at);
    at = byName.get(at)?.after.find((source) => byName.has(source)) ?? at;
  }
  const [first = at, ...rest] = path.slice(path.indexOf(at));
  return [first, ...rest];
}

/** The environments that are promoted to from `name`, in the order of the file. */
export function successors<E extends Link>(name: string, environments: readonly E[]): readonly E[] {
  return environments.filter(({ after }) => after.includes(name));
}
