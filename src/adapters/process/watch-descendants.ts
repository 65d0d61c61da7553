/** Counts what a process has started, for as long as it runs: the system's own limit counts by user, and does not hold for root. */
import { readdirSync, readFileSync } from 'node:fs';

/** Between two counts, in ms. A fork bomb makes some hundreds in this time; most tools have ended before the first. */
const INTERVAL = 150;

/** `onExcess` is called once. Where the system does not tell parents (no /proc), nothing is counted. */
export function watchDescendants(
  pid: number | undefined,
  most: number | undefined,
  onExcess: () => void,
): { stop(): void } {
  if (pid === undefined || most === undefined) return { stop: () => undefined };
  const timer = setInterval(() => {
    if (countDescendants(pid) <= most) return;
    clearInterval(timer);
    onExcess();
  }, INTERVAL);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Children, their children and so on. */
function countDescendants(pid: number): number {
  const children = childrenByParent();
  const waiting = [...(children.get(pid) ?? [])];
  let counted = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    counted += 1;
    waiting.push(...(children.get(next) ?? []));
  }
  return counted;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of readOr([], () => readdirSync('/proc'))) {
    if (!/^\d+$/.test(name)) continue;
    // `PID (name) state PPID …`: the name may hold anything, parentheses too.
    const stat = readOr('', () => readFileSync(`/proc/${name}/stat`, 'utf8'));
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** Processes end while they are counted, and not every system has /proc. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
