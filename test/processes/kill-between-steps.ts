/** A release during which the bot is killed between every two steps. */
import { expect } from 'vitest';
import { expectOneRelease } from './expect-one-release.js';
import { TwoPrograms } from './two-programs.js';

/** Events told before the bot has been asked for anything. */
const BEFORE_THE_START = ['started', 'release-planned'];

export async function killBetweenSteps(forge: 'github' | 'gitlab', data: 'kept' | 'deleted'): Promise<void> {
  const programs = await TwoPrograms.start(forge);
  try {
    programs.startBot();
    let kills = 0;
    const played = await programs.play(async ({ event }) => {
      if (BEFORE_THE_START.includes(event)) return;
      await programs.killAndRestart(data);
      kills += 1;
    });
    await expectOneRelease(programs, played);
    expect(kills).toBeGreaterThan(20);
  } finally {
    await programs.close();
  }
}
