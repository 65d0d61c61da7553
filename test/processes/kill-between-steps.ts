/** A release during which the bot is killed between every two steps. */
import { expect } from 'vitest';
import { expectOneRelease } from './expect-one-release.js';
import { TwoPrograms } from './two-programs.js';

/** Events told before the bot has been asked for anything. */
const BEFORE_THE_START = ['started', 'release-planned'];

/** What becomes of its DATA_DIR at a kill. */
export type Data = 'kept' | 'deleted';

/** `data`: at the first kill; then the other, and so on in turn. */
export async function killBetweenSteps(forge: 'github' | 'gitlab', data: Data): Promise<void> {
  const programs = await TwoPrograms.start(forge);
  try {
    programs.startBot();
    let kills = 0;
    const played = await programs.play(async ({ event }) => {
      if (BEFORE_THE_START.includes(event)) return;
      const other: Data = data === 'kept' ? 'deleted' : 'kept';
      await programs.killAndRestart(kills % 2 === 0 ? data : other);
      kills += 1;
    });
    await expectOneRelease(programs, played);
    expect(kills).toBeGreaterThan(20);
  } finally {
    await programs.close();
  }
}
