/** Builds what forges and git tell, for tests: checks and commits that say nothing but what matters there. */
import type { Check, Commit } from '../forge-objects.js';

export const check = (name: string, state: Check['state']): Check => ({ name, state, description: '', url: null });

/** A commit of ccc… with nothing in it. */
export const commit = (over: Partial<Commit> = {}): Commit => ({
  sha: 'c'.repeat(40),
  parents: [],
  subject: '',
  message: '',
  authorName: '',
  authorEmail: '',
  committerName: '',
  committerEmail: '',
  committedAt: 0,
  ...over,
});
