/** What a branch would hold once entries of the queue are merged into it, one after the other: in the mirror only. */
import type { Sha } from '../../core/ids.js';
import type { Batch } from '../../core/queue/plan-round.js';
import type { Mirror } from '../../ports/repository.js';

type Members = Batch['entries'];

interface PresumedMembers {
  readonly commit: Sha;
  readonly merged: Members;
  /** Left out: with what comes before them, or for their head is not there any more. */
  readonly conflicting: Members;
}

export async function presumeMembers(mirror: Mirror, base: Sha, members: Members): Promise<PresumedMembers> {
  const merged: Members[number][] = [];
  const conflicting: Members[number][] = [];
  let commit = base;
  for (const member of members) {
    const next = (await mirror.has(member.head)) ? await mirror.presume(commit, member.head) : null;
    commit = next ?? commit;
    (next === null ? conflicting : merged).push(member);
  }
  return { commit, merged, conflicting };
}
