/**
 * The right to write to one configuration repository, now.
 *
 * Only a work queue hands it out, with the job of a lane that it has just given to this worker; every function that writes to a
 * repository takes one, so that code which writes outside the lane does not compile (I2).
 */
declare const granted: unique symbol;

export interface LaneLock {
  readonly [granted]: true;
  readonly lane: string;
  /** Grows with each claim of the lane: a later holder's is larger (fencing). */
  readonly fence: number;
  /** False once the claim has expired or was given to another worker. Asked right before each write. */
  stillHeld(): Promise<boolean>;
}

/** For work queue adapters only. */
export function grantLaneLock(lane: string, fence: number, stillHeld: () => Promise<boolean>): LaneLock {
  return { lane, fence, stillHeld } as LaneLock;
}
