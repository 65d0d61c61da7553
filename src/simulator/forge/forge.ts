/**
 * The simulated forge: one state, and the verbs that change it. Both REST dialects, the pages and the control API call
 * these verbs and read these records; each turns an `Outcome`'s refusal into its own words.
 *
 * - A verb checks the actor's permission itself, changes records, and emits events ({@link ForgeState.subscribe}).
 * - Verbs that touch git are async and run one at a time for each repository.
 * - Reads of git go straight to `forge.git('owner/name')`.
 */
import { Branches } from './branches.js';
import { Checks } from './checks.js';
import { Comments } from './comments.js';
import { Commits } from './commits.js';
import type { ForgeOptions } from './forge-state.js';
import { ForgeState } from './forge-state.js';
import type { ForgeListener } from './forge-state.js';
import { MergeGroups } from './merge-groups.js';
import { Merging } from './merging.js';
import { Rebasing } from './rebasing.js';
import { People } from './people.js';
import { Pipelines } from './pipelines.js';
import { Protections } from './protections.js';
import { PullRequestLife } from './pull-request-life.js';
import { PullRequests } from './pull-requests.js';
import { Repositories } from './repositories.js';
import { Rulesets } from './rulesets.js';
import { Reviews } from './reviews.js';
import type { GitRepository } from '../git/git-repository.js';

export class Forge {
  /** The tables, to read. */
  readonly state: ForgeState;
  readonly people: People;
  readonly repositories: Repositories;
  readonly comments: Comments;
  readonly reviews: Reviews;
  readonly pipelines: Pipelines;
  readonly checks: Checks;
  readonly rulesets: Rulesets;
  readonly protections: Protections;
  readonly pullRequests: PullRequests;
  readonly branches: Branches;
  readonly commits: Commits;
  readonly merging: Merging;
  readonly rebasing: Rebasing;
  readonly mergeGroups: MergeGroups;

  constructor(options: ForgeOptions) {
    const state = new ForgeState(options);
    this.state = state;
    this.people = new People(state);
    this.repositories = new Repositories(state, this.people);
    this.comments = new Comments(state, this.people);
    this.reviews = new Reviews(state, this.people);
    this.pipelines = new Pipelines(state, this.people);
    this.checks = new Checks(state, this.people, this.pipelines);
    const { checks, reviews, pipelines } = this;
    this.rulesets = new Rulesets(state);
    const { rulesets } = this;
    this.protections = new Protections(state, this.people, { checks, reviews, pipelines, rulesets });
    const { protections } = this;
    this.pullRequests = new PullRequests(state, this.people, new PullRequestLife(state, { reviews, protections }));
    const { pullRequests } = this;
    this.branches = new Branches(state, { protections, pullRequests, pipelines });
    this.commits = new Commits(state, this.branches, protections);
    this.merging = new Merging(state, this.people, { protections, pullRequests, branches: this.branches });
    this.rebasing = new Rebasing(state, { protections, branches: this.branches });
    this.mergeGroups = new MergeGroups(state, {
      protections,
      pullRequests,
      branches: this.branches,
      unmet: (...asked) => checks.unmet(...asked),
    });
  }

  get dialect(): 'github' | 'gitlab' {
    return this.state.options.dialect;
  }

  now(): Date {
    return this.state.now();
  }

  git(repository: string): GitRepository {
    return this.state.git(repository);
  }

  subscribe(listener: ForgeListener): void {
    this.state.subscribe(listener);
  }
}
