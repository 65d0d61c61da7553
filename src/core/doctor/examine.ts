/** `lockkeeper doctor`: whether what the bot decides can be gone past on the forge, and which setting would change that. */
import type { RequiredChecks } from '../forge-objects.js';
import type { ForgeKind } from '../ids.js';
import { PLAN_CHECK, POLICY_CHECK } from '../standing/readiness.js';

export type Known<T> = T | 'unknown';

/** What guards a branch, as the forge says. */
export interface BranchGuards {
  readonly required: RequiredChecks;
  /** Who may push past pull requests. `nobody` where only pull requests reach the branch. */
  readonly directPushes: Known<'nobody' | 'whoever-may-write'>;
  readonly forcePushes: Known<'allowed' | 'forbidden'>;
  readonly deletion: Known<'allowed' | 'forbidden'>;
  /** In words: people, teams and roles that no rule stops. */
  readonly bypass: Known<readonly string[]>;
  readonly upToDate: Known<'demanded' | 'not-demanded'>;
  /** Whose word the required checks of ours take. `anyone`: the forge can't tell reporters apart; `not-required`: there are none. */
  readonly reporters: Known<'bot' | 'whoever-may-write' | 'anyone' | 'not-required'>;
  /** The forge's own merge queue, or merge train. */
  readonly ownQueue: 'required' | 'not-required';
}

/** What the bot was given, against what it needs. */
export interface BotGrants {
  /** `checks: write` on GitHub, `role: Developer` on GitLab. */
  readonly missingPermissions: Known<readonly string[]>;
  /** Webhook events that it does not get. */
  readonly missingEvents: Known<readonly string[]>;
}

export interface Finding {
  /** `unsafe`: what was not approved can be merged, or the bot can't do its work. `note`: good to know. */
  readonly level: 'ok' | 'note' | 'unknown' | 'unsafe';
  readonly what: string;
  /** The setting to change; null where nothing has to be. */
  readonly change: string | null;
}

export interface Examined {
  readonly forge: ForgeKind;
  readonly branch: string;
  readonly guards: BranchGuards;
  readonly grants: BotGrants;
}

export function examine(examined: Examined): readonly Finding[] {
  return [...checkFindings(examined), ...guardFindings(examined), ...grantFindings(examined)];
}

function checkFindings({ forge, branch, guards }: Examined): readonly Finding[] {
  if (forge === 'gitlab') {
    const demanded = guards.required.extent === 'every-reported';
    return [
      {
        level: demanded ? 'ok' : 'unsafe',
        what: demanded
          ? 'Pipelines must succeed, so a merge request waits for lockkeeper/plan and lockkeeper/policy.'
          : 'Merge requests can be merged by hand while lockkeeper/plan or lockkeeper/policy fail.',
        change: demanded ? null : 'Settings > Merge requests > Merge checks: tick “Pipelines must succeed”.',
      },
    ];
  }
  return [PLAN_CHECK, POLICY_CHECK].map((name): Finding => {
    const required = guards.required.names.includes(name);
    return {
      level: required ? 'ok' : 'unsafe',
      what: required
        ? `${name} is required on ${branch}.`
        : `${name} is not required on ${branch}: a pull request can be merged by hand whatever it says.`,
      change: required ? null : `${RULES} for ${branch}: tick “Require status checks to pass” and add ${name}.`,
    };
  });
}

const RULES = 'Settings > Rules > Rulesets (or Settings > Branches), the rule';

function guardFindings({ forge, branch, guards }: Examined): readonly Finding[] {
  const github = forge === 'github';
  const place = github ? `${RULES} for ${branch}` : `Settings > Repository > Protected branches, ${branch}`;
  return [
    judged(guards.directPushes, {
      topic: 'who may push without a pull request',
      safe: (value) => value === 'nobody',
      ok: `Only pull requests change ${branch}.`,
      unsafe: `Whoever may write can push to ${branch} past the policy.`,
      change: github
        ? `${place}: tick “Require a pull request before merging”.`
        : `${place}: set “Allowed to push and merge” to “No one”.`,
    }),
    judged(guards.forcePushes, {
      topic: 'whether force pushes are allowed',
      safe: (value) => value === 'forbidden',
      ok: `Nobody can force-push to ${branch}.`,
      unsafe: `Force pushes to ${branch} are allowed: what was approved and merged can be taken back unseen.`,
      change: github ? `${place}: tick “Block force pushes”.` : `${place}: switch “Allowed to force push” off.`,
    }),
    judged(guards.deletion, {
      topic: 'whether it may be deleted',
      safe: (value) => value === 'forbidden',
      ok: `Nobody can delete ${branch}.`,
      unsafe: `${branch} can be deleted.`,
      change: github ? `${place}: tick “Restrict deletions”.` : `${place}: protect the branch.`,
    }),
    judged(guards.bypass, {
      topic: 'who may bypass the rules',
      safe: (value) => value.length === 0,
      ok: 'Nobody can bypass these rules.',
      unsafe: `These can bypass the rules: ${guards.bypass === 'unknown' ? '' : guards.bypass.join(', ')}.`,
      change: github
        ? `${place}: empty the bypass list, or tick “Do not allow bypassing the above settings”.`
        : `${place}: set “Allowed to push and merge” to “No one”.`,
    }),
    ...reportersFindings(guards.reporters, place),
    upToDateFinding(guards.upToDate, branch),
    ...ownQueueFindings({ forge, branch, guards }, place),
  ];
}

