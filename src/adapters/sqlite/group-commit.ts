/** Writes that are asked for together are committed together: flushing them to the disk takes as long as flushing one of them. */

export type SqlValue = string | number | null;

/** What a write may do within its group's transaction. */
export interface SqlWriter {
  /** Returns how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number;
}

/** Where groups are written. Each call fails with an error that says what is the matter. */
export interface CommitPlace extends SqlWriter {
  /** Takes the file's write lock. */
  begin(): void;
  /** Durable when it is done; nothing else may be asked of this place before. */
  commit(): void | Promise<void>;
  /** Does nothing where SQLite has rolled back by itself. */
  rollback(): void;
}

/** So many are committed together at most: others, and the answers to these, wait for as long as that takes. */
const MOST_TOGETHER = 256;
/** So many are committed as soon as the disk is free; fewer wait for what else comes in this turn of the event loop, as each commit costs. */
const WORTH_A_COMMIT = 8;

interface Member {
  readonly run: (writer: SqlWriter) => void;
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  #place: CommitPlace;
  #state: 'idle' | 'to-write' | 'writing' = 'idle';
  readonly #waiting: Member[] = [];

  constructor(place: CommitPlace) {
    this.#place = place;
  }

  /** From the next group on. */
  moveTo(place: CommitPlace): void {
    this.#place = place;
  }

  /**
   * Runs `work` in one transaction with what else was asked for in this turn of the event loop, or while the group before was committed, in
   * the order of asking. Resolves once it is durable. `work` must not wait for anything; where another one's fails, it is run again.
   */
  add<T>(work: (writer: SqlWriter) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let outcome: T | null = null;
      this.#waiting.push({
        run: (writer) => {
          outcome = work(writer);
        },
        settle: () => resolve(outcome as T),
        reject,
      });
      this.#schedule();
    });
  }

  /** Begins to write whatever still waits, and at a place whose commits are done when they return has written it. */
  flush(): void {
    while (this.#waiting.length > 0) void this.#write(this.#nextGroup()).then((tell) => tell());
  }

  #schedule(): void {
    if (this.#state !== 'idle' || this.#waiting.length === 0) return;
    this.#state = 'to-write';
    setImmediate(() => void this.#writeAll());
  }

  /** Where many wait, those of a group are told once the next one's commit has begun: what they do then is done while the disk is at work. */
  async #writeAll(): Promise<void> {
    this.#state = 'writing';
    let tell = nothing;
    do {
      const writing = this.#write(this.#nextGroup());
      tell();
      tell = await writing;
    } while (this.#waiting.length >= WORTH_A_COMMIT);
    this.#state = 'idle';
    tell();
    this.#schedule();
  }

  #nextGroup(): readonly Member[] {
    return this.#waiting.splice(0, MOST_TOGETHER);
  }

  /** Gives what tells the members that they are durable. Never rejects. */
  async #write(group: readonly Member[]): Promise<() => void> {
    const place = this.#place;
    if (group.length === 0) return nothing;
    try {
      place.begin();
    } catch (error) {
      // Another process keeps the file locked: each alone would wait for it as long again.
      return () => group.forEach(({ reject }) => reject(error));
    }
    try {
      for (const { run } of group) run(place);
      await place.commit();
    } catch (error) {
      return this.#writeEach(group, error);
    }
    return () => group.forEach(({ settle }) => settle());
  }

  /** Nothing of the group was kept. Each alone, so that one that can't be done does not take the others with it. */
  async #writeEach(group: readonly Member[], cause: unknown): Promise<() => void> {
    const place = this.#place;
    try {
      place.rollback();
    } catch (error) {
      return () => group.forEach(({ reject }) => reject(error));
    }
    const [first, ...more] = group;
    if (more.length === 0) return () => first?.reject(cause);
    for (const member of group) (await this.#write([member]))();
    return nothing;
  }
}

function nothing(): void {}
