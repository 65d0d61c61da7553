/** All planted bugs, by name. */
import { APPROVAL_BUGS } from './approval-bugs.js';
import { BRANCH_BUGS } from './branch-bugs.js';
import { COMMENT_BUGS } from './comment-bugs.js';
import { LANE_BUGS } from './lane-bugs.js';
import { MERGE_BUGS } from './merge-bugs.js';
import { QUEUE_BUGS } from './queue-bugs.js';
import { READING_BUGS } from './reading-bugs.js';
import { STORE_BUGS } from './store-bugs.js';

export const PLANTED_BUGS = {
  ...LANE_BUGS,
  ...MERGE_BUGS,
  ...APPROVAL_BUGS,
  ...QUEUE_BUGS,
  ...READING_BUGS,
  ...STORE_BUGS,
  ...COMMENT_BUGS,
  ...BRANCH_BUGS,
};

export type BugName = keyof typeof PLANTED_BUGS;

export function isBugName(name: string): name is BugName {
  return Object.hasOwn(PLANTED_BUGS, name);
}