/** A check that anybody may report lets everybody say that the policy passed. */
function reportersFindings(reporters: BranchGuards['reporters'], place: string): readonly Finding[] {
  return reporters === 'not-required' ? [] : [reportersFinding(reporters, place)];
}

function reportersFinding(reporters: Exclude<BranchGuards['reporters'], 'not-required'>, place: string): Finding {
  switch (reporters) {
    case 'unknown':
      return unknown('whose word the required checks take');
    case 'bot':
      return { level: 'ok', what: 'Only the bot can report the required lockkeeper checks.', change: null };
    case 'whoever-may-write':
      return {
        level: 'unsafe',
        what: 'Whoever may write can report the required lockkeeper checks in the bot’s place.',
        change: `${place}: remove each lockkeeper check from the required ones and add it again with the App as its source.`,
      };
    case 'anyone':
      return {
        level: 'note',
        what: 'Whoever may write can report the lockkeeper checks in the bot’s place: statuses are bound to nobody. The bot’s own merges do not rest on them.',
        change: null,
      };
  }
}

function ownQueueFindings({ forge, branch, guards }: Omit<Examined, 'grants'>, place: string): readonly Finding[] {
  if (guards.ownQueue === 'not-required') return [];
  const github = forge === 'github';
  return [
    {
      level: 'note',
      what: github
        ? `${branch} requires GitHub’s merge queue: what it would merge is judged, but /merge can’t merge here.`
        : 'Merge trains are on: what a train would merge is not judged.',
      change: github
        ? `${place}: untick “Require merge queue” to use the bot’s.`
        : 'Settings > Merge requests > Merge options: untick “Enable merge trains” to use the bot’s queue.',
    },
  ];
}

function upToDateFinding(upToDate: BranchGuards['upToDate'], branch: string): Finding {
  if (upToDate === 'unknown') return unknown('whether branches must be up to date');
  const what =
    upToDate === 'demanded'
      ? `Branches must be up to date with ${branch}: the queue updates the entry at its head and waits for its checks.`
      : `Branches need not be up to date with ${branch}: each merge is planned on the tip anyway.`;
  return { level: 'note', what, change: null };
}

function grantFindings({ forge, grants }: Examined): readonly Finding[] {
  const github = forge === 'github';
  const missing = (names: readonly string[]): string => names.join(', ');
  return [
    judged(grants.missingPermissions, {
      topic: 'what the bot is permitted',
      safe: (value) => value.length === 0,
      ok: 'The bot has the permissions that it needs.',
      unsafe: `The bot lacks permissions: ${grants.missingPermissions === 'unknown' ? '' : missing(grants.missingPermissions)}.`,
      change: github
        ? 'Settings of the App > Permissions & events: grant them, then accept them for the installation; with a token, make one that has them.'
        : 'Manage > Members: make the bot a Developer or more, and give its token the scope api.',
    }),
    judged(grants.missingEvents, {
      topic: 'which webhooks the bot gets',
      safe: (value) => value.length === 0,
      ok: 'The bot gets the webhooks that it acts on.',
      unsafe: `The bot is not told of: ${grants.missingEvents === 'unknown' ? '' : missing(grants.missingEvents)}. It notices such things only when it sweeps.`,
      change: github
        ? 'Settings of the App > Permissions & events (with a token, Settings > Webhooks): subscribe to them.'
        : 'Settings > Webhooks, the bot’s: tick these triggers.',
    }),
  ];
}

interface Judgement<T> {
  readonly topic: string;
  readonly safe: (value: T) => boolean;
  readonly ok: string;
  readonly unsafe: string;
  readonly change: string;
}

function judged<T>(value: Known<T>, judgement: Judgement<T>): Finding {
  if (value === 'unknown') return unknown(judgement.topic);
  return judgement.safe(value as T)
    ? { level: 'ok', what: judgement.ok, change: null }
    : { level: 'unsafe', what: judgement.unsafe, change: judgement.change };
}

function unknown(topic: string): Finding {
  return {
    level: 'unknown',
    what: `It could not be read ${topic}: the bot’s account may not see it. Look for yourself, or run this with a token of an administrator.`,
    change: null,
  };
}
