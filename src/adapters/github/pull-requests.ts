/** Pull requests on GitHub. */
import type { AttributedCommit, PullRequest, Review } from '../../core/forge-objects.js';
import type { Instant, RepositoryId } from '../../core/ids.js';
import { lastMerged, MOST_PAGES, needsMore, type MergedPullRequest } from '../../core/last-merged.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type {
  Glance,
  MergeOutcome,
  MergeRequest,
  NewPullRequest,
  PullRequests,
  UpdateOutcome,
} from '../../ports/pull-requests.js';
import { updateRefusal } from './update-outcome.js';
import { ask, askOrNull, holdLane, once, placeOf, type Clients } from './client.js';
import { isAmbiguous, isGithubFailure, problemOf, wordsOf } from './errors.js';
import { attributedFrom, instantOf, mergedFrom, pullRequestFrom, reviewsFrom } from './from-github.js';
import type { JobMemory, ShownPullRequest } from './job-memory.js';
import { decideMergeOutcome, type MergeAnswer } from './merge-outcome.js';
import { writing } from './spend-writes.js';

/** More than are touched between two sweeps, and few enough that the answer is kept. */
const GLANCE = 30;

export class GithubPullRequests implements PullRequests {
  /** `job`: null where nothing is noted. */
  constructor(
    private readonly clients: Clients,
    private readonly job: JobMemory | null,
  ) {}

  async read(repository: RepositoryId, number: number): Promise<PullRequest | null> {
    const answer = await askOrNull(`read pull request ${named(repository, number)}`, async () => {
      const client = await this.clients.of(repository);
      return client.rest.pulls.get({ ...placeOf(repository), pull_number: number });
    });
    return answer === null ? null : this.shown(repository, answer.data);
  }

