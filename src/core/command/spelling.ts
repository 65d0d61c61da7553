/**
 * How a command has to be written on a forge. GitLab takes lines that begin with its own quick actions out of a note and runs them
 * itself (docs.gitlab.com, "Quick actions"): there such a command is addressed to the bot, which no quick action is.
 */
import type { ForgeKind } from '../ids.js';
import { usageOf, type CommandName } from './commands.js';

/** Of our commands, those that are GitLab's quick actions on merge requests too. */
const GITLAB_QUICK_ACTIONS: readonly CommandName[] = ['merge', 'approve'];

export interface Speech {
  readonly forge: ForgeKind;
  /** The bot's login. */
  readonly bot: string;
}

/** `/merge` on GitHub, `@lockkeeper /merge` on GitLab. */
export function spelled(name: CommandName, speech: Speech): string {
  return addressed(name, `/${name}`, speech);
}

/** With the words that go with it: `/merge [now]`. */
export function spelledUsage(name: CommandName, speech: Speech): string {
  return addressed(name, usageOf(name), speech);
}

function addressed(name: CommandName, text: string, speech: Speech): string {
  return speech.forge === 'gitlab' && GITLAB_QUICK_ACTIONS.includes(name) ? `@${speech.bot} ${text}` : text;
}
