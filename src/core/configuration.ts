/**
 * `.lockkeeper.yaml` as values: what `config/` makes of the file on the target branch, and all that decisions know of it.
 * Every default is already filled in; durations are milliseconds.
 */

import type { PeopleRule } from './people-rule.js';
import type { ImageSource, Prices } from './plan/plan-settings.js';
import type { Policy } from './policy/policy-rules.js';

export interface Configuration {
  readonly layouts: readonly DirectoryLayout[];
  readonly render: RenderChoice;
  readonly helm: HelmRules;
  readonly inputs: readonly InputRule[];
  /** In the order of the file. */
  readonly environments: readonly EnvironmentRules[];
  readonly carry: readonly CarryRule[];
  readonly images: readonly ImageRule[];
  /** Null: plans name no money. */
  readonly prices: Prices | null;
  readonly policy: Policy;
  readonly queue: QueueRules;
  readonly commands: CommandRights;
}

/** `apps/{app}/envs/{env}`; without `{app}` the repository holds the one application that `app` names. */
export interface DirectoryLayout {
  readonly path: string;
  readonly app: string | null;
}

/** `command`: the name of a command that the server's settings define. */
type RenderChoice = 'auto' | 'plain' | 'kustomize' | 'helm' | 'terraform' | { readonly command: string };

/** How a target's chart is found; `{app}` and `{env}` stand for the target's. What is null goes by convention: core/plan/helm/helm-inputs.ts. */
export interface HelmRules {
  /** A directory, from the top of the repository, or with `./` or `../` from the target's directory. Null: the target's directory. */
  readonly chart: string | null;
  /** Files, from the target's directory, or with `/` from the top of the repository. */
  readonly values: readonly string[] | null;
  /** Null: the application's name. */
  readonly release: string | null;
  /** Null: none is told to helm. */
  readonly namespace: string | null;
}

/** Files that targets read beside what their own files name. */
export interface InputRule {
  /** Globs, from the top of the repository. */
  readonly files: readonly string[];
  /** Whose inputs they are; null for every one. */
  readonly applications: readonly string[] | null;
  readonly environments: readonly string[] | null;
}

export interface EnvironmentRules {
  readonly name: string;
  /** Environments a promotion comes from; empty for the first ones. */
  readonly after: readonly string[];
  readonly gates: GateRules;
  readonly promotion: 'auto' | 'manual';
  readonly merge: 'auto' | 'manual';
}

/** Conditions on the source of a promotion. */
export interface GateRules {
  /** Globs over check names: each must match at least one check, and all that match must be green. */
  readonly checks: readonly string[];
  /** How long the source must have stood, in ms; 0 for not at all. */
  readonly soak: number;
}

export type CarryRule =
  | { readonly kind: 'files'; readonly files: readonly string[]; readonly except: readonly string[] }
  | { readonly kind: 'field'; readonly file: string; readonly path: string };

/** Who offers which image to which target, and where it is made. */
export interface ImageRule extends ImageSource {
  readonly app: string;
  /** The environment that is bumped. */
  readonly into: string;
  readonly update: 'semver' | 'any';
  /** A semver range that a new tag must satisfy, or null. */
  readonly range: string | null;
}

interface QueueRules {
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly order: readonly PullRequestKind[];
  /** `off`: strictly one after the other, whatever they touch. */
  readonly parallel: 'on' | 'off';
  /** `batch`: what was not checked on what the branch holds now is verified together on a branch of the bot's. */
  readonly verify: 'head' | 'batch';
  /** Where a head must be up to date and the forge can only rebase it: whether that is done. */
  readonly rebase: 'never' | 'if-needed';
  /** What is made ahead of its turn, on what those before it would leave. `checks`: plans, and the batch after the one that runs. */
  readonly speculate: 'off' | 'plans' | 'checks';
}

export type PullRequestKind = 'rollback' | 'hotfix' | 'promotion' | 'bump' | 'other';

/** Who may run which command; write permission where nothing is said. Keyed by command, then environment (`*` for every one). */
export type CommandRights = Readonly<Record<string, Readonly<Record<string, PeopleRule>>>>;

/** The rule for people that holds where the configuration is silent. */
export const EVERYONE_WITH_WRITE: PeopleRule = { users: [], teams: [], permission: 'write' };
