/** People push: more commits, over others' commits, onto the bot's branches, and commits that change no manifest. */
import type { FileAction } from '../../../src/simulator/forge/commits.js';
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import { directoryOf, NOT_CARRIED, settingsText, WRITERS } from '../ground.js';
import { isBots, named, pickOpen, put, refusedNote, type Act } from './act.js';

interface Pushed {
  readonly action: FileAction;
  readonly force: boolean;
}

async function pushOnto(act: Act, pull: PullRequest, { action, force }: Pushed): Promise<string> {
  const { world, random } = act;
  const actor = isBots(world, pull) ? random.one(...WRITERS) : pull.author;
  const tip = (await world.git.branchHead('main')) ?? '';
  const pushed = await world.simulator.forge.commits.commit({
    repository: pull.headRepository,
    actor,
    branch: pull.headBranch,
    message: `Change ${action.path}`,
    actions: [action],
    ...(force ? { start: tip, force: true } : {}),
  });
  return `${actor} ${force ? 'force-pushes' : 'pushes'} ${action.path} to ${named(pull)}${refusedNote(pushed)}`;
}

function something({ random }: Act): FileAction {
  const path = random.one(
    'README.md',
    `${directoryOf('web', 'dev')}/${NOT_CARRIED}`,
    `${directoryOf('api', 'prod')}/${NOT_CARRIED}`,
  );
  const turn = random.below(1000);
  return put(path, path === 'README.md' ? `# Pushed ${turn}\n` : settingsText('any', 'any', `level-${turn}`));
}

/** A comment in a manifest that it changes anyway: no cluster would see a difference. */
function nothingThatMatters({ world, random }: Act, pull: PullRequest): FileAction | null {
  const base = world.store.mergeBases(pull.headSha, world.lastTip)[0];
  if (base === undefined) return null;
  const paths = world.store.changedPaths(base, pull.headSha);
  const manifests = paths.filter((path) => path.startsWith('apps/') && world.store.text(pull.headSha, path) !== null);
  const path = random.pick(manifests);
  if (path === undefined) return null;
  return put(path, `${world.store.text(pull.headSha, path) ?? ''}# reviewed ${random.below(1000)}\n`);
}

export async function pushMore(act: Act): Promise<string | null> {
  const pull = pickOpen(act, (one) => !isBots(act.world, one));
  return pull === null ? null : pushOnto(act, pull, { action: something(act), force: false });
}

export async function pushComment(act: Act): Promise<string | null> {
  const pull = pickOpen(act, (one) => !isBots(act.world, one));
  const action = pull === null ? null : nothingThatMatters(act, pull);
  return pull === null || action === null ? null : pushOnto(act, pull, { action, force: false });
}

export async function pushToBotsBranch(act: Act): Promise<string | null> {
  const pull = pickOpen(act, (one) => isBots(act.world, one));
  return pull === null ? null : pushOnto(act, pull, { action: something(act), force: false });
}

export async function forcePush(act: Act): Promise<string | null> {
  const pull = pickOpen(act, (one) => !isBots(act.world, one));
  return pull === null ? null : pushOnto(act, pull, { action: something(act), force: true });
}
