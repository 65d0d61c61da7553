/** What guards a branch, and what the bot was given: read for `lockkeeper doctor` only. What the account may not see is `unknown`. */
import type { BotGrants, BranchGuards } from '../core/doctor/examine.js';
import type { RepositoryId } from '../core/ids.js';

export interface Guards {
  ofBranch(repository: RepositoryId, branch: string): Promise<BranchGuards>;
  ofBot(repository: RepositoryId): Promise<BotGrants>;
}
