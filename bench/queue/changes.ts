/** The pull requests of the benchmark, and the checks that judge them, in virtual time. */

export type Meeting = 'disjoint' | 'half' | 'all';

export interface Change {
  readonly number: number;
  readonly target: string;
  /** Of its own head. Red ones never join a queue. */
  readonly own: 'green' | 'red';
  /** `breaks`: green by itself, red on whatever else came to its target. */
  readonly together: 'works' | 'breaks';
}

/** `share` of 0 to 1 fail, evenly spread over both sorts: those with a target of their own by themselves, those that share one only together. */
export function makeChanges(count: number, meeting: Meeting, share: number): readonly Change[] {
  const every = share === 0 ? Infinity : Math.round(1 / share);
  return Array.from({ length: count }, (_, number) => {
    const fails = number % every === Math.floor(every / 2);
    const shares = meeting === 'all' || (meeting === 'half' && (number + Math.floor(number / 20)) % 2 === 0);
    return {
      number,
      target: shares ? 'shared' : `own-${number}`,
      own: fails && !shares ? 'red' : 'green',
      together: fails && shares ? 'breaks' : 'works',
    };
  });
}

/** The branch as it grows; it knows when it was broken. */
export class Branch {
  readonly merged: Change[] = [];
  broken = 0;

  /** What the checks of these, merged in this order into the branch as it is, say. */
  checks(changes: readonly Change[]): 'green' | 'red' {
    const targets = new Set(this.merged.map(({ target }) => target));
    for (const { target, together } of changes) {
      if (together === 'breaks' && targets.has(target)) return 'red';
      targets.add(target);
    }
    return 'green';
  }

  merge(change: Change): void {
    if (change.own === 'red' || this.checks([change]) === 'red') this.broken += 1;
    this.merged.push(change);
  }

  meets({ target }: Change): boolean {
    return this.merged.some((other) => other.target === target);
  }
}
