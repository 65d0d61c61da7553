/** What every webhook builder reads: the state at the time of sending. */

import type { Forge } from '../forge/forge.js';
import type { PullRequest, Repository, User } from '../forge/state.js';
import type { Commit } from '../git/git-objects.js';
import type { GitlabUrls } from './gitlab-urls.js';

/** Undefined anywhere in a builder means that what the event was about is gone: nothing is sent then. */
export class HookContext {
  constructor(
    readonly forge: Forge,
    readonly urls: GitlabUrls,
  ) {}

  readonly userOf = (login: string): User => {
    const user = this.forge.state.users.get(login);
    if (user === undefined) throw new Error(`no user ${login}`);
    return user;
  };

  repository(fullName: string): Repository | undefined {
    return this.forge.state.repositories.get(fullName);
  }

  /** Where the pull request's head is; gone, it counts as the repository itself. */
  source(pullRequest: PullRequest, target: Repository): Repository {
    return this.repository(pullRequest.headRepository) ?? target;
  }

  pullRequest(fullName: string, number: number): PullRequest | undefined {
    const found = this.forge.state.pullRequest(fullName, number);
    return found.ok ? found.value : undefined;
  }

  commit(fullName: string, sha: string): Promise<Commit | undefined> {
    return this.forge.git(fullName).readCommit(sha);
  }
}

export type HookPayload = Readonly<Record<string, unknown>>;
