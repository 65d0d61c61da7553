/** Why the forge did not do what was asked, in neutral words; each dialect turns it into its own status and body. */
import type { AccessLevel } from './access-level.js';

export type Refusal =
  | { readonly kind: 'not-found'; readonly what: string }
  | { readonly kind: 'forbidden'; readonly need: AccessLevel | 'app' | 'author'; readonly message: string }
  | { readonly kind: 'invalid'; readonly resource: string; readonly field: string; readonly message: string }
  | { readonly kind: 'already-exists'; readonly resource: string; readonly message: string; readonly number?: number }
  /** A compare-and-swap lost: the head is not the expected one. */
  | { readonly kind: 'head-moved'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'not-fast-forward'; readonly ref: string }
  | { readonly kind: 'protected-branch'; readonly branch: string; readonly message: string }
  | { readonly kind: 'merge-conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'not-mergeable'; readonly reason: NotMergeableReason; readonly message: string }
  | { readonly kind: 'own-pull-request'; readonly message: string };

export type NotMergeableReason =
  'closed' | 'merged' | 'draft' | 'checks' | 'approvals' | 'behind' | 'method-not-allowed' | 'not-allowed';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}

export function notFound(what: string): { readonly ok: false; readonly refusal: Refusal } {
  return refused({ kind: 'not-found', what });
}

export function invalid(
  resource: string,
  field: string,
  message: string,
): { readonly ok: false; readonly refusal: Refusal } {
  return refused({ kind: 'invalid', resource, field, message });
}
