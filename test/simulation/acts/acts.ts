/**
 * What people, CI and time do in one step. Each act chooses by its own numbers from what is there when its turn comes, and says in a
 * plain sentence what it did; where nothing fits it does nothing and says nothing.
 */
import type { Act, Actor } from './act.js';
import {
  askToMerge,
  askWithoutRight,
  command,
  editPullRequest,
  freezeItsPlace,
  holdOrFreeze,
  meddleWithComment,
  rollBack,
  wrongCommand,
} from './comment.js';
import {
  bump,
  ciGreen,
  ciGreenOfOne,
  ciOfQueue,
  ciOne,
  crashNow,
  mergeGroup,
  redeliverOld,
  restartNow,
  sweepNow,
  waitAWhile,
} from './machines.js';
import {
  changeRights,
  closeOrReopen,
  deleteBranch,
  mergeAnyway,
  mergeByHand,
  mergeTheOther,
  moveTheBase,
} from './maintain.js';
import {
  changeConfiguration,
  changeFiles,
  changeImage,
  changeAnotherPlace,
  changeTheHotImage,
  changeTheHotPlace,
  openFromFork,
} from './open-pull-requests.js';
import { forcePush, pushComment, pushMore, pushToBotsBranch } from './push.js';
import { approve, approveAll, requestChanges, takeAllBack, takeBack } from './review.js';

export type ActName = keyof typeof ACTS;

const ACTS = {
  'change-image': changeImage,
  'change-files': changeFiles,
  'change-hot-place': changeTheHotPlace,
  'change-hot-image': changeTheHotImage,
  'change-another-place': changeAnotherPlace,
  'change-configuration': changeConfiguration,
  'open-from-fork': openFromFork,
  push: pushMore,
  'push-comment': pushComment,
  'push-to-bots-branch': pushToBotsBranch,
  'force-push': forcePush,
  approve,
  'approve-all': approveAll,
  'request-changes': requestChanges,
  'take-back': takeBack,
  'take-all-back': takeAllBack,
  command,
  'hold-or-freeze': holdOrFreeze,
  'freeze-its-place': freezeItsPlace,
  'roll-back': rollBack,
  'ask-to-merge': askToMerge,
  'ask-without-right': askWithoutRight,
  'wrong-command': wrongCommand,
  'edit-pull-request': editPullRequest,
  'meddle-with-comment': meddleWithComment,
  'merge-by-hand': mergeByHand,
  'merge-anyway': mergeAnyway,
  'merge-the-other': mergeTheOther,
  'move-the-base': moveTheBase,
  close: closeOrReopen,
  'delete-branch': deleteBranch,
  'change-rights': changeRights,
  'ci-green': ciGreen,
  'ci-green-of-one': ciGreenOfOne,
  'ci-one': ciOne,
  'ci-of-queue': ciOfQueue,
  'merge-group': mergeGroup,
  bump,
  wait: waitAWhile,
  sweep: sweepNow,
  restart: restartNow,
  crash: crashNow,
  redeliver: redeliverOld,
} as const satisfies Readonly<Record<string, Actor>>;

/** How often each is chosen where no arc says what comes next. */
export const ACT_WEIGHTS: readonly (readonly [weight: number, name: ActName])[] = [
  [5, 'change-image'],
  [5, 'change-files'],
  [1, 'change-configuration'],
  [1, 'open-from-fork'],
  [3, 'push'],
  [1, 'push-comment'],
  [2, 'push-to-bots-branch'],
  [2, 'force-push'],
  [9, 'approve'],
  [4, 'approve-all'],
  [2, 'request-changes'],
  [3, 'take-back'],
  [10, 'command'],
  [3, 'hold-or-freeze'],
  [1.5, 'roll-back'],
  [3, 'wrong-command'],
  [2, 'edit-pull-request'],
  [1.5, 'meddle-with-comment'],
  [3, 'merge-by-hand'],
  [2.5, 'close'],
  [1.5, 'delete-branch'],
  [1.5, 'change-rights'],
  [16, 'ci-green'],
  [4, 'ci-one'],
  [3, 'ci-of-queue'],
  [2, 'merge-group'],
  [8, 'bump'],
  [5, 'wait'],
  [2, 'sweep'],
  [2, 'restart'],
  [2, 'redeliver'],
];

export function perform(name: ActName, act: Act): Promise<string | null> {
  return ACTS[name](act);
}
