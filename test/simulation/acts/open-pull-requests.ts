/** People open pull requests: images, settings, secrets, several environments, the configuration. */
import type { FileAction } from '../../../src/simulator/forge/commits.js';
import {
  BROKEN_CONFIGURATION,
  configurationText,
  deploymentText,
  directoryOf,
  ENVIRONMENTS,
  NOT_CARRIED,
  READER,
  REPOSITORY,
  secretText,
  settingsText,
  WRITERS,
} from '../ground.js';
import { drawQueue } from '../setting.js';
import { pickPlace, put, refusedNote, type Act } from './act.js';

interface Change {
  readonly title: string;
  readonly actions: readonly FileAction[];
  /** One of those who may write when not given. */
  readonly by?: (typeof WRITERS)[number];
}

/** Not of SRE: the two who are may approve everything of hers. */
const BY_CAROL = { by: 'carol' } as const;

export async function openPull(act: Act, change: Change): Promise<string> {
  const { world, deeds, random } = act;
  const { forge } = world.simulator;
  const drawn = random.one(...WRITERS);
  const { by = drawn } = change;
  const actor = forge.people.accessTo(REPOSITORY, by) === 'read' ? drawn : by;
  deeds.branches += 1;
  const headBranch = `${actor}/change-${deeds.branches}`;
  const tip = (await world.git.branchHead('main')) ?? '';
  const parent = world.store.commit(tip).parents[0];
  // Some people have not pulled for a while.
  const start = parent !== undefined && random.chance(0.2) ? parent : tip;
  const { title, actions } = change;
  await forge.commits.commit({ repository: REPOSITORY, actor, branch: headBranch, message: title, actions, start });
  const opened = await forge.pullRequests.open({
    repository: REPOSITORY,
    actor,
    title,
    body: random.one('', 'Please have a look.', '/merge is not a command here'),
    headBranch,
    baseBranch: 'main',
  });
  if (opened.ok) deeds.focus = opened.value.number;
  const number = opened.ok ? `#${opened.value.number}` : 'nothing';
  return `${actor} opens ${number} (${title})${refusedNote(opened)}`;
}

export async function changeImage(act: Act): Promise<string> {
  const { app, env } = pickPlace(act);
  const version = `1.${act.random.below(4)}.${act.random.below(6)}`;
  const actions = [put(`${directoryOf(app, env)}/deployment.yaml`, deploymentText(app, version))];
  return openPull(act, { title: `Set ${app} to ${version} in ${env}`, actions });
}

export async function changeFiles(act: Act): Promise<string> {
  return openPull(act, someChange(act));
}

function someChange(act: Act): Change {
  const { random } = act;
  const { app, env } = pickPlace(act);
  const directory = directoryOf(app, env);
  const level = random.one('debug', 'info', 'warn', 'error');
  const settings = put(`${directory}/${NOT_CARRIED}`, settingsText(app, env, level));
  return random.one<Change>(
    { title: `Log ${level} for ${app} in ${env}`, actions: [settings] },
    {
      title: `New greeting in ${env}`,
      actions: [put(`${directoryOf('api', env)}/secret.yaml`, secretText('api', random.between(1, 9)))],
    },
    { title: 'Say more in the README', actions: [put('README.md', `# What Acme runs\n\nPart ${random.below(9)}.\n`)] },
    {
      title: `A job for ${app} in ${env}`,
      actions: [put(`${directory}/job-${random.below(3)}.yaml`, settingsText(`${app}-job`, env, level))],
    },
    {
      title: `Settings of ${app} everywhere`,
      actions: ENVIRONMENTS.map((each) =>
        put(`${directoryOf(app, each)}/${NOT_CARRIED}`, settingsText(app, each, level)),
      ),
    },
  );
}

/** The same place each time, one file or another: two of them merge without a conflict, and each changes the other's plan. */
export async function changeTheHotPlace(act: Act): Promise<string> {
  const { deeds, random } = act;
  const { app, env } = deeds.hot;
  const level = random.one('debug', 'warn', 'error');
  const file = deeds.branches % 2 === 0 ? NOT_CARRIED : 'job-0.yaml';
  const actions = [put(`${directoryOf(app, env)}/${file}`, settingsText(app, env, level))];
  return openPull(act, { ...BY_CAROL, title: `${level} in ${file} for ${app} in ${env}`, actions });
}

/** Of the other application, in any environment that needs no two people. */
export async function changeAnotherPlace(act: Act): Promise<string> {
  const { deeds, random } = act;
  const app = deeds.hot.app === 'api' ? 'web' : 'api';
  const env = random.one('dev', 'test');
  const actions = [put(`${directoryOf(app, env)}/job-1.yaml`, settingsText(`${app}-job`, env, 'warn'))];
  return openPull(act, { title: `Another job for ${app} in ${env}`, actions });
}

export async function changeConfiguration(act: Act): Promise<string> {
  const { random } = act;
  const variant = {
    testMerge: random.one('auto', 'manual'),
    testPromotion: random.one('auto', 'manual'),
    method: random.one('squash', 'merge', 'rebase'),
    soak: random.one(null, null, '30m'),
    approveCommand: random.one('off', 'on'),
    queue: drawQueue(random),
  } as const;
  const text = random.chance(0.2) ? BROKEN_CONFIGURATION : configurationText(variant);
  const title = text === BROKEN_CONFIGURATION ? 'Break the configuration' : `Configure ${JSON.stringify(variant)}`;
  return openPull(act, { title, actions: [put('.lockkeeper.yaml', text)] });
}

/** Of what the others change another file of. */
export async function changeTheHotImage(act: Act): Promise<string> {
  const { app, env } = act.deeds.hot;
  const version = `1.${act.random.between(1, 4)}.${act.random.below(6)}`;
  const actions = [put(`${directoryOf(app, env)}/deployment.yaml`, deploymentText(app, version))];
  return openPull(act, { ...BY_CAROL, title: `Set ${app} to ${version} in ${env}`, actions });
}

/** From a copy of the repository that belongs to somebody who may only read it. */
export async function openFromFork(act: Act): Promise<string | null> {
  const { world, deeds, random } = act;
  const { forge } = world.simulator;
  const fork = await world.forkOf(READER);
  if (fork === null) return null;
  deeds.branches += 1;
  const headBranch = `change-${deeds.branches}`;
  const { title, actions } = someChange(act);
  const order = { repository: fork, actor: READER, branch: headBranch, message: title, actions, start: 'main' };
  const committed = await forge.commits.commit(order);
  if (!committed.ok) return `${READER} can't push to ${fork}${refusedNote(committed)}`;
  const opened = await forge.pullRequests.open({
    repository: REPOSITORY,
    actor: READER,
    title,
    body: random.one('', 'From outside.'),
    headRepository: fork,
    headBranch,
    baseBranch: 'main',
  });
  if (opened.ok) deeds.focus = opened.value.number;
  return `${READER} opens ${opened.ok ? `#${opened.value.number}` : 'nothing'} from a fork (${title})${refusedNote(opened)}`;
}
