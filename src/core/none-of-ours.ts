/** Why a repository or branch is none of the bot's business. */
export type NoneOfOurs =
  | { readonly kind: 'no-access' }
  | { readonly kind: 'no-branch'; readonly branch: string }
  /** `file`: the configuration, which that branch lacks. */
  | { readonly kind: 'not-configured'; readonly branch: string; readonly file: string };
