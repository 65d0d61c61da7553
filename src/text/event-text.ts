/** What a delivery is about, and what a job looks at, as one word or a few of plain text: for lists on a terminal. */
import type { Event } from '../core/event.js';
import type { RepositoryId } from '../core/ids.js';
import type { JobSubject } from '../core/job.js';
import { unreachable } from '../core/unreachable.js';
import { shortSha } from './markdown.js';
import { pullRequestName } from './pull-request-name.js';

/** `acme/config#12`, `acme/config main`, `acme/config a1b2c3d`. */
export function eventText(event: Event): string {
  switch (event.kind) {
    case 'pull-request':
    case 'discussion':
      return ofPullRequest(event);
    case 'push':
      return `${event.repository.path} ${event.branch}`;
    case 'checks':
    case 'rerun':
      return `${event.repository.path} ${shortSha(event.sha)}`;
    case 'bump':
      return `${event.repository.path} ${event.request.image}:${event.request.tag}`;
    case 'repositories':
      return event.repositories.map(({ path }) => path).join(' ');
    default:
      return unreachable(event);
  }
}

/** `attend acme/config#12`, `sweep acme/config`. */
export function jobText(subject: JobSubject): string {
  if ('number' in subject) return `${subject.kind} ${ofPullRequest(subject)}`;
  const of = 'branch' in subject ? ` ${subject.branch}` : 'sha' in subject ? ` ${shortSha(subject.sha)}` : '';
  return `${subject.kind} ${subject.repository.path}${of}`;
}

function ofPullRequest({ repository, number }: { readonly repository: RepositoryId; readonly number: number }): string {
  return `${repository.path}${pullRequestName(repository.forge, number)}`;
}
