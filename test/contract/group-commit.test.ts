/** When those are told whose writes were committed together: never before it is done, and without keeping the disk from the next. */
import { expect, test } from 'vitest';
import { GroupCommit, type CommitPlace } from '../../src/adapters/sqlite/group-commit.js';

/** Notes what happens; its commits are done when the test says so. */
class StepByStep implements CommitPlace {
  readonly happened: string[] = [];
  #finish: () => void = () => undefined;

  begin(): void {
    this.happened.push('begin');
  }

  run(sql: string): number {
    this.happened.push(sql);
    return 1;
  }

  commit(): Promise<void> {
    return new Promise((resolve) => (this.#finish = resolve));
  }

  rollback(): void {
    this.happened.push('rollback');
  }

  /** And lets everything happen that follows from it. */
  async finish(): Promise<void> {
    this.#finish();
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

function asker(): { readonly place: StepByStep; readonly ask: (from: number, to: number) => Promise<void> } {
  const place = new StepByStep();
  const groups = new GroupCommit(place);
  const ask = async (from: number, to: number): Promise<void> => {
    for (let number = from; number <= to; number += 1)
      void groups.add((writer) => writer.run(`write ${number}`)).then(() => place.happened.push(`told ${number}`));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { place, ask };
}

test('nobody is told before the commit is done, and the next ones wait for it', async () => {
  const { place, ask } = asker();
  await ask(1, 2);
  await ask(3, 3);
  expect(place.happened).toEqual(['begin', 'write 1', 'write 2']);
  await place.finish();
  expect(place.happened.slice(3)).toEqual(['told 1', 'told 2', 'begin', 'write 3']);
  await place.finish();
  expect(place.happened.at(-1)).toBe('told 3');
});

test('where many wait their commit begins before those of the last are told', async () => {
  const { place, ask } = asker();
  await ask(1, 2);
  await ask(3, 22);
  await place.finish();
  const [begun, told] = [place.happened.lastIndexOf('begin'), place.happened.indexOf('told 1')];
  expect(place.happened.slice(begun, told)).toEqual([
    'begin',
    ...Array.from({ length: 20 }, (_, at) => `write ${at + 3}`),
  ]);
  expect(place.happened).not.toContain('told 3');
  await place.finish();
  expect(place.happened).toContain('told 22');
});
