/** Has every write of a client counted, or put off, by the budget of the account that it writes as. */
import type { ProbotOctokit } from 'probot';
import type { WriteWeight } from '../../core/traffic/write-budget.js';
import type { Clock } from '../../ports/clock.js';
import { refusedUntil } from './errors.js';
import type { WriteBudget } from '../traffic/write-budget.js';

/** To be spread into a write: it is sent once, and counts for what it is for. Absent in a write: `result`. */
export function writing(weight: WriteWeight): {
  readonly request: { readonly retries: 0; readonly weight: WriteWeight };
} {
  return { request: { retries: 0, weight } };
}

const WEIGHTS: readonly string[] = ['progress', 'result', 'answer', 'merge'] satisfies readonly WriteWeight[];

interface Spending {
  readonly budget: WriteBudget;
  /** Whose budget it is. */
  readonly identity: string;
  readonly clock: Clock;
}

export function spendWrites<T extends ProbotOctokit>(client: T, { budget, identity, clock }: Spending): T {
  client.hook.wrap('request', async (request, options) => {
    // Tokens are no content.
    if (options.method === 'GET' || options.url.includes('/access_tokens')) return request(options);
    await budget.take(identity, weightOf(options.request));
    try {
      return await request(options);
    } catch (error) {
      const until = refusedUntil(error, clock.now());
      if (until !== null) await budget.refused(identity, until);
      throw error;
    }
  });
  return client;
}

function weightOf(request: object | undefined): WriteWeight {
  const weight: unknown = request !== undefined && 'weight' in request ? request.weight : undefined;
  return isWeight(weight) ? weight : 'result';
}

function isWeight(value: unknown): value is WriteWeight {
  return typeof value === 'string' && WEIGHTS.includes(value);
}
