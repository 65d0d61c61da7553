/** The tables of the forge, its clock, its counters, its git repositories and its listeners. Only verbs in this folder write to the tables. */
import type { GitRepository } from '../git/git-repository.js';
import type { CheckRun, CommitStatus, Job, Pipeline } from './commit-reports.js';
import type { ForgeEvent } from './events.js';
import type { Outcome } from './refusal.js';
import { done, notFound } from './refusal.js';
import type {
  App,
  Comment,
  Organisation,
  PullRequest,
  Reaction,
  Repository,
  Review,
  Team,
  Token,
  User,
  Webhook,
} from './state.js';

export interface ForgeOptions {
  readonly dialect: 'github' | 'gitlab';
  readonly now: () => Date;
  /** Bare repositories live in `<dataDirectory>/<owner>/<name>.git`. */
  readonly dataDirectory: string;
}

export type ForgeListener = (event: ForgeEvent) => void;

export class ForgeState {
  /** By login. */
  readonly users = new Map<string, User>();
  /** By login. */
  readonly organisations = new Map<string, Organisation>();
  /** By `organisation/slug`. */
  readonly teams = new Map<string, Team>();
  /** By the token itself. */
  readonly tokens = new Map<string, Token>();
  /** By slug. */
  readonly apps = new Map<string, App>();
  readonly webhooks = new Map<number, Webhook>();
  /** By `owner/name`. */
  readonly repositories = new Map<string, Repository>();
  /** By {@link pullRequestKey}. */
  readonly pullRequests = new Map<string, PullRequest>();
  readonly comments = new Map<number, Comment>();
  readonly reactions = new Map<number, Reaction>();
  readonly reviews = new Map<number, Review>();
  readonly checkRuns = new Map<number, CheckRun>();
  readonly statuses = new Map<number, CommitStatus>();
  readonly pipelines = new Map<number, Pipeline>();
  readonly jobs = new Map<number, Job>();

  private readonly gitRepositories = new Map<string, GitRepository>();
  private readonly numbers = new Map<string, number>();
  private readonly listeners: ForgeListener[] = [];
  private lastId = 1000;

  constructor(readonly options: ForgeOptions) {}

  /** To whole milliseconds; GitHub's dialect shows whole seconds. */
  now(): Date {
    return this.options.now();
  }

  /** One counter for ids of everything. */
  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** The next of a row of numbers that starts at 1: pull requests of a repository, its pipelines' iids. */
  nextNumber(row: string): number {
    const next = (this.numbers.get(row) ?? 0) + 1;
    this.numbers.set(row, next);
    return next;
  }

  emit(event: ForgeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Listeners are called in the order of subscription, at once, and must not throw. */
  subscribe(listener: ForgeListener): void {
    this.listeners.push(listener);
  }

  addGit(repository: string, git: GitRepository): void {
    this.gitRepositories.set(repository, git);
  }

  /** The git repository of a repository that exists; asking for another is a bug. */
  git(repository: string): GitRepository {
    const git = this.gitRepositories.get(repository);
    if (git === undefined) throw new Error(`no git repository for ${repository}`);
    return git;
  }

  repository(fullName: string): Outcome<Repository> {
    const found = this.repositories.get(fullName);
    return found === undefined ? notFound('repository') : done(found);
  }

  pullRequest(repository: string, number: number): Outcome<PullRequest> {
    const found = this.pullRequests.get(pullRequestKey(repository, number));
    return found === undefined ? notFound('pull request') : done(found);
  }

  /** Adds or replaces the record of a pull request. */
  putPullRequest(pullRequest: PullRequest): PullRequest {
    this.pullRequests.set(pullRequestKey(pullRequest.repository, pullRequest.number), pullRequest);
    return pullRequest;
  }

  /**
   * Changes fields of a pull request as it is now. What the caller read before it awaited something may be old: labels
   * or comments that came meanwhile must not be undone.
   */
  changePullRequest(which: Pick<PullRequest, 'repository' | 'number'>, change: Partial<PullRequest>): PullRequest {
    const current = this.pullRequests.get(pullRequestKey(which.repository, which.number));
    if (current === undefined) throw new Error(`no pull request ${which.repository}#${which.number}`);
    return this.putPullRequest({ ...current, ...change });
  }

  /** Of every repository whose head or base branch is in this one; oldest first. */
  pullRequestsTouching(repository: string): readonly PullRequest[] {
    return [...this.pullRequests.values()].filter(
      (one) => one.repository === repository || one.headRepository === repository,
    );
  }

  /** Oldest first. */
  pullRequestsOf(repository: string): readonly PullRequest[] {
    return [...this.pullRequests.values()].filter((one) => one.repository === repository);
  }
}

export function pullRequestKey(repository: string, number: number): string {
  return `${repository}#${number}`;
}
