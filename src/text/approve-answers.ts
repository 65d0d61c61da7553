/** Answers to `/approve`. */
import { code, shortSha } from './markdown.js';

export function approvedAnswer(head: string, digest: string | null): string {
  const plan = digest === null ? '' : ` with the plan ${code(digest.slice(0, 12))}`;
  return `Taken as your approval of ${code(shortSha(head))}${plan}. The policy in the comment above says whether it counts. It lapses as a review does; to take it back, delete your comment.`;
}

export function noApprovalsAnswer(): string {
  return 'Not taken: approvals by comment do not count here. Approve with a review instead, or have `approve-command: true` put under `policy:` in `.lockkeeper.yaml`.';
}
