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
  /** Changed files that no target is known to read, and those that rule the repository itself. */
  readonly outside: readonly string[];
  /** Any problem fails the plan; the targets that could be planned are still there. */
  readonly problems: readonly PlanProblem[];
  readonly changes: PlanChanges;
  /** What deserves a second look before anything else is read; policy can ask for them by kind. */
  readonly warnings: readonly PlanWarning[];
  /** What this value does not show: nothing is left out without being counted here. */
  readonly hidden: readonly HiddenPart[];
}

/**
 * `none`: nothing rendered differs and no other file changed. `replicas-only`: workloads keep more or fewer pods, but none goes to zero.
 * `unknown`: there are problems.
 */
export type PlanChanges = 'none' | ChangeExtent | 'unknown';

/** All that differs is of one sort, or it is `other`. */
export type ChangeExtent = 'image-only' | 'replicas-only' | 'other';

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
  /** What a summary of one line tells, in its order. */
  readonly highlights: readonly Highlight[];
  /** What the target's workloads request, before and after; null where nothing requests anything. */
  readonly cost: CostChange | null;
}

/** `image 1.4.2 → 1.5.0, replicas 3 → 5, 1 ConfigMap added`, as values. */
export type Highlight =
  /** One for all of a target's images, or for each that changed. */
  | {
      readonly kind: 'version';
      /** The last part of its name; null where all images are meant, or where it became another, whose names then stand before the versions. */
      readonly image: string | null;
      /** Null where it is not there. */
      readonly before: string | null;
      readonly after: string | null;
    }
  /** `resource` is `Kind/name`; null where nothing says how many. */
  | {
      readonly kind: 'replicas';
      readonly resource: string;
      readonly before: number | null;
      readonly after: number | null;
    }
  /** Resources of one kind; what only changed in images and replicas is told by those and not counted again. */
  | {
      readonly kind: 'resources';
      readonly change: ResourceChangeKind;
      /** Empty for YAML that is no Kubernetes object. */
      readonly resourceKind: string;
      readonly count: number;
    }
  /** Documents that declare a resource once more. */
  | { readonly kind: 'duplicates'; readonly resourceKind: string; readonly count: number };

export interface ResourceChange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly change: ResourceChangeKind;
  /** Its name before, where it was renamed. */
  readonly previousName: string | null;
  /** Single values that differ, masked; empty for resources added or removed. What is beyond the limit is counted in {@link Plan.hidden}. */
  readonly fields: readonly FieldChange[];
  /** Paths of lists whose items stand in another order, where that is not known to matter; at most as many as fields. */
  readonly reordered: readonly string[];
  /**
   * Unified diff of canonical YAML, secrets masked, without file headers. Lists whose order means nothing are shown in their new order
   * on both sides. Empty where it would be too large: {@link Plan.hidden} then says so.
   */
  readonly diff: string;
  /** File and line of each document that declares it after the change, where more than one does, or of one removed, where any still does. */
  readonly declared?: readonly string[];
}

/** `reordered`: the same values in another order, which may or may not mean something to whoever reads them. */
export type ResourceChangeKind = 'added' | 'removed' | 'changed' | 'renamed' | 'reordered';

export interface FieldChange {
  /** `spec.template.spec.containers[api].image`: list items by their merge key where they have one, else by position. */
  readonly path: string;
  /** As YAML in one line, ending in `…` where it is cut; null where the value is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlanWarning {
  readonly kind: WarningKind;
  readonly target: TargetName;
  /** `Kind/name` of the resource that it is about. */
  readonly resource: string;
  /** The field that it is about, or null. */
  readonly path: string | null;
  /** Of `duplicate-resource`: file and line of each that declares it. */
  readonly files?: readonly string[];
}

export type WarningKind =
  | 'deletes-data'
  | 'deletes-namespace'
  | 'deletes-crd'
  | 'deletes-workload'
  | 'scales-to-zero'
  | 'touches-rbac'
  | 'touches-network-policy'
  | 'privileged'
  | 'host-access'
  | 'changes-service'
  | 'immutable-field'
  /** More than one document declares it: which one is applied, nobody can tell. */
  | 'duplicate-resource'
  | 'plain-secret';

/** Sums over a target's workloads, each times its replicas. */
export interface CostChange {
  /** Millicores. */
  readonly cpu: Amounts;
  /** Bytes. */
  readonly memory: Amounts;
  /** Bytes, of volume claims and claim templates. */
  readonly storage: Amounts;
  /** A month, where the configuration gives prices. */
  readonly money: (Amounts & { readonly currency: string }) | null;
  /** What the sums do not say. */
  readonly notes: readonly CostNote[];
}

export interface CostNote {
  /**
   * `once-per-node`: runs on every node, counted once. `autoscaled`: counted with the least replicas its autoscaler keeps.
   * `unreadable`: a quantity or number that Kubernetes would refuse, counted as nothing.
   */
  readonly kind: 'once-per-node' | 'autoscaled' | 'unreadable';
  /** `Kind/name`. */
  readonly resource: string;
}

export interface Amounts {
  readonly before: number;
  readonly after: number;
}

export interface HiddenPart {
  readonly kind: HiddenKind;
  readonly target: TargetName | null;
  /** How many of them. */
  readonly count: number;
  /** What it is, as people would look for it: `Secret/api data.password`, a file's path. */
  readonly what: string;
}

export type HiddenKind =
  | 'masked-value'
  /** Encrypted in git; shown by its fingerprint. */
  | 'encrypted-value'
  /** A long value of which the part that differs is shown. */
  | 'cut-value'
  /** Changed, and its difference is too large to be shown whole. */
  | 'large-resource'
  /** Of targets that were not asked for. */
  | 'unshown-resource'
  /** Fields beyond the limit. */
  | 'unshown-field'
  /** A changed file of a target that is no text, or too large for one. */
  | 'binary-file'
  /** A changed file of a target that its renderer makes nothing of. */
  | 'unread-file'
  /** A renderer's own words. */
  | 'note';

export type PlanProblem =
  | {
      readonly kind: 'render-failed';
      readonly target: TargetName;
      readonly side: 'before' | 'after';
      readonly file: string | null;
      /** From 1; null where it is not known. */
      readonly line: number | null;
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
