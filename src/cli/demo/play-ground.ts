/** What the steps of a release act on and look at: a forge, a bot, and whoever is told. */
import type { BotApi } from './bot-api.js';
import type { ControlApi, SeenPullRequest } from './control-api.js';
import type { Narrator } from './release-events.js';
import type { Files } from './versions.js';

export interface PlayGround {
  readonly control: ControlApi;
  readonly bot: BotApi;
  readonly narrate: Narrator;
  readonly forge: 'github' | 'gitlab';
  /** The files on the default branch as they are now. */
  readonly files: Files;
}

export function filesOn(control: ControlApi, branch: string): Files {
  return { paths: () => control.files(branch), text: (path) => control.file(branch, path) };
}

export function commentUrl({ forge }: PlayGround, pull: Pick<SeenPullRequest, 'url'>, id: number): string {
  return `${pull.url}#${forge === 'github' ? 'issuecomment-' : 'note_'}${id}`;
}
