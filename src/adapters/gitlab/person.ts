/** GitLab's accounts as people. */
import type { Person } from '../../core/forge-objects.js';

/**
 * Accounts that GitLab makes for project, group and service tokens. Authors of notes and merge requests come without a `bot` mark where
 * GitLab is older than that, so their names must do: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects.
 */
const TOKEN_ACCOUNT = /^(?:project|group)_\d+_bot(?:_|$|[0-9a-f])|^service_account_/;

/** `ownLogin`: the bot's account, which is a bot however it was made. */
export function toPerson(user: { readonly username: string; readonly bot?: unknown }, ownLogin: string): Person {
  const isBot = user.username === ownLogin || user.bot === true || TOKEN_ACCOUNT.test(user.username);
  return { login: user.username, kind: isBot ? 'bot' : 'human' };
}
