/** How checks are read and reported on every forge. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import type { CheckReport } from '../../../src/ports/checks.js';
import { countRequests } from '../count-requests.js';
import type { ForgeHarness } from '../forge-harness.js';
import { defaultBranch, lock, lostLock, notDone, problemOf, type Here } from './here.js';

export function checks(here: Here, harness: ForgeHarness): void {
  describe('checks', () => {
    it('lists the latest of each name', async () => {
      const sha = await work();
      await here().reportCheck(sha, 'ci/test', 'pending');
      await here().reportCheck(sha, 'ci/build', 'failure');
      await here().reportCheck(sha, 'ci/build', 'success');
      expect(await states(sha)).toEqual({ 'ci/build': 'success', 'ci/test': 'pending' });
      expect(await states(await here().push('alice', 'work', { 'other.txt': '\n' }))).toEqual({});
    });

    it('reports beside the others, and again only if something differs', async () => {
      const sha = await work();
      await here().reportCheck(sha, 'ci/build', 'success');
      await send(report(sha, 'pending'));
      expect(await states(sha)).toEqual({ 'ci/build': 'success', 'lockkeeper/plan': 'pending' });
      const once = here().requests('report-check');
      await send(report(sha, 'pending'));
      expect(here().requests('report-check')).toBe(once);
      await send(report(sha, 'failure'));
      await send(report(sha, 'failure'));
      expect(here().requests('report-check')).toBe(once + 1);
      expect(await states(sha)).toMatchObject({ 'lockkeeper/plan': 'failure' });
      await send({ ...report(sha, 'failure'), title: 'Another reason' });
      expect(here().requests('report-check')).toBe(once + 2);
      const listed = await here().forge.checks.list(here().repository, sha);
      expect(listed.find((one) => one.name === 'lockkeeper/plan')?.description).toBe('Another reason');
    });

    it('reports once what has no address, also where there was one', async () => {
      const sha = await work();
      await send({ ...report(sha, 'success'), url: 'https://lockkeeper.example/plan' });
      await send({ ...report(sha, 'failure'), url: null });
      const sent = here().requests('report-check');
      await send({ ...report(sha, 'failure'), url: null });
      expect(here().requests('report-check')).toBe(sent);
    });

    it('compares with what the job has listed, and looks again once it has sent something', async () => {
      const sha = await work();
      const { forge, repository } = here();
      await send(report(sha, 'success'));
      const { checks: inJob } = forge.afresh();
      await inJob.list(repository, sha);
      const { webUrl = '' } = (await forge.repositories.facts(repository)) ?? {};
      const requests = countRequests(webUrl);
      await inJob.report(lock, repository, report(sha, 'success'));
      await inJob.report(lock, repository, report(sha, 'failure'));
      // The one that was sent, and nothing to find out what stands there.
      expect(requests.end()).toBe(1);
      await inJob.report(lock, repository, report(sha, 'success'));
      expect(await states(sha)).toEqual({ 'lockkeeper/plan': 'success' });
      await here().reportCheck(sha, 'ci/build', 'success');
      expect(await inJob.list(repository, sha)).toHaveLength(2);
    });

    it('goes from done back to pending and to done', async () => {
      const sha = await work();
      for (const state of ['success', 'pending', 'failure', 'success', 'pending'] as const) {
        await send(report(sha, state));
        expect(await states(sha)).toEqual({ 'lockkeeper/plan': state });
      }
    });

    it('keeps checks of different names apart', async () => {
      const sha = await work();
      await send(report(sha, 'success'));
      await send({ ...report(sha, 'failure'), name: 'lockkeeper/policy' });
      expect(await states(sha)).toEqual({ 'lockkeeper/plan': 'success', 'lockkeeper/policy': 'failure' });
    });

    it('shortens what is too long, and knows it again', async () => {
      const sha = await work();
      const long = { ...report(sha, 'success'), title: 't'.repeat(300), summary: 's'.repeat(100_000) };
      await send(long);
      const once = here().requests('report-check');
      await send(long);
      expect(here().requests('report-check')).toBe(once);
    });

    it('never lets a neutral report block', async () => {
      const sha = await work();
      await send(report(sha, 'neutral'));
      const state = (await states(sha))['lockkeeper/plan'];
      expect(state).toBe(harness.differences.checks === 'check-runs' ? 'neutral' : 'success');
    });

    it.each(notDone)('is unavailable after $kind, having sent it once', async (fault) => {
      const sha = await work();
      here().fault('report-check', fault);
      expect(await problemOf(send(report(sha, 'success')))).toBeInstanceOf(Unavailable);
      expect(here().requests('report-check')).toBe(1);
      expect(await states(sha)).toEqual({});
    });

    it('reports nothing once the lane is lost', async () => {
      const sha = await work();
      const { checks: port } = here().forge;
      expect(await problemOf(port.report(lostLock, here().repository, report(sha, 'success')))).toBeInstanceOf(
        Unavailable,
      );
      expect(here().requests('report-check')).toBe(0);
    });

    it('says what the forge demands before a merge', async () => {
      const { checks: port } = here().forge;
      expect(await port.required(here().repository, defaultBranch)).toEqual({ names: [], extent: 'named-only' });
      here().protect(defaultBranch, { requiredChecks: ['ci/build', 'lockkeeper/plan'] });
      const required = await port.required(here().repository, defaultBranch);
      if (harness.differences.requiredChecks === 'named')
        expect(required).toEqual({ names: ['ci/build', 'lockkeeper/plan'], extent: 'named-only' });
      else expect(required).toEqual({ names: [], extent: 'every-reported' });
    });
  });

  const work = () => here().push('alice', 'work', { 'work.txt': 'work\n' });
  const send = (wanted: CheckReport) => here().forge.checks.report(lock, here().repository, wanted);
  const report = (sha: string, state: CheckReport['state']): CheckReport => ({
    sha,
    name: 'lockkeeper/plan',
    state,
    title: `It is ${state}`,
    summary: '### Plan\n\nNothing changes.',
    url: 'https://lockkeeper.example/plan/1',
    externalId: 'sha256:abc',
  });

  async function states(sha: string): Promise<Record<string, string>> {
    const listed = await here().forge.checks.list(here().repository, sha);
    expect(new Set(listed.map((one) => one.name)).size).toBe(listed.length);
    return Object.fromEntries(listed.map((one) => [one.name, one.state]));
  }
}
