/**
 * The commands that people write in comments: one table, from which the parser's words, the usage in answers and `/help` are made.
 */

export type Command =
  | {
      readonly name: 'promote';
      readonly env: string;
      /** Null: those that the pull request touches. */ readonly app: string | null;
    }
  | { readonly name: 'merge' }
  | { readonly name: 'plan' }
  | { readonly name: 'why' }
  | { readonly name: 'help' };

export type CommandName = Command['name'];

export interface CommandHelp {
  readonly name: CommandName;
  readonly usage: string;
  /** What it does, for people: one sentence. */
  readonly explanation: string;
}

export const COMMANDS: readonly CommandHelp[] = [
  {
    name: 'promote',
    usage: '/promote ENV [APP]',
    explanation:
      'Opens the promotion pull request into an environment, for the application named or for those this pull request touches.',
  },
  { name: 'merge', usage: '/merge', explanation: 'Puts this pull request into the merge queue.' },
  { name: 'plan', usage: '/plan', explanation: 'Plans this pull request again.' },
  { name: 'why', usage: '/why', explanation: 'Says what this pull request waits for.' },
  { name: 'help', usage: '/help', explanation: 'Lists the commands.' },
];

/** Words of the vocabulary that this version does not act on: answered as such, never taken for a mistake. */
export const UNAVAILABLE_COMMANDS = [
  'unqueue',
  'approve',
  'hold',
  'unhold',
  'freeze',
  'unfreeze',
  'rollback',
  'retry',
] as const;

export type UnavailableCommand = (typeof UNAVAILABLE_COMMANDS)[number];

export function usageOf(name: CommandName): string {
  return COMMANDS.find((command) => command.name === name)?.usage ?? `/${name}`;
}
