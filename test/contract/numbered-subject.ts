/** A job's subject that is told from others by its number. */
import type { JobSubject } from '../../src/core/job.js';

export const subject = (number: number): JobSubject => ({
  kind: 'attend',
  repository: { forge: 'github', path: 'acme/config' },
  number,
});
