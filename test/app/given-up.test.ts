/** What was given up is found by whom it concerns. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { enqueue, type App } from '../../src/app/app.js';
import { givenUpJobs, planFailureSince } from '../../src/app/intake/given-up.js';
import { triedAgain } from '../../src/app/intake/look.js';
import type { JobSubject } from '../../src/core/job.js';
import type { PullRequest } from '../../src/core/forge-objects.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const pullRequest = { repository, number: 7 } as unknown as PullRequest;

async function buried(...subjects: readonly JobSubject[]): Promise<{ app: App; at: number }> {
  const clock = new ManualClock(1000);
  const queue = new MemoryWorkQueue({ clock });
  const app = { queue } as unknown as App;
  for (const subject of subjects) {
    await enqueue(app, subject);
    const claim = await queue.claim();
    if (claim === null) throw new Error('nothing to claim');
    await queue.bury(claim, `no ${subject.kind}`);
  }
  return { app, at: clock.now() };
}

test('a plan that was given up after somebody asked is why they are answered without one', async () => {
  const { app, at } = await buried({ kind: 'plan', repository, number: 7 });
  expect(await planFailureSince(app, pullRequest, at)).toBe('no plan');
  // It was given up before that: another is being made.
  expect(await planFailureSince(app, pullRequest, at + 1)).toBeNull();
  expect(await planFailureSince(app, { ...pullRequest, number: 8 }, at)).toBeNull();
});

test('a pull request is concerned by its own jobs and by those of its whole repository', async () => {
  const { app } = await buried(
    { kind: 'attend', repository, number: 7 },
    { kind: 'attend', repository, number: 8 },
    { kind: 'promote', repository },
    { kind: 'promote', repository: { forge: 'github', path: 'acme/other' } },
  );
  expect((await givenUpJobs(app, pullRequest)).map(({ reason }) => reason)).toEqual(['no attend', 'no promote']);
});

test('a look brings back what was given up, but no look: each would ask for the next one', () => {
  expect(triedAgain({ kind: 'look', repository })).toEqual([]);
  expect(triedAgain({ kind: 'promote', repository })).toEqual([{ kind: 'promote', repository }]);
  expect(triedAgain({ kind: 'plan', repository, number: 7 })).toEqual([{ kind: 'attend', repository, number: 7 }]);
});
