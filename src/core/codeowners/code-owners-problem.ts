/** What is wrong with a line of a CODEOWNERS file. */
export interface CodeOwnersProblem {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly why: CodeOwnersFault;
}

/** The forge passes over the line, or, on GitLab, over the word. */
export type CodeOwnersFault =
  | { readonly kind: 'negated' | 'hash' | 'range' }
  | { readonly kind: 'too-long'; readonly most: number }
  /** `word`: what stands in an owner's place. */
  | { readonly kind: 'no-owner-of-github' | 'no-owner-of-gitlab'; readonly word: string }
  /** GitLab takes it for a pattern. */
  | { readonly kind: 'no-heading' };
