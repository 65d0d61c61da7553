/** Waits for the operator. */

/** Resolves with the signal that asks the program to end. A second one ends it at once. */
export async function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      resolve(signal);
      process.once(signal, () => process.exit(130));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
