/**
 * The plan: what each affected target will get.
 *
 * A plan compares the manifests of the affected targets at the target branch's tip with their manifests in the merge of the pull request
 * into that tip. Example: a pull request that edits `apps/api/envs/dev/deployment.yaml` from `api:1.0.0` to `api:1.1.0` gives one target
 * plan (api in dev) with one changed resource (Deployment api), one image change, and `changes: 'image-only'`.
 *
 * The digest names the rendered state after the merge together with the difference: equal digests mean "you would deploy the same thing".
 */
import type { FileProblem } from '../problem.js';
import type { Sha, TargetName } from '../ids.js';
import type { ImageChange } from './images.js';

export interface Plan {
  /** Hexadecimal SHA-256; see {@link planDigest}. */
  readonly digest: string;
  /** Tip of the target branch the plan was made for. */
  readonly base: Sha;
  readonly head: Sha;
  readonly targets: readonly TargetPlan[];
  /** Changed files that belong to no target. */
  readonly outside: readonly string[];
  /** Any problem fails the plan; the targets that could be planned are still there. */
  readonly problems: readonly PlanProblem[];
  readonly changes: PlanChanges;
}

/** `none`: nothing rendered differs and no other file changed. `unknown`: there are problems. */
export type PlanChanges = 'none' | 'image-only' | 'other' | 'unknown';

export interface TargetPlan {
  readonly target: TargetName;
  readonly directory: string;
  readonly renderer: string;
  readonly digestBefore: string;
  readonly digestAfter: string;
  readonly versionBefore: string | null;
  readonly versionAfter: string | null;
  readonly resources: readonly ResourceChange[];
  readonly images: readonly ImageChange[];
}

export interface ResourceChange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Unified diff of canonical YAML, secrets masked, without file headers. */
  readonly diff: string;
}

export type PlanProblem =
  | {
      readonly kind: 'render-failed';
      readonly target: TargetName;
      readonly side: 'before' | 'after';
      readonly file: string | null;
      readonly message: string;
    }
  | {
      readonly kind: 'broken-manifest';
      readonly target: TargetName;
      readonly side: 'before' | 'after';
      readonly problem: FileProblem;
    }
  | { readonly kind: 'tool-missing'; readonly target: TargetName; readonly tool: string; readonly install: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  /** `where`: the target branch's own file, which rules, or the pull request's, which would. */
  | {
      readonly kind: 'broken-configuration';
      readonly where: 'target-branch' | 'pull-request';
      readonly problem: FileProblem;
    }
  /** The pull request comes from a fork: not rendered without a maintainer's word. */
  | { readonly kind: 'fork' };