  async listOpen(repository: RepositoryId): Promise<readonly PullRequest[] | null> {
    return askOrNull(`list the open pull requests of ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      const found = await client.paginate(client.rest.pulls.list, {
        ...placeOf(repository),
        state: 'open',
        sort: 'created',
        direction: 'asc',
        per_page: 100,
      });
      return found.map((one) => this.shown(repository, one));
    });
  }

  async listUpdatedSince(repository: RepositoryId, since: Instant): Promise<readonly PullRequest[]> {
    // GitHub shows whole seconds, cut off.
    const from = Math.floor(since / 1000) * 1000;
    return ask(`list the recent pull requests of ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      const query = {
        ...placeOf(repository),
        state: 'all',
        sort: 'updated',
        direction: 'desc',
        per_page: 100,
      } as const;
      const found = new Map<number, PullRequest>();
      for await (const page of client.paginate.iterator(client.rest.pulls.list, query)) {
        const recent = page.data.filter((one) => instantOf(one.updated_at) >= from);
        // One that is touched meanwhile moves to the front and pushes others onto the next page: seen twice, never missed.
        for (const one of recent) found.set(one.number, this.shown(repository, one));
        if (recent.length < page.data.length) break;
      }
      return [...found.values()];
    });
  }

  async lastMerged(
    repository: RepositoryId,
    { base, most }: { readonly base: string; readonly most: number },
  ): Promise<readonly MergedPullRequest[]> {
    return ask(`list the merged pull requests of ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      const query = {
        ...placeOf(repository),
        state: 'closed',
        base,
        sort: 'updated',
        direction: 'desc',
        per_page: 100,
      } as const;
      const found: MergedPullRequest[] = [];
      let pages = 0;
      for await (const { data } of client.paginate.iterator(client.rest.pulls.list, query)) {
        pages += 1;
        found.push(...data.flatMap((one) => mergedFrom(repository, one)));
        const last = data.at(-1);
        if (pages === MOST_PAGES || last === undefined) break;
        if (!needsMore(found, { most, touched: instantOf(last.updated_at) })) break;
      }
      return lastMerged(found, most);
    });
  }

  /** Each pull request bears a description of the repository as it is now, with the time of the last push to any branch. */
  async glance(repository: RepositoryId): Promise<Glance | null> {
    const answer = await askOrNull(`list the latest pull requests of ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      const query = { state: 'all', sort: 'updated', direction: 'desc', per_page: GLANCE } as const;
      return client.rest.pulls.list({ ...placeOf(repository), ...query });
    });
    if (answer === null) return null;
    const pushedAt = answer.data[0]?.base.repo.pushed_at ?? null;
    return {
      pullRequests: answer.data.map((one) => this.shown(repository, one)),
      extent: answer.data.length < GLANCE ? 'all' : 'latest',
      pushedAt: pushedAt === null ? null : instantOf(pushedAt),
    };
  }

  async reviews(repository: RepositoryId, number: number): Promise<readonly Review[]> {
    return ask(`list the reviews of ${named(repository, number)}`, async () => {
      const client = await this.clients.of(repository);
      const query = { ...placeOf(repository), pull_number: number, per_page: 100 };
      return reviewsFrom(await client.paginate(client.rest.pulls.listReviews, query));
    });
  }

  /** GitHub lists the first 250. */
  async commits(repository: RepositoryId, number: number): Promise<readonly AttributedCommit[]> {
    return ask(`list the commits of ${named(repository, number)}`, async () => {
      const client = await this.clients.of(repository);
      const query = { ...placeOf(repository), pull_number: number, per_page: 100 };
      return (await client.paginate(client.rest.pulls.listCommits, query)).map(attributedFrom);
    });
  }

  async open(lock: LaneLock, request: NewPullRequest): Promise<PullRequest> {
    const what = `open a pull request from ${request.head} to ${request.base} in ${request.repository.path}`;
    const client = await ask(what, () => this.clients.of(request.repository));
    const { head, base, title, body } = request;
    await holdLane(lock);
    try {
      const { data } = await client.rest.pulls.create({
        ...placeOf(request.repository),
        head,
        base,
        title,
        body,
        ...once,
      });
      return await this.label(lock, pullRequestFrom(request.repository, data), request.labels);
    } catch (error) {
      const mayBeThere = isAmbiguous(error) || (isGithubFailure(error) && /already exists/i.test(wordsOf(error)));
      const there = mayBeThere ? await this.openFor(request) : null;
      if (there === null) throw problemOf(what, error, Date.now());
      return isAmbiguous(error) ? this.label(lock, there, request.labels) : there;
    }
  }

  async edit(
    lock: LaneLock,
    pullRequest: PullRequest,
    change: { readonly title?: string; readonly body?: string },
  ): Promise<void> {
    await this.update(lock, pullRequest, change);
  }

  async close(lock: LaneLock, pullRequest: PullRequest): Promise<void> {
    await this.update(lock, pullRequest, { state: 'closed' });
  }

  async merge(lock: LaneLock, request: MergeRequest): Promise<MergeOutcome> {
    const { repository, number } = request;
    const what = `merge ${named(repository, number)}`;
    const client = await ask(what, () => this.clients.of(repository));
    await holdLane(lock);
    let answer: MergeAnswer | null = null;
    try {
      const { status, data } = await client.rest.pulls.merge({
        ...placeOf(repository),
        pull_number: number,
        sha: request.expectedHead,
        merge_method: request.method,
        commit_title: request.title,
        commit_message: request.message,
        ...writing('merge'),
      });
      answer = { status, words: data.message };
    } catch (error) {
      if (!isAmbiguous(error)) {
        const refusal = refusalOf(what, error);
        if ('kind' in refusal) return refusal;
        answer = refusal;
      }
    }
    const after = await this.read(repository, number);
    if (after === null) return { kind: 'not-allowed', reason: 'the pull request is not there' };
    const outcome = decideMergeOutcome(request, after, answer);
    // Without an answer it may still happen: the next look at the pull request tells.
    if (outcome === null) throw new Unavailable(`GitHub was asked to ${what} and did not say what became of it`);
    return outcome;
  }

  async bringUpToDate(lock: LaneLock, { repository, number, head }: PullRequest): Promise<UpdateOutcome> {
    const what = `bring ${named(repository, number)} up to date`;
    const client = await ask(what, () => this.clients.of(repository));
    await holdLane(lock);
    try {
      await client.rest.pulls.updateBranch({
        ...placeOf(repository),
        pull_number: number,
        expected_head_sha: head.sha,
        ...writing('merge'),
      });
      return { kind: 'asked' };
    } catch (error) {
      const refusal = updateRefusal(error);
      if (refusal === null) throw problemOf(what, error, Date.now());
      return refusal;
    }
  }

  private async update(
    lock: LaneLock,
    { repository, number }: PullRequest,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'closed' },
  ): Promise<void> {
    const verb = change.state === 'closed' ? 'close' : 'edit';
    await ask(`${verb} pull request ${named(repository, number)}`, async () => {
      const client = await this.clients.of(repository);
      await holdLane(lock);
      await client.rest.pulls.update({ ...placeOf(repository), pull_number: number, ...change, ...once });
    });
  }

  private async label(lock: LaneLock, made: PullRequest, labels: readonly string[]): Promise<PullRequest> {
    const lacking = labels.filter((one) => !made.labels.includes(one));
    if (lacking.length === 0) return made;
    return ask(`label pull request ${named(made.repository, made.number)}`, async () => {
      const client = await this.clients.of(made.repository);
      await holdLane(lock);
      const place = { ...placeOf(made.repository), issue_number: made.number };
      const { data } = await client.rest.issues.addLabels({ ...place, labels: lacking, ...writing('answer') });
      return { ...made, labels: data.map((one) => one.name) };
    });
  }

  private shown(repository: RepositoryId, data: ShownPullRequest): PullRequest {
    this.job?.noteRepository(repository, data.base.repo);
    return pullRequestFrom(repository, data);
  }

  private async openFor(request: NewPullRequest): Promise<PullRequest | null> {
    return ask(`find the pull request from ${request.head} in ${request.repository.path}`, async () => {
      const client = await this.clients.of(request.repository);
      const place = placeOf(request.repository);
      const { data } = await client.rest.pulls.list({
        ...place,
        state: 'open',
        head: `${place.owner}:${request.head}`,
        base: request.base,
      });
      const [found] = data.filter((one) => one.head.ref === request.head && one.base.ref === request.base);
      return found === undefined ? null : pullRequestFrom(request.repository, found);
    });
  }
}

/** A refusal to be explained by looking at the pull request, or one that needs no look. Rate limits are thrown. */
function refusalOf(what: string, error: unknown): MergeAnswer | Extract<MergeOutcome, { kind: 'not-allowed' }> {
  const problem = problemOf(what, error, Date.now());
  if (problem instanceof Forbidden) return { kind: 'not-allowed', reason: problem.message };
  if (problem instanceof Unavailable || !isGithubFailure(error)) throw problem;
  return { status: error.status, words: wordsOf(error) };
}

function named(repository: RepositoryId, number: number): string {
  return `${repository.path}#${number}`;
}
