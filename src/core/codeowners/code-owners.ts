/**
 * CODEOWNERS: who owns which files, as the forge reads it.
 *
 * On GitHub the last line that matches a file names its owners, and one of them must agree; an empty line of owners means nobody.
 * On GitLab the file has sections (the lines before the first heading are one too); in each, the last line that matches names owners of
 * that section, and every section that is not optional wants its number of approvals.
 *
 * Worked example, on GitLab: with `* @lead` and below it `[Data][2] @dba` and `db/`, a change of `db/a.sql` wants one approval by
 * `@lead` and two by `@dba`; a change of `README.md` wants one by `@lead`.
 */
import type { ForgeKind } from '../ids.js';
import type { CodeOwnersProblem } from './code-owners-problem.js';
import type { PathPattern } from './path-pattern.js';

export interface CodeOwners {
  readonly file: string;
  readonly sections: readonly OwnerSection[];
  /** Lines that the forge passes over, or takes otherwise than they look. They do not keep the rest from holding. */
  readonly problems: readonly CodeOwnersProblem[];
}

export interface OwnerSection {
  /** Null: no heading stands above its lines. */
  readonly name: string | null;
  readonly demand: 'required' | 'optional';
  /** Approvals that each line wants, at least 1. */
  readonly approvals: number;
  readonly entries: readonly OwnerEntry[];
}

export interface OwnerEntry {
  readonly kind: 'owned' | 'excluded';
  readonly line: number;
  readonly pattern: PathPattern;
  readonly owners: readonly CodeOwner[];
}

export type CodeOwner =
  | { readonly kind: 'user'; readonly login: string }
  /** `org/team` on GitHub, a group's full path on GitLab. */
  | { readonly kind: 'team'; readonly team: string }
  /** GitLab's `@name`, which is a person's or a group's: they share one space of names. */
  | { readonly kind: 'user-or-team'; readonly name: string }
  | { readonly kind: 'email'; readonly email: string }
  /** GitLab's `@@role`: exactly this role in the project. */
  | { readonly kind: 'role'; readonly role: 'developer' | 'maintainer' | 'owner' };

/** Where the file is looked for; the first that is there counts. */
export function codeOwnersPlaces(forge: ForgeKind): readonly string[] {
  return forge === 'github'
    ? ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']
    : ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
}

/** In bytes. GitHub does not load a larger one; we hold GitLab's to the same. */
export const MAX_CODEOWNERS_BYTES = 3_000_000;

/** As it is written in the file: `@ann`, `@acme/sre`, `@@maintainer`, `ann@example.test`. */
export function ownerText(owner: CodeOwner): string {
  switch (owner.kind) {
    case 'user':
      return `@${owner.login}`;
    case 'team':
      return `@${owner.team}`;
    case 'user-or-team':
      return `@${owner.name}`;
    case 'email':
      return owner.email;
    case 'role':
      return `@@${owner.role}`;
  }
}
