/**
 * Commands in a comment: whole lines of prose such as `/promote prod`. Letter case and a leading `@bot` are forgiven.
 *
 * Only what is surely meant for us is answered: our words, and words so close to one of ours that a slip of the finger explains them
 * (`/promot prod`). Other bots' commands (`/lgtm`) and paths (`/etc/hosts`) are none of our business.
 */
import { COMMANDS, usageOf, type Command, type CommandName } from './commands.js';
import { nearestName } from './nearest-name.js';
import { parseArguments, type CommandProblem } from './parse-arguments.js';
import { proseLines } from './prose-lines.js';

/** `line` counts from 1 within the comment. */
export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command; readonly line: number }
  /** `text`: the word as written, with its slash. `suggestion`: the usage of the command that was probably meant. */
  | { readonly kind: 'unknown'; readonly text: string; readonly suggestion: string | null; readonly line: number }
  | {
      readonly kind: 'malformed';
      readonly name: CommandName;
      readonly problem: CommandProblem;
      readonly usage: string;
      readonly line: number;
    }
  /** Comes last: this many further ones were not looked at. */
  | { readonly kind: 'too-many'; readonly limit: number; readonly more: number; readonly line: number };

export const MOST_COMMANDS = 10;
/** Longer lines are prose. */
const LONGEST_LINE = 500;

/** In the order of the comment. `bot`: the bot's login, with or without `[bot]`. */
export function parseCommands(body: string, bot: string): readonly ParsedCommand[] {
  const mention = `@${bot.replace(/\[bot\]$/, '')}`.toLowerCase();
  const near = nearestCommands();
  const found = proseLines(body).flatMap(({ text, line }) => {
    const parsed = text.length > LONGEST_LINE ? null : parseLine(text.trim(), { mention, near }, line);
    return parsed === null ? [] : [parsed];
  });
  const beyond = found[MOST_COMMANDS];
  if (beyond === undefined) return found;
  const more = found.length - MOST_COMMANDS;
  return [...found.slice(0, MOST_COMMANDS), { kind: 'too-many', limit: MOST_COMMANDS, more, line: beyond.line }];
}

interface Reader {
  readonly mention: string;
  readonly near: (name: string) => string | null;
}

function parseLine(text: string, { mention, near }: Reader, line: number): ParsedCommand | null {
  const words = text.split(/[ \t]+/);
  const first = words[0]?.toLowerCase().replace(/[:,]$/, '');
  const addressed = first === mention || first === `${mention}[bot]`;
  const [word = '', ...rest] = addressed ? words.slice(1) : words;
  const name = word.startsWith('/') ? word.slice(1).toLowerCase() : '';
  if (name === '') return addressed ? withoutSlash(word, rest, line) : null;
  const ours = COMMANDS.find((command) => command.name === name);
  return ours === undefined ? nearMiss(name, { word, near }, line) : withArguments(ours.name, rest, line);
}

/** `@bot merge`: surely meant for us if nothing but the slash lacks. */
function withoutSlash(word: string, rest: readonly string[], line: number): ParsedCommand | null {
  const meant = COMMANDS.find(({ name }) => name === word.toLowerCase());
  if (meant === undefined || rest.length > 2) return null;
  return { kind: 'unknown', text: word, suggestion: meant.usage, line };
}

function nearMiss(
  name: string,
  { word, near }: { readonly word: string; readonly near: Reader['near'] },
  line: number,
): ParsedCommand | null {
  // `/plan/x` is a path, `/2` a fraction.
  if (!/^[a-z][^/]*$/.test(name)) return null;
  const meant = COMMANDS.find((command) => command.name === near(name));
  return meant === undefined ? null : { kind: 'unknown', text: word, suggestion: meant.usage, line };
}

/** The same word on a thousand lines is compared once. */
function nearestCommands(): Reader['near'] {
  const names = COMMANDS.map((command) => command.name);
  const known = new Map<string, string | null>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const near = nearestName(name, names);
    known.set(name, near);
    return near;
  };
}

function withArguments(name: CommandName, words: readonly string[], line: number): ParsedCommand {
  const parsed = parseArguments(name, words);
  return parsed.kind === 'command'
    ? { ...parsed, line }
    : { kind: 'malformed', name, problem: parsed.problem, usage: usageOf(name), line };
}
