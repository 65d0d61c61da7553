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
  readonly topic: Topic;
}

/** What a finding is about, with what was found. Lists are empty where nothing is found, or nothing could be read. */
export type Topic =
  /** One of the bot's own checks: whether GitHub requires it. */
  | { readonly kind: 'own-check'; readonly name: string }
  /** Whether GitLab merges only what its pipelines, and with them the bot's statuses, let pass. */
  | { readonly kind: 'pipelines' }
  | { readonly kind: 'direct-pushes' | 'force-pushes' | 'deletion' }
  | { readonly kind: 'bypass'; readonly who: readonly string[] }
  | { readonly kind: 'reporters'; readonly who: Exclude<BranchGuards['reporters'], 'not-required'> }
  | { readonly kind: 'up-to-date'; readonly branches: BranchGuards['upToDate'] }
  /** It is in use. */
  | { readonly kind: 'own-queue' }
  | { readonly kind: 'permissions' | 'events'; readonly missing: readonly string[] };

export interface Examined {
  readonly forge: ForgeKind;
  readonly branch: string;
  readonly guards: BranchGuards;
  readonly grants: BotGrants;
}

export function examine({ forge, guards, grants }: Examined): readonly Finding[] {
  return [
    ...checkFindings(forge, guards),
    judged(guards.directPushes, (value) => value === 'nobody', { kind: 'direct-pushes' }),
    judged(guards.forcePushes, (value) => value === 'forbidden', { kind: 'force-pushes' }),
    judged(guards.deletion, (value) => value === 'forbidden', { kind: 'deletion' }),
    judged(guards.bypass, isEmpty, { kind: 'bypass', who: listOf(guards.bypass) }),
    ...reportersFindings(guards.reporters),
    upToDateFinding(guards.upToDate),
    ...(guards.ownQueue === 'required' ? [{ level: 'note', topic: { kind: 'own-queue' } } as const] : []),
    ...grantFindings(grants),
  ];
}

function checkFindings(forge: ForgeKind, { required }: BranchGuards): readonly Finding[] {
  const level = (holds: boolean): Finding['level'] => (holds ? 'ok' : 'unsafe');
  if (forge === 'gitlab') return [{ level: level(required.extent === 'every-reported'), topic: { kind: 'pipelines' } }];
  return [PLAN_CHECK, POLICY_CHECK].map((name) => ({
    level: level(required.names.includes(name)),
    topic: { kind: 'own-check', name },
  }));
}

const REPORTERS = { bot: 'ok', 'whoever-may-write': 'unsafe', anyone: 'note', unknown: 'unknown' } as const;

/** A check that anybody may report lets everybody say that the policy passed. */
function reportersFindings(who: BranchGuards['reporters']): readonly Finding[] {
  return who === 'not-required' ? [] : [{ level: REPORTERS[who], topic: { kind: 'reporters', who } }];
}

function upToDateFinding(branches: BranchGuards['upToDate']): Finding {
  return { level: branches === 'unknown' ? 'unknown' : 'note', topic: { kind: 'up-to-date', branches } };
}

function grantFindings({ missingPermissions, missingEvents }: BotGrants): readonly Finding[] {
  return [
    judged(missingPermissions, isEmpty, { kind: 'permissions', missing: listOf(missingPermissions) }),
    judged(missingEvents, isEmpty, { kind: 'events', missing: listOf(missingEvents) }),
  ];
}

function judged<T>(value: Known<T>, isSafe: (value: T) => boolean, topic: Topic): Finding {
  if (value === 'unknown') return { level: 'unknown', topic };
  return { level: isSafe(value as T) ? 'ok' : 'unsafe', topic };
}

function isEmpty(names: readonly string[]): boolean {
  return names.length === 0;
}

function listOf(names: Known<readonly string[]>): readonly string[] {
  return names === 'unknown' ? [] : names;
}
