/** The words after a command's own, as that command wants them. */
import type { Command, CommandName } from './commands.js';
import { parseUntil } from './until.js';

export type CommandProblem =
  | { readonly kind: 'environment-missing' }
  | { readonly kind: 'reason-missing' }
  | { readonly kind: 'too-many-words'; readonly word: string }
  /** `word` cannot be the name of an environment, application or version. */
  | { readonly kind: 'not-a-name'; readonly word: string }
  /** Nothing stands after `word`. */
  | { readonly kind: 'value-missing'; readonly word: string }
  /** `word` stands after `until`. */
  | { readonly kind: 'not-a-time'; readonly word: string };

type ParsedArguments =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'problem'; readonly problem: CommandProblem };

const NAME = /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?$/;
/** Tags of images and ids of commits. */
const VERSION = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$/;
/** Applications of one command. */
const MOST_APPLICATIONS = 20;
/** Characters kept of a reason: it stands in comments, and in the bot's memory of them. */
const LONGEST_REASON = 200;

export function parseArguments(name: CommandName, words: readonly string[]): ParsedArguments {
  switch (name) {
    case 'promote':
      return promote(words);
    case 'merge':
      return merge(words);
    case 'hold':
      return found({ name, reason: words.length === 0 ? null : reasonOf(words) });
    case 'freeze':
      return freeze(words);
    case 'unfreeze':
      return unfreeze(words);
    case 'rollback':
      return rollback(words);
    default: {
      const [extra] = words;
      return extra === undefined ? found({ name }) : problem({ kind: 'too-many-words', word: extra });
    }
  }
}

function found(command: Command): ParsedArguments {
  return { kind: 'command', command };
}

function problem(what: CommandProblem): ParsedArguments {
  return { kind: 'problem', problem: what };
}

function reasonOf(words: readonly string[]): string {
  return words.join(' ').slice(0, LONGEST_REASON);
}

function merge(words: readonly string[]): ParsedArguments {
  const now = words[0]?.toLowerCase() === 'now';
  const extra = words[now ? 1 : 0];
  if (extra !== undefined) return problem({ kind: 'too-many-words', word: extra });
  return found({ name: 'merge', when: now ? 'now' : 'in-turn' });
}

function promote(words: readonly string[]): ParsedArguments {
  // `--version=V` is what fingers are used to.
  const split = words.flatMap((word) => (/^--version=./i.test(word) ? ['--version', word.slice(10)] : [word]));
  const option = split.findIndex((word) => word.toLowerCase() === '--version');
  const version = option < 0 ? null : split[option + 1];
  const [env, ...apps] = option < 0 ? split : split.filter((_, index) => index !== option && index !== option + 1);
  if (env === undefined) return problem({ kind: 'environment-missing' });
  if (version === undefined) return problem({ kind: 'value-missing', word: '--version' });
  const strange = [env, ...apps].find((word) => !NAME.test(word));
  if (strange !== undefined) return problem({ kind: 'not-a-name', word: strange });
  if (version !== null && !VERSION.test(version)) return problem({ kind: 'not-a-name', word: version });
  const tooMany = apps[MOST_APPLICATIONS];
  if (tooMany !== undefined) return problem({ kind: 'too-many-words', word: tooMany });
  return found({ name: 'promote', env, apps: [...new Set(apps)], version });
}

function freeze(words: readonly string[]): ParsedArguments {
  const [env, second, third, ...rest] = words;
  if (env === undefined) return problem({ kind: 'environment-missing' });
  if (!NAME.test(env)) return problem({ kind: 'not-a-name', word: env });
  if (second?.toLowerCase() !== 'until') {
    const reason = words.slice(1);
    return reason.length === 0
      ? problem({ kind: 'reason-missing' })
      : found({ name: 'freeze', env, until: null, reason: reasonOf(reason) });
  }
  if (third === undefined) return problem({ kind: 'value-missing', word: second });
  const until = parseUntil(third);
  if (until === null) return problem({ kind: 'not-a-time', word: third });
  if (rest.length === 0) return problem({ kind: 'reason-missing' });
  return found({ name: 'freeze', env, until, reason: reasonOf(rest) });
}

function unfreeze([env, extra]: readonly string[]): ParsedArguments {
  if (env === undefined) return problem({ kind: 'environment-missing' });
  if (!NAME.test(env)) return problem({ kind: 'not-a-name', word: env });
  return extra === undefined ? found({ name: 'unfreeze', env }) : problem({ kind: 'too-many-words', word: extra });
}

function rollback(words: readonly string[]): ParsedArguments {
  const at = words.findIndex((word, index) => index > 0 && word.toLowerCase() === 'to');
  const [env, app = null, extra] = at < 0 ? words : words.slice(0, at);
  if (env === undefined) return problem({ kind: 'environment-missing' });
  if (extra !== undefined) return problem({ kind: 'too-many-words', word: extra });
  const strange = [env, app].find((word) => word !== null && !NAME.test(word));
  if (typeof strange === 'string') return problem({ kind: 'not-a-name', word: strange });
  if (at < 0) return found({ name: 'rollback', env, app, to: null });
  return rollbackTo({ env, app }, words.slice(at + 1));
}

function rollbackTo(
  target: { readonly env: string; readonly app: string | null },
  [to, beyond]: readonly string[],
): ParsedArguments {
  if (to === undefined) return problem({ kind: 'value-missing', word: 'to' });
  if (beyond !== undefined) return problem({ kind: 'too-many-words', word: beyond });
  return VERSION.test(to) ? found({ name: 'rollback', ...target, to }) : problem({ kind: 'not-a-name', word: to });
}
