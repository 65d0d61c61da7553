import { afterEach, describe, expect, it } from 'vitest';
import { expectOneRelease } from './expect-one-release.js';
import { TwoPrograms } from './two-programs.js';

/** Of one release, as operators are told of it. */
function expectFigures(text: string, forge: string): void {
  const figure = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`lockkeeper_${sample} `))
        ?.split(' ')[1],
    );
  expect(figure(`merges_total{forge="${forge}",outcome="merged"}`)).toBe(3);
  expect(figure(`webhooks_total{source="${forge}",outcome="recorded"}`)).toBeGreaterThan(10);
  expect(figure(`jobs_ended_total{kind="attend",outcome="finished"}`)).toBeGreaterThan(3);
  expect(figure(`forge_requests_total{forge="${forge}",status="200"}`)).toBeGreaterThan(10);
  expect(
    figure(`forge_rate_limit_remaining{forge="${forge}",resource="${forge === 'github' ? 'core' : 'default'}"}`),
  ).toBeGreaterThan(0);
  expect(figure('jobs{state="buried"}')).toBe(0);
  expect(figure(`merge_queue_entries{forge="${forge}",waits_for="merging"}`)).toBeGreaterThanOrEqual(0);
  expect(figure('store_up')).toBe(1);
  expect(text).toContain('nodejs_version_info');
  expect(text).not.toContain('acme');
}

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
    expectFigures(await programs.metrics(), forge);
    expect(await bot.end('SIGTERM')).toBe(0);
    expect(bot.errors()).toBe('');
  });
});
