import { afterEach, describe, expect, it } from 'vitest';
import { expectOneRelease } from './expect-one-release.js';
import { TwoPrograms } from './two-programs.js';

describe.each(['github', 'gitlab'] as const)('serve beside a separate simulator of %s', (forge) => {
  let programs: TwoPrograms | null = null;
  afterEach(async () => {
    await programs?.close();
    programs = null;
  });

  it('plays the release with the settings the simulator prints, and ends on SIGTERM', { timeout: 90_000 }, async () => {
    programs = await TwoPrograms.start(forge);
    const bot = programs.startBot();
    const played = await programs.play();
    await expectOneRelease(programs, played);
    expect((await fetch(`${programs.botUrl}/readyz`)).status).toBe(200);
    expect(await bot.end('SIGTERM')).toBe(0);
    expect(bot.errors()).toBe('');
  });
});
