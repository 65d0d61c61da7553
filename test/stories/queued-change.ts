/** Changes that wait in the merge queue for their checks, and what became of them. */
import { expect } from 'vitest';
import type { World } from './world.js';

export interface QueuedChange {
  readonly app: string;
  /** Below the application's directory of dev, without `.yaml`. */
  readonly file: string;
  readonly branch: string;
  /** What the branch is made on. */
  readonly start: string;
  /** Nobody when absent. */
  readonly approvedBy?: string;
}

/** Alice adds the name of the branch to the file, and asks for the merge while CI still runs. The number of the pull request. */
export async function openQueued(
  world: World,
  { app, file, branch, start, approvedBy }: QueuedChange,
): Promise<number> {
  const { people } = world;
  const path = `apps/${app}/envs/dev/${file}.yaml`;
  const text = `${(await people.file(path, start)) ?? ''}# ${branch}\n`;
  await people.push('alice', branch, { start, files: { [path]: text } });
  const number = await people.open('alice', { title: `Change ${file} of ${app}`, head: branch });
  await people.ci(branch, 'pending');
  await world.settle();
  if (approvedBy !== undefined) await people.review(approvedBy, number);
  await world.settle();
  await people.comment('alice', number, world.merge);
  await world.settle();
  expect((await world.readNew(number)).at(-1)).toContain('It is in the merge queue and waits for');
  return number;
}

export async function statesOf(world: World, numbers: readonly number[]): Promise<readonly string[]> {
  return Promise.all(numbers.map(async (number) => (await world.people.pullRequest(number)).state));
}
