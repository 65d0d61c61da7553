/** Waits for the operator. */

/** npm and the terminal may both pass on one Ctrl-C: a second signal within this time, in ms, is the same one. */
const SAME_SIGNAL = 1000;

/** Resolves with the signal that asks the program to end. A later second one ends it at once. */
export async function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const stop = (signal: NodeJS.Signals): void => {
      if (first !== null && Date.now() - first > SAME_SIGNAL) process.exit(130);
      first ??= Date.now();
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
