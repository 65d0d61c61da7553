/** Users and members as GitLab shows them. */

import type { AccessLevel } from '../forge/access-level.js';
import type { User } from '../forge/state.js';
import { accessLevelNumber } from './access-levels.js';
import type { GitlabUrls } from './gitlab-urls.js';

/** `UserBasic`: authors, assignees, members. */
export function presentUser(user: User, urls: GitlabUrls) {
  return {
    id: user.id,
    username: user.login,
    // People of the simulation have made theirs public.
    public_email: user.email,
    name: user.name,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: urls.user(user.login),
  };
}

/** `GET /user` and `GET /users/:id`: more, and the e-mail address only to the user. */
export function presentFullUser(user: User, urls: GitlabUrls, reader: User) {
  return {
    ...presentUser(user, urls),
    created_at: user.createdAt.toISOString(),
    bio: '',
    bot: user.kind === 'bot',
    location: null,
    organization: '',
    job_title: '',
    website_url: '',
    followers: 0,
    following: 0,
    ...(user.id === reader.id
      ? {
          email: user.email,
          commit_email: user.email,
          can_create_group: true,
          can_create_project: true,
          two_factor_enabled: false,
          external: false,
          private_profile: false,
          is_admin: false,
          namespace_id: user.id,
          projects_limit: 0,
          identities: [],
          confirmed_at: user.createdAt.toISOString(),
          last_sign_in_at: user.createdAt.toISOString(),
          current_sign_in_at: user.createdAt.toISOString(),
          last_activity_on: user.createdAt.toISOString().slice(0, 10),
        }
      : {}),
  };
}

export function presentMember(user: User, level: AccessLevel, urls: GitlabUrls) {
  return {
    ...presentUser(user, urls),
    access_level: accessLevelNumber(level),
    created_at: user.createdAt.toISOString(),
    expires_at: null,
    membership_state: 'active',
  };
}

/** `user` of a webhook: no link, and the e-mail address redacted as for people without a public one. */
export function presentHookUser(user: User) {
  return {
    id: user.id,
    name: user.name,
    username: user.login,
    avatar_url: null,
    email: '[REDACTED]',
  };
}
