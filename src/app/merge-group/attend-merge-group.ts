/** Judges what GitHub's own merge queue would merge, and says so in the three checks of the group's head. It waits for no check of its own. */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { parseGroupBranch, type GroupBranch } from '../../core/merge-group/group-branch.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { brokenGroupChecks, groupChecks, longGroupChecks, type GroupCheck } from '../../text/merge-group-text.js';
import { enqueue, type App } from '../app.js';
import { gatherRepository, logIgnored, type RepositoryReading } from '../pull-request/gather-repository.js';
import { gatherGroup, rememberGroup, type JudgedPart } from './gather-group.js';

/** Between two looks while a plan is being made, in ms. */
const SPACING = 10_000;

/** `branch`: of the group. Nothing is left to do once it is gone: GitHub has merged it, or made another. */
export async function attendMergeGroup(
  app: App,
  lock: LaneLock,
  repository: RepositoryId,
  branch: string,
): Promise<void> {
  const group = parseGroupBranch(branch);
  if (group === null) return logIgnored(app, repository, `${branch} is no merge group`);
  const reading = await gatherRepository(app, repository, group.base);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  const head = await reading.mirror.branch(branch);
  if (head === null) return logIgnored(app, repository, `the merge group ${branch} is gone`);
  await rememberGroup(app, repository, branch, head);
  const judged = await judge(app, reading, group, head);
  if (judged === null) return;
  for (const { check, title, state, summary, digest } of judged.checks) {
    const report = { sha: head, name: check, state, title, summary, url: null, externalId: digest };
    const written = await reading.forge.checks.report(lock, repository, report);
    if (written.kind === 'put-off') await enqueue(app, { kind: 'merge-group', repository, branch }, written.until);
  }
  const waiting = judged.parts.filter(({ judgement }) => judgement.kind === 'planning');
  for (const { number } of waiting) await enqueue(app, { kind: 'plan', repository, number });
  if (waiting.length > 0) await enqueue(app, { kind: 'merge-group', repository, branch }, app.clock.now() + SPACING);
  app.log.info(
    { repository: repositoryKey(repository), branch, states: judged.checks.map(({ state }) => state) },
    'Judged a merge group',
  );
}

interface Judged {
  readonly checks: readonly GroupCheck[];
  readonly parts: readonly JudgedPart[];
}

/** Null: it is merged. */
async function judge(
  app: App,
  reading: Exclude<RepositoryReading, { kind: 'none-of-ours' }>,
  group: GroupBranch,
  head: Sha,
): Promise<Judged | null> {
  if (reading.kind === 'broken') return { checks: brokenGroupChecks(reading.branch, reading.problems), parts: [] };
  const found = await gatherGroup(app, reading, group, head);
  switch (found.kind) {
    case 'merged':
      return null;
    case 'too-long':
      return { checks: longGroupChecks(found.limit), parts: [] };
    case 'judged':
      return { checks: groupChecks(found.parts), parts: found.parts };
  }
}
