/** Ends a `switch` over a closed union: a new member does not compile until it has been given words. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
