/** Comments on GitHub pull requests: they are issue comments; words inside reviews are not among them. */
import type { Comment, Reaction } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { CommentEdit, CommentPlace, Comments, Written } from '../../ports/pull-requests.js';
import { ask, askOrNull, holdLane, placeOf, type Clients } from './client.js';
import { commentFrom } from './from-github.js';
import { orPutOff } from '../traffic/write-budget.js';
import { writing } from './spend-writes.js';

export class GithubComments implements Comments {
  /** "Body is too long (maximum is 65536 characters)". */
  readonly limit = 65_536;
  /** What the database column takes is 262,143 bytes; the rest is kept free. */
  readonly byteLimit = 250_000;

  constructor(private readonly clients: Clients) {}

  async list(repository: RepositoryId, number: number): Promise<readonly Comment[]> {
    return ask(`list the comments of ${repository.path}#${number}`, async () => {
      const client = await this.clients.of(repository);
      const query = { ...placeOf(repository), issue_number: number, per_page: 100 };
      return (await client.paginate(client.rest.issues.listComments, query)).map(commentFrom);
    });
  }

  /** A lost answer is `Unavailable`: whoever repeats lists first and finds the comment by its marker. */
  async create(lock: LaneLock, { repository, number }: CommentPlace, body: string): Promise<Comment> {
    return ask(`comment on ${repository.path}#${number}`, async () => {
      const client = await this.clients.of(repository);
      await holdLane(lock);
      const place = { ...placeOf(repository), issue_number: number };
      const { data } = await client.rest.issues.createComment({ ...place, body, ...writing('answer') });
      return commentFrom(data);
    });
  }

  /** A comment that somebody has deleted is `Unavailable`: the next look will not find it, and can make a new one. */
  async edit(lock: LaneLock, { repository, number }: CommentPlace, comment: CommentEdit): Promise<Written> {
    const what = `edit comment ${comment.id} of ${repository.path}#${number}`;
    const weight = comment.matters === 'words' ? 'progress' : 'result';
    return orPutOff(weight, async () => {
      const answer = await askOrNull(what, async () => {
        const client = await this.clients.of(repository);
        await holdLane(lock);
        const place = { ...placeOf(repository), comment_id: Number(comment.id) };
        return client.rest.issues.updateComment({ ...place, body: comment.body, ...writing(weight) });
      });
      if (answer === null) throw new Unavailable(`GitHub was asked to ${what}: it is gone`);
    });
  }

  /** GitHub keeps one reaction of each kind and person. A deleted comment needs no reaction any more. */
  async react(
    lock: LaneLock,
    { repository, number }: CommentPlace,
    comment: { readonly id: string; readonly reaction: Reaction },
  ): Promise<void> {
    await askOrNull(`react to comment ${comment.id} of ${repository.path}#${number}`, async () => {
      const client = await this.clients.of(repository);
      await holdLane(lock);
      const place = { ...placeOf(repository), comment_id: Number(comment.id) };
      return client.rest.reactions.createForIssueComment({ ...place, content: comment.reaction, ...writing('answer') });
    });
  }
}
