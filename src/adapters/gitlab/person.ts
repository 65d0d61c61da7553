/** GitLab's accounts as people. */
import type { Person } from '../../core/forge-objects.js';

/**
 * Accounts that GitLab makes for project, group and service tokens. Authors of notes and merge requests come without a `bot` mark, so
 * their names must do: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects.
 */
const TOKEN_ACCOUNT = /^(?:project|group)_\d+_bot(?:_|$|[0-9a-f])|^service_account_/;

/** `ownLogin`: the bot's account, which is a bot however it was made. */
export function toPerson(user: { readonly username: string }, ownLogin: string): Person {
  const isBot = user.username === ownLogin || TOKEN_ACCOUNT.test(user.username);
  return { login: user.username, kind: isBot ? 'bot' : 'human' };
}
