/** Comments on pull requests and reactions to them. */
import { createHash } from 'node:crypto';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Outcome } from './refusal.js';
import { done, invalid, notFound, refused } from './refusal.js';
import type { Comment, Reaction } from './state.js';

/** GitHub refuses longer ones with "Body is too long (maximum is 65536 characters)"; GitLab's limit is 1,000,000. */
export const commentLimits = { github: 65_536, gitlab: 1_000_000 } as const;

interface NewComment {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
  readonly body: string;
  /** GitLab: answer in this discussion. */
  readonly discussionId?: string;
  /** GitLab: the forge's own note. */
  readonly system?: boolean;
}

export interface ReactionTarget {
  readonly repository: string;
  readonly number: number;
  readonly commentId?: number;
}

export class Comments {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
  ) {}

  /** Needs read permission, as on both forges for whoever sees the repository. */
  add(comment: NewComment): Outcome<Comment> {
    const allowed = this.people.require(comment.repository, comment.actor, 'read');
    if (!allowed.ok) return allowed;
    const pullRequest = this.state.pullRequest(comment.repository, comment.number);
    if (!pullRequest.ok) return pullRequest;
    const problem = this.bodyProblem(comment.body) ?? this.quickActionProblem(comment);
    if (problem !== undefined) return problem;
    if (comment.discussionId !== undefined && !this.hasDiscussion(comment, comment.discussionId))
      return notFound('discussion');
    const id = this.state.nextId();
    const now = this.state.now();
    const added: Comment = {
      id,
      repository: comment.repository,
      number: comment.number,
      author: comment.actor,
      body: comment.body,
      system: comment.system ?? false,
      discussionId: comment.discussionId ?? createHash('sha1').update(`discussion ${id}`).digest('hex'),
      createdAt: now,
      updatedAt: now,
    };
    this.state.comments.set(id, added);
    this.state.changePullRequest(pullRequest.value, { updatedAt: now });
    this.happened(added, comment.actor, 'created');
    return done(added);
  }

  /**
   * GitLab takes lines such as `/merge` out of people's notes and runs them itself: no bot ever sees them. Running them is not simulated;
   * the note is refused, so that nobody relies on what could not be read.
   */
  private quickActionProblem(comment: NewComment): ReturnType<typeof invalid> | undefined {
    const action = /^\/(merge|approve|unapprove|rebase|close|reopen|draft|ready)\b/m.exec(comment.body)?.[0];
    if (this.state.options.dialect !== 'gitlab' || comment.system === true || action === undefined) return undefined;
    const message = `Body holds ${action}, GitLab's own quick action: address the bot, as in @lockkeeper ${action}`;
    return invalid('Note', 'body', message);
  }

  /** The author may; so may somebody with write permission (GitHub) — GitLab: maintain. */
  edit(edit: { readonly actor: string; readonly id: number; readonly body: string }): Outcome<Comment> {
    const found = this.changeable(edit.actor, edit.id);
    if (!found.ok) return found;
    const problem = this.bodyProblem(edit.body);
    if (problem !== undefined) return problem;
    const changed: Comment = { ...found.value, body: edit.body, updatedAt: this.state.now() };
    this.state.comments.set(edit.id, changed);
    this.happened(changed, edit.actor, 'edited', found.value.body);
    return done(changed);
  }

  delete(deletion: { readonly actor: string; readonly id: number }): Outcome<Comment> {
    const found = this.changeable(deletion.actor, deletion.id);
    if (!found.ok) return found;
    this.state.comments.delete(deletion.id);
    for (const reaction of this.reactionsTo({ ...found.value, commentId: deletion.id }))
      this.state.reactions.delete(reaction.id);
    this.happened(found.value, deletion.actor, 'deleted');
    return found;
  }

  get(repository: string, id: number): Outcome<Comment> {
    const found = this.state.comments.get(id);
    return found === undefined || found.repository !== repository ? notFound('comment') : done(found);
  }

  /** Oldest first, system notes included. */
  of(repository: string, number: number): readonly Comment[] {
    return [...this.state.comments.values()].filter((one) => one.repository === repository && one.number === number);
  }

  /** Needs read permission. The same person's same reaction twice is one: `existed` tells. */
  react(
    target: ReactionTarget & { readonly actor: string; readonly name: string },
  ): Outcome<{ readonly reaction: Reaction; readonly existed: boolean }> {
    const allowed = this.people.require(target.repository, target.actor, 'read');
    if (!allowed.ok) return allowed;
    const there = this.targetExists(target);
    if (!there.ok) return there;
    const existing = this.reactionsTo(target).find((one) => one.author === target.actor && one.name === target.name);
    if (existing !== undefined) return done({ reaction: existing, existed: true });
    const reaction: Reaction = {
      id: this.state.nextId(),
      repository: target.repository,
      number: target.number,
      ...(target.commentId === undefined ? {} : { commentId: target.commentId }),
      name: target.name,
      author: target.actor,
      createdAt: this.state.now(),
    };
    this.state.reactions.set(reaction.id, reaction);
    this.state.emit({
      kind: 'reaction',
      action: 'added',
      reaction,
      at: reaction.createdAt,
      actor: target.actor,
      repository: target.repository,
    });
    return done({ reaction, existed: false });
  }

  /** Only its author takes a reaction back. */
  removeReaction(actor: string, id: number): Outcome<void> {
    const reaction = this.state.reactions.get(id);
    if (reaction === undefined) return notFound('reaction');
    if (reaction.author !== actor)
      return refused({ kind: 'forbidden', need: 'author', message: 'only its author may remove a reaction' });
    this.state.reactions.delete(id);
    this.state.emit({
      kind: 'reaction',
      action: 'removed',
      reaction,
      at: this.state.now(),
      actor,
      repository: reaction.repository,
    });
    return done(undefined);
  }

  /** Oldest first. Without `commentId`: those on the pull request itself. */
  reactionsTo(target: ReactionTarget): readonly Reaction[] {
    return [...this.state.reactions.values()].filter(
      (one) =>
        one.repository === target.repository && one.number === target.number && one.commentId === target.commentId,
    );
  }

  private bodyProblem(body: string): ReturnType<typeof invalid> | undefined {
    const limit = commentLimits[this.state.options.dialect];
    if (body.trim() === '') return invalid('IssueComment', 'body', "Body can't be blank");
    if (body.length > limit)
      return invalid('IssueComment', 'body', `Body is too long (maximum is ${limit} characters)`);
    return undefined;
  }

  private hasDiscussion(comment: NewComment, discussionId: string): boolean {
    return this.of(comment.repository, comment.number).some((one) => one.discussionId === discussionId);
  }

  private changeable(actor: string, id: number): Outcome<Comment> {
    const comment = this.state.comments.get(id);
    if (comment === undefined || this.people.accessTo(comment.repository, actor) === 'none') return notFound('comment');
    if (comment.author === actor && !comment.system) return done(comment);
    const allowed = this.people.require(
      comment.repository,
      actor,
      this.state.options.dialect === 'github' ? 'write' : 'maintain',
    );
    if (!allowed.ok || comment.system)
      return refused({
        kind: 'forbidden',
        need: 'author',
        message: 'only its author or a maintainer may change a comment',
      });
    return done(comment);
  }

  private targetExists(target: ReactionTarget): Outcome<unknown> {
    if (target.commentId === undefined) return this.state.pullRequest(target.repository, target.number);
    const comment = this.get(target.repository, target.commentId);
    return comment.ok && comment.value.number !== target.number ? notFound('comment') : comment;
  }

  private happened(comment: Comment, actor: string, action: 'created' | 'edited' | 'deleted', was?: string): void {
    const base = {
      kind: 'comment',
      action,
      comment,
      at: this.state.now(),
      actor,
      repository: comment.repository,
    } as const;
    this.state.emit(was === undefined ? base : { ...base, was });
  }
}
