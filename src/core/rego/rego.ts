/**
 * What a repository's own policies in Rego say of a pull request.
 *
 * As conftest has it: in any package, `deny` (or `violation`) and `warn` are sets of messages, each a text or an object with `msg`;
 * `deny_…` and `warn_…` are read alike. One message of `deny` refuses; those of `warn` are shown. Worked example:
 *
 *     package main
 *     deny contains msg if {
 *       some resource in input.plan.targets[_].resources
 *       resource.change == "removed"
 *       msg := sprintf("%s/%s would be deleted", [resource.kind, resource.name])
 *     }
 */

export interface RegoModule {
  /** From the top of the repository. */
  readonly path: string;
  /** Rego; of a compiled policy its bytes in base64. */
  readonly text: string;
}

export interface RegoMessage {
  /** `lockkeeper.prod`: the package that says it, without `data.`. */
  readonly package: string;
  /** `deny`, `violation_tags`. */
  readonly rule: string;
  readonly message: string;
}

/** Everything but `evaluated` without `deny` refuses. */
export type RegoOutcome =
  | { readonly kind: 'evaluated'; readonly deny: readonly RegoMessage[]; readonly warn: readonly RegoMessage[] }
  /** There is nothing to ask, or nothing to ask about. */
  | { readonly kind: 'not-asked'; readonly why: RegoObstacle }
  /** `message`: why nothing can be said, in the words of what ran them, capped. */
  | { readonly kind: 'failed'; readonly message: string }
  /** They ran, and what they came to says nothing. `path`: of a compiled policy; null for those that are run together. */
  | { readonly kind: 'misshapen'; readonly path: string | null; readonly flaw: RegoFlaw }
  | { readonly kind: 'tool-missing'; readonly tool: string; readonly install: string };

export type RegoFlaw =
  /** No package has a set of messages: nothing would ever be refused. */
  | { readonly kind: 'no-rules' }
  /** A rule of such a name that is no set, or holds what is no message. */
  | { readonly kind: 'no-set' | 'no-message'; readonly package: string; readonly rule: string };

export type RegoObstacle =
  /** No files of the policy's globs. `beside`: where they were looked for. */
  | { readonly kind: 'no-match'; readonly globs: readonly string[]; readonly beside: 'target-branch' | 'organisation' }
  | { readonly kind: 'too-many'; readonly globs: readonly string[]; readonly most: number }
  /** `most`: bytes. */
  | { readonly kind: 'too-large'; readonly path: string; readonly most: number }
  /** What was rendered is too large to be kept, or lost. */
  | { readonly kind: 'nothing-rendered' }
  /** The bot was started without anything that could run them. */
  | { readonly kind: 'no-runner' }
  | { readonly kind: 'unread' };

/** Compiled to WebAssembly with `opa build`. */
export function isCompiledPolicy(path: string): boolean {
  return path.endsWith('.wasm');
}

/** Rules of tests are nobody's policy. */
export function isRegoPolicy(path: string): boolean {
  return path.endsWith('.rego') && !path.endsWith('_test.rego');
}
