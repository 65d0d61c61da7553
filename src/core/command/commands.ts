/**
 * The commands that people write in comments: one table, from which the parser's words, the usage in answers, `/help` and the
 * reference page are made.
 */
import type { Until } from './until.js';

export type Command =
  | {
      readonly name: 'promote';
      readonly env: string;
      /** Empty: those that the pull request touches. */
      readonly apps: readonly string[];
      /** The version that the source has or had and that is carried; null: what it has now. */
      readonly version: string | null;
    }
  | { readonly name: 'merge'; readonly when: 'in-turn' | 'now' }
  | { readonly name: 'hold'; readonly reason: string | null }
  | { readonly name: 'freeze'; readonly env: string; readonly until: Until | null; readonly reason: string }
  | { readonly name: 'unfreeze'; readonly env: string }
  | {
      readonly name: 'rollback';
      readonly env: string;
      /** Null: the one that the pull request touches there. */
      readonly app: string | null;
      /** A commit's id, shortened or whole, or a version; null: before the last change. */
      readonly to: string | null;
    }
  | { readonly name: PlainName };

/** Commands of one word. */
type PlainName = 'unqueue' | 'plan' | 'approve' | 'unhold' | 'retry' | 'why' | 'help';

export type CommandName = Command['name'];

/** What `commands:` gives rights for: every command, and `/merge now` beside `/merge`. */
export type CommandRight = CommandName | 'merge-now';

interface CommandHelp {
  readonly name: CommandName;
  readonly usage: string;
  /** What it does, for people: one sentence. */
  readonly explanation: string;
}

export const COMMANDS: readonly CommandHelp[] = [
  {
    name: 'promote',
    usage: '/promote ENV [APP…] [--version V]',
    explanation:
      'Opens the promotion pull request into an environment, for the applications named or for those this pull request touches.',
  },
  {
    name: 'merge',
    usage: '/merge [now]',
    explanation: 'Puts this pull request into the merge queue, with `now` before all that is not as urgent.',
  },
  { name: 'unqueue', usage: '/unqueue', explanation: 'Takes this pull request out of the merge queue.' },
  {
    name: 'plan',
    usage: '/plan',
    explanation: 'Plans this pull request again where that failed, and the commit of a fork.',
  },
  {
    name: 'approve',
    usage: '/approve',
    explanation: 'Approves the commit and the plan that stand here now, where the configuration allows it by comment.',
  },
  {
    name: 'hold',
    usage: '/hold [REASON]',
    explanation: 'Keeps this pull request from being merged until somebody writes `/unhold`.',
  },
  { name: 'unhold', usage: '/unhold', explanation: 'Ends the hold.' },
  {
    name: 'freeze',
    usage: '/freeze ENV [until TIME] REASON',
    explanation: 'Lets nothing be merged into an environment until then, or until somebody writes `/unfreeze`.',
  },
  { name: 'unfreeze', usage: '/unfreeze ENV', explanation: 'Ends the freeze of an environment.' },
  {
    name: 'rollback',
    usage: '/rollback ENV [APP] [to COMMIT|VERSION]',
    explanation: 'Opens a pull request that restores what an application had in an environment before.',
  },
  {
    name: 'retry',
    usage: '/retry',
    explanation: 'Tries again what failed here: the plan, a merge that the forge refused, jobs that were given up.',
  },
  { name: 'why', usage: '/why', explanation: 'Says what this pull request waits for.' },
  { name: 'help', usage: '/help', explanation: 'Lists the commands.' },
];

export function usageOf(name: CommandName): string {
  return COMMANDS.find((command) => command.name === name)?.usage ?? `/${name}`;
}
