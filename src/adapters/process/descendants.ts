/** Counts what processes have started, for as long as they run: the system's own limit counts by user, and does not hold for root. */
import { readdirSync, readFileSync } from 'node:fs';

/** Between two counts, in ms. Most tools have ended before the first; a count reads a file for each process of the machine. */
const INTERVAL = 400;

interface Watched {
  readonly pid: number;
  readonly most: number;
  readonly onExcess: () => void;
}

/** One count serves all that are watched. Where the system does not tell parents (no /proc), nothing is counted. */
export class Descendants {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;

  /** `onExcess` is called once, when there are more than `most`. What is returned ends the watch. */
  watch(watched: Watched): () => void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#count(), INTERVAL).unref();
    return () => this.#forget(watched);
  }

  #count(): void {
    const children = childrenByParent();
    for (const watched of this.#watched) {
      if (descendantsOf(watched.pid, children) <= watched.most) continue;
      this.#forget(watched);
      watched.onExcess();
    }
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

type Children = ReadonlyMap<number, readonly number[]>;

/** Children, their children and so on. */
function descendantsOf(pid: number, children: Children): number {
  const waiting = [...(children.get(pid) ?? [])];
  let counted = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    counted += 1;
    waiting.push(...(children.get(next) ?? []));
  }
  return counted;
}

function childrenByParent(): Children {
  const children = new Map<number, number[]>();
  for (const name of readOr([], () => readdirSync('/proc'))) {
    if (!/^\d+$/.test(name)) continue;
    // `PID (name) state PPID …`: the name may hold anything, parentheses too.
    const stat = readOr('', () => readFileSync(`/proc/${name}/stat`, 'utf8'));
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [Number(name)]);
    else siblings.push(Number(name));
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
