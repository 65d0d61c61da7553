/** Which task a call of the bot belongs to, and what is heard by those whose process is dead. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Reach, Task } from './reach.js';

/** Which task a call belongs to, however deep it is. */
export const tasks = new AsyncLocalStorage<Task | undefined>();

/** What others do while the bot waits belongs to no task of its. Not `exit`, which what runs within ends for what comes after it. */
export function outsideOfTasks<T>(act: () => Promise<T>): Promise<T> {
  return tasks.run(undefined, act);
}

export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * What the dead hear. Of a token they are told that they are dead: GitHub's client lets whoever asks next in the same process wait for the
 * same answer, and what waits in a process does not outlive it.
 */
export function silence<T>(reach: Reach): Promise<T> {
  return asksForToken(reach) ? Promise.reject(new Error('The bot that asked for a token is dead')) : never<T>();
}

/** Whoever needs a token while one is asked for waits for that one. */
export function asksForToken(reach: Reach): boolean {
  return reach.kind === 'request' && reach.path.endsWith('/access_tokens');
}
