/** GitLab's "no": an answer between 400 and 499 that trying again will not change. */
import { Forbidden } from '../../core/problem.js';

/** Where nobody reads the status, it is what it is: something that the bot may not do, with GitLab's words. */
export class GitlabRefusal extends Forbidden {
  constructor(
    message: string,
    readonly status: number,
    /** GitLab's own words, shortened, without secrets. */
    readonly words: string,
  ) {
    super(message);
  }
}

export function isRefusal(error: unknown, ...statuses: readonly number[]): error is GitlabRefusal {
  return error instanceof GitlabRefusal && (statuses.length === 0 || statuses.includes(error.status));
}

/** What was asked for, or null where GitLab says that it is not there. */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, 404)) return null;
    throw error;
  }
}
