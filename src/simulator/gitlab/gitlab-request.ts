/** One API request on the simulated GitLab: who asks, for which project, with what; and what is answered. */

import type { AccessLevel } from '../forge/access-level.js';
import { atLeast } from '../forge/access-level.js';
import type { Forge } from '../forge/forge.js';
import type { Outcome, Refusal } from '../forge/refusal.js';
import type { PullRequest, Repository, User } from '../forge/state.js';
import type { GitRepository } from '../git/git-repository.js';
import { badRequest, forbidden, notFound, refuse, unauthorized } from './gitlab-answer.js';
import type { GitlabInput } from './gitlab-input.js';
import type { GitlabUrls } from './gitlab-urls.js';
import { paginate } from './paginate.js';

export interface GitlabAnswer {
  readonly status: number;
  /** Undefined: no body (204). A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type GitlabHandler = (request: GitlabRequest) => Promise<GitlabAnswer> | GitlabAnswer;

export interface GitlabRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Below `/api/v4`, with `:name` parameters. */
  readonly path: string;
  readonly handle: GitlabHandler;
}

export function ok(body: unknown): GitlabAnswer {
  return { status: 200, body };
}

export function created(body: unknown): GitlabAnswer {
  return { status: 201, body };
}

export function noContent(): GitlabAnswer {
  return { status: 204, body: undefined };
}

/** A refusal of the state in GitLab's usual words; routes whose words differ look at the refusal first. */
export function refuseAs(refusal: Refusal): never {
  switch (refusal.kind) {
    case 'not-found':
      return notFound(titled(refusal.what));
    case 'forbidden':
      return forbidden();
    case 'invalid':
      return refuse(400, { [refusal.field]: [refusal.message] });
    case 'already-exists':
      return refuse(409, [refusal.message]);
    case 'head-moved':
      return refuse(409, `SHA does not match HEAD of source branch: ${refusal.actual}`);
    case 'not-fast-forward':
      return refuse(400, 'Could not update refs. Please refresh and try again.');
    case 'protected-branch':
      return forbidden('You are not allowed to push into this branch');
    case 'merge-conflict':
      return refuse(422, 'Branch cannot be merged');
    case 'not-mergeable':
      return refuse(405, '405 Method Not Allowed');
    case 'own-pull-request':
      return unauthorized();
  }
}

export function valueOf<T>(outcome: Outcome<T>): T {
  return outcome.ok ? outcome.value : refuseAs(outcome.refusal);
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ['repository', 'Project'],
  ['pull request', 'Not found'],
]);

function titled(what: string): string {
  return TITLES.get(what) ?? what.charAt(0).toUpperCase() + what.slice(1);
}

export class GitlabRequest {
  constructor(
    readonly forge: Forge,
    readonly urls: GitlabUrls,
    private readonly call: {
      readonly actor: User | undefined;
      readonly parameters: Readonly<Record<string, string>>;
      readonly input: GitlabInput;
      readonly url: URL;
    },
  ) {}

  get input(): GitlabInput {
    return this.call.input;
  }

  /** The user the token belongs to; without one nothing is shown. */
  get actor(): User {
    return this.call.actor ?? unauthorized();
  }

  parameter(name: string): string {
    return this.call.parameters[name] ?? '';
  }

  integerParameter(name: string): number {
    const number = Number(this.parameter(name));
    return Number.isInteger(number) ? number : badRequest(`${name} is invalid`);
  }

  /** An account by login; one that is unknown to the tables is a bug. */
  readonly userOf = (login: string): User => {
    const user = this.forge.state.users.get(login);
    if (user === undefined) throw new Error(`no user ${login}`);
    return user;
  };

  levelIn(repository: Repository): AccessLevel {
    return this.forge.people.accessTo(repository.fullName, this.actor.login);
  }

  /** The project of `:id`, a number or a path. One the reader can't see is not found, as GitLab does. */
  project(): Repository {
    const id = this.parameter('id');
    const all = [...this.forge.state.repositories.values()];
    const found = all.find((one) => String(one.id) === id || one.fullName === id);
    if (found === undefined || this.levelIn(found) === 'none') return notFound('Project');
    return found;
  }

  /** What a merge request made in `source` aims at: the project itself, or the one that it is a fork of. */
  targetProject(source: Repository): Repository {
    const id = this.input.text('target_project_id');
    if (id === undefined || id === String(source.id)) return source;
    const found = [...this.forge.state.repositories.values()].find((one) => String(one.id) === id);
    const isTarget = found !== undefined && found.fullName === source.forkOf && this.levelIn(found) !== 'none';
    return isTarget ? found : notFound('Project');
  }

  /** The project, when the reader has at least this level in it. */
  projectFor(need: AccessLevel): Repository {
    const repository = this.project();
    return atLeast(this.levelIn(repository), need) ? repository : forbidden();
  }

  git(repository: Repository): GitRepository {
    return this.forge.state.git(repository.fullName);
  }

  mergeRequest(repository: Repository): PullRequest {
    const found = this.forge.state.pullRequest(repository.fullName, this.integerParameter('iid'));
    return found.ok ? found.value : notFound();
  }

  /** One page of a list, shown item by item. */
  async page<T>(items: readonly T[], present: (item: T) => unknown): Promise<GitlabAnswer> {
    const page = paginate(items, { url: this.call.url });
    return { status: 200, headers: page.headers, body: await Promise.all(page.items.map(present)) };
  }
}
