import { expect, test } from 'vitest';
import type { Event } from '../core/event.js';
import type { JobSubject } from '../core/job.js';
import { eventText, jobText } from './event-text.js';

const github = { forge: 'github', path: 'acme/config' } as const;
const gitlab = { forge: 'gitlab', path: 'acme/ops/config' } as const;
const request = { image: 'ghcr.io/acme/api', tag: '1.2.3', digest: null, source: null };

test.each<[Event, string]>([
  [{ kind: 'pull-request', repository: github, number: 7 }, 'acme/config#7'],
  [{ kind: 'discussion', repository: gitlab, number: 7 }, 'acme/ops/config!7'],
  [{ kind: 'push', repository: github, branch: 'main', after: 'a' }, 'acme/config main'],
  [{ kind: 'checks', repository: github, sha: 'abcdef0123' }, 'acme/config abcdef0'],
  [{ kind: 'rerun', repository: github, sha: 'abcdef0123', numbers: [1] }, 'acme/config abcdef0'],
  [{ kind: 'bump', repository: github, request }, 'acme/config ghcr.io/acme/api:1.2.3'],
  [{ kind: 'repositories', repositories: [github, gitlab] }, 'acme/config acme/ops/config'],
])('%j', (event, words) => {
  expect(eventText(event)).toBe(words);
});

test.each<[JobSubject, string]>([
  [{ kind: 'attend', repository: gitlab, number: 7 }, 'attend acme/ops/config!7'],
  [{ kind: 'attend-branch', repository: github, branch: 'main' }, 'attend-branch acme/config main'],
  [{ kind: 'attend-commit', repository: github, sha: 'abcdef0123' }, 'attend-commit acme/config abcdef0'],
  [{ kind: 'sweep', repository: github }, 'sweep acme/config'],
])('%j', (subject, words) => {
  expect(jobText(subject)).toBe(words);
});
