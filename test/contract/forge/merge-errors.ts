/**
 * What forges say instead of merging, by class, in the words of each: asked once, read back, and one of the outcomes there are. What is about
 * the forge and not about the pull request is `Unavailable`, with the time to come again where the forge names one.
 */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import type { ForgeKind } from '../../../src/core/ids.js';
import type { MergeRequest } from '../../../src/ports/pull-requests.js';
import type { Fault } from '../forge-harness.js';
import { defaultBranch, lock, problemOf, readSettled, type Here } from './here.js';

type Said = Extract<Fault, { kind: 'answers' }>;

interface MergeError {
  readonly class: string;
  readonly said: Readonly<Record<ForgeKind, readonly Omit<Said, 'kind'>[]>>;
  readonly becomes: 'not-yet' | 'not-allowed' | 'unavailable';
}

/** However slowly this runs, it is still to come. */
const inAnHour = String(Math.floor(Date.now() / 1000) + 3600);

const errors: readonly MergeError[] = [
  {
    class: 'the base moved under it',
    said: {
      github: [
        { status: 405, words: 'Base branch was modified. Review and try the merge again.' },
        { status: 409, words: 'Head branch was modified. Review and try the merge again.' },
      ],
      gitlab: [
        { status: 405, words: '405 Method Not Allowed' },
        { status: 406, words: 'Branch cannot be merged' },
        { status: 422, words: 'Branch cannot be merged' },
      ],
    },
    becomes: 'not-yet',
  },
  {
    class: 'it says yes and does not do it',
    said: {
      github: [{ status: 200, words: 'Pull Request successfully merged' }],
      gitlab: [{ status: 200, words: 'ok' }],
    },
    becomes: 'not-yet',
  },
  {
    class: 'the bot may not',
    said: {
      github: [
        { status: 403, words: 'Resource not accessible by integration' },
        { status: 405, words: 'Squash merges are not allowed on this repository.' },
        { status: 409, words: 'Repository rule violations found' },
      ],
      gitlab: [
        { status: 401, words: '401 Unauthorized' },
        { status: 403, words: '403 Forbidden' },
      ],
    },
    becomes: 'not-allowed',
  },
  {
    class: 'the primary rate limit',
    said: {
      github: [
        {
          status: 403,
          words: 'API rate limit exceeded for installation ID 70.',
          headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inAnHour },
        },
      ],
      gitlab: [{ status: 429, words: 'Retry later', headers: { 'ratelimit-reset': inAnHour } }],
    },
    becomes: 'unavailable',
  },
  {
    class: 'a secondary rate limit',
    said: {
      github: [
        { status: 403, words: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '60' } },
        { status: 429, words: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '60' } },
      ],
      gitlab: [
        { status: 429, words: 'This endpoint has been requested too many times.', headers: { 'retry-after': '60' } },
      ],
    },
    becomes: 'unavailable',
  },
  {
    class: 'maintenance and overload',
    said: {
      github: [502, 503, 504].map((status) => ({ status, words: 'We are down for maintenance' })),
      gitlab: [500, 502, 503, 504].map((status) => ({ status, words: 'GitLab is not responding' })),
    },
    becomes: 'unavailable',
  },
];

export function mergeErrors(here: Here): void {
  describe('merge errors by class', () => {
    it.each(errors)('$class: $becomes, and nothing is sent twice', async ({ said, becomes }) => {
      const request = await mergeable();
      const base = await here().head(defaultBranch);
      for (const [index, answer] of said[here().forge.kind].entries()) {
        const before = Date.now();
        here().fault('merge', { kind: 'answers', ...answer });
        const outcome = await problemOf(here().forge.pullRequests.merge(lock, request));
        const what = `${answer.status} ${answer.words}`;
        if (becomes === 'unavailable') {
          expect(outcome, what).toBeInstanceOf(Unavailable);
          const waits = Object.keys(answer.headers ?? {}).length > 0;
          const retryAt = outcome instanceof Unavailable ? outcome.retryAt : null;
          if (waits) expect(retryAt, what).toBeGreaterThan(before + 50_000);
          else expect(retryAt, what).toBeNull();
        } else expect(outcome, what).toMatchObject({ kind: becomes, reason: expect.stringMatching(/\w/) });
        expect(here().requests('merge'), what).toBe(index + 1);
      }
      expect(await here().head(defaultBranch)).toBe(base);
      // Whatever it was, it was nothing that lasts.
      expect(await here().forge.pullRequests.merge(lock, request)).toMatchObject({ kind: 'merged' });
    });
  });

  async function mergeable(): Promise<MergeRequest> {
    const { repository } = here();
    const expectedHead = await here().push('alice', 'work', { 'work.txt': 'work\n' });
    const number = await here().openPullRequest('alice', { head: 'work' });
    await readSettled(here(), number);
    return { repository, number, expectedHead, method: 'merge', title: 'Promote api', message: '' };
  }
}
