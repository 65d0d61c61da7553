/** The answer to `/retry`. */
import type { JobSubject } from '../core/job.js';
import { counted, listedFew, oneLine, plain } from './markdown.js';

interface Retried {
  readonly queue: 'resumed' | 'was-not-stopped';
  readonly plan: 'again' | 'stands';
  /** `again`: the forge had refused the merge, and it may join the queue by itself once more. */
  readonly merge: 'again' | 'was-not-refused';
  readonly jobs: readonly { readonly kind: JobSubject['kind']; readonly reason: string }[];
}

export function retryAnswer({ queue, plan, merge, jobs }: Retried): string {
  const reasons = listedFew(
    jobs.map(({ kind, reason }) => `${kind}: ${plain(oneLine(reason, 200))}`),
    3,
    'other',
  );
  const done = [
    ...(queue === 'resumed' ? ['- the merge queue of this branch goes on'] : []),
    ...(plan === 'again' ? ['- the plan is being made anew'] : []),
    ...(merge === 'again' ? ['- it may join the merge queue again although the forge refused it before'] : []),
    ...(jobs.length > 0
      ? [
          `- ${counted(jobs.length, 'job that was given up is', 'jobs that were given up are')} tried again (${reasons})`,
        ]
      : []),
  ];
  if (done.length === 0)
    return 'Nothing had failed here: the plan stands, the forge has refused nothing and no job was given up. The merge queue is looked at once more.';
  return `Tried again:\n\n${done.join('\n')}`;
}

/** To a command that needs the plan, once nobody works at the plan any more. */
export function planGivenUpAnswer(reason: string): string {
  return `Nothing was done: there is no plan, for making it was given up (${plain(oneLine(reason, 300))}). \`/retry\` tries again; then ask once more.`;
}
