/** What `lockkeeper doctor` says of each finding, and which setting would change it: plain text. */
import type { Examined, Finding, Topic } from '../core/doctor/examine.js';
import { unreachable } from '../core/unreachable.js';

export interface FindingWords {
  readonly level: Finding['level'];
  readonly what: string;
  /** The setting to change; null where nothing has to be. */
  readonly change: string | null;
}

type Place = Pick<Examined, 'forge' | 'branch'>;

/** `change` is said only of what should be changed, or could be. */
export function findingWords({ level, topic }: Finding, place: Place): FindingWords {
  if (level === 'unknown') {
    const what = `It could not be read ${topicText(topic)}: the bot’s account may not see it. Look for yourself, or run this with a token of an administrator.`;
    return { level, what, change: null };
  }
  const words = wordsOf(topic, place);
  return level === 'ok' ? { level, what: words.ok, change: null } : { level, what: words.found, change: words.change };
}

interface TopicWords {
  readonly ok: string;
  readonly found: string;
  readonly change: string | null;
}

function topicText(topic: Topic): string {
  switch (topic.kind) {
    case 'direct-pushes':
      return 'who may push without a pull request';
    case 'force-pushes':
      return 'whether force pushes are allowed';
    case 'deletion':
      return 'whether it may be deleted';
    case 'bypass':
      return 'who may bypass the rules';
    case 'reporters':
      return 'whose word the required checks take';
    case 'up-to-date':
      return 'whether branches must be up to date';
    case 'permissions':
      return 'what the bot is permitted';
    case 'events':
      return 'which webhooks the bot gets';
    case 'own-check':
    case 'pipelines':
      return 'which checks are required';
    case 'own-queue':
      return 'whether the forge’s own queue is in use';
    default:
      return unreachable(topic);
  }
}

const RULES = 'Settings > Rules > Rulesets (or Settings > Branches), the rule';

function guardPlace({ forge, branch }: Place): string {
  return forge === 'github' ? `${RULES} for ${branch}` : `Settings > Repository > Protected branches, ${branch}`;
}

function wordsOf(topic: Topic, place: Place): TopicWords {
  const { branch } = place;
  const where = guardPlace(place);
  switch (topic.kind) {
    case 'own-check':
      return {
        ok: `${topic.name} is required on ${branch}.`,
        found: `${topic.name} is not required on ${branch}: a pull request can be merged by hand whatever it says.`,
        change: `${where}: tick “Require status checks to pass” and add ${topic.name}.`,
      };
    case 'pipelines':
      return {
        ok: 'Pipelines must succeed, so a merge request waits for lockkeeper/plan and lockkeeper/policy.',
        found: 'Merge requests can be merged by hand while lockkeeper/plan or lockkeeper/policy fail.',
        change: 'Settings > Merge requests > Merge checks: tick “Pipelines must succeed”.',
      };
    case 'direct-pushes':
    case 'force-pushes':
    case 'deletion':
      return pushWords(topic.kind, place);
    case 'bypass':
      return bypassWords(topic.who, place);
    case 'reporters':
      return reporterWords(topic.who, where);
    case 'up-to-date':
      return upToDateWords(topic.branches, branch);
    case 'own-queue':
      return ownQueueWords(place);
    case 'permissions':
    case 'events':
      return grantWords(topic, place);
    default:
      return unreachable(topic);
  }
}

function bypassWords(who: readonly string[], place: Place): TopicWords {
  const where = guardPlace(place);
  return {
    ok: 'Nobody can bypass these rules.',
    found: `These can bypass the rules: ${who.join(', ')}.`,
    change:
      place.forge === 'github'
        ? `${where}: empty the bypass list, or tick “Do not allow bypassing the above settings”.`
        : `${where}: set “Allowed to push and merge” to “No one”.`,
  };
}

function pushWords(kind: 'direct-pushes' | 'force-pushes' | 'deletion', place: Place): TopicWords {
  const { forge, branch } = place;
  const github = forge === 'github';
  const where = guardPlace(place);
  const words: Readonly<Record<typeof kind, TopicWords>> = {
    'direct-pushes': {
      ok: `Only pull requests change ${branch}.`,
      found: `Whoever may write can push to ${branch} past the policy.`,
      change: github
        ? `${where}: tick “Require a pull request before merging”.`
        : `${where}: set “Allowed to push and merge” to “No one”.`,
    },
    'force-pushes': {
      ok: `Nobody can force-push to ${branch}.`,
      found: `Force pushes to ${branch} are allowed: what was approved and merged can be taken back unseen.`,
      change: github ? `${where}: tick “Block force pushes”.` : `${where}: switch “Allowed to force push” off.`,
    },
    deletion: {
      ok: `Nobody can delete ${branch}.`,
      found: `${branch} can be deleted.`,
      change: github ? `${where}: tick “Restrict deletions”.` : `${where}: protect the branch.`,
    },
  };
  return words[kind];
}

function reporterWords(who: Extract<Topic, { kind: 'reporters' }>['who'], where: string): TopicWords {
  const ok = 'Only the bot can report the required lockkeeper checks.';
  const found = 'Whoever may write can report the required lockkeeper checks in the bot’s place';
  return who === 'anyone'
    ? { ok, found: `${found}: statuses are bound to nobody. The bot’s own merges do not rest on them.`, change: null }
    : {
        ok,
        found: `${found}.`,
        change: `${where}: remove each lockkeeper check from the required ones and add it again with the App as its source.`,
      };
}

function upToDateWords(branches: Extract<Topic, { kind: 'up-to-date' }>['branches'], branch: string): TopicWords {
  const found =
    branches === 'demanded'
      ? `Branches must be up to date with ${branch}: the queue updates the entry at its head and waits for its checks.`
      : `Branches need not be up to date with ${branch}: each merge is planned on the tip anyway.`;
  return { ok: found, found, change: null };
}

function ownQueueWords(place: Place): TopicWords {
  const ok = 'The forge’s own queue is not in use.';
  return place.forge === 'github'
    ? {
        ok,
        found: `${place.branch} requires GitHub’s merge queue: what it would merge is judged, but /merge can’t merge here.`,
        change: `${guardPlace(place)}: untick “Require merge queue” to use the bot’s.`,
      }
    : {
        ok,
        found: 'Merge trains are on: what a train would merge is not judged.',
        change: 'Settings > Merge requests > Merge options: untick “Enable merge trains” to use the bot’s queue.',
      };
}

function grantWords(
  { kind, missing }: Extract<Topic, { readonly missing: readonly string[] }>,
  { forge }: Place,
): TopicWords {
  const github = forge === 'github';
  return kind === 'permissions'
    ? {
        ok: 'The bot has the permissions that it needs.',
        found: `The bot lacks permissions: ${missing.join(', ')}.`,
        change: github
          ? 'Settings of the App > Permissions & events: grant them, then accept them for the installation; with a token, make one that has them.'
          : 'Manage > Members: make the bot a Developer or more, and give its token the scope api.',
      }
    : {
        ok: 'The bot gets the webhooks that it acts on.',
        found: `The bot is not told of: ${missing.join(', ')}. It notices such things only when it sweeps.`,
        change: github
          ? 'Settings of the App > Permissions & events (with a token, Settings > Webhooks): subscribe to them.'
          : 'Settings > Webhooks, the bot’s: tick these triggers.',
      };
}
