/** Reviews (GitHub) and approvals (GitLab). */
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Outcome } from './refusal.js';
import { done, notFound, refused } from './refusal.js';
import type { PullRequest, Review } from './state.js';

export interface NewReview {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
  readonly state: 'approved' | 'changes-requested' | 'commented';
  readonly body?: string;
  /** GitHub: the commit reviewed. The head when not given. */
  readonly commitSha?: string;
}

export class Reviews {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
  ) {}

  /**
   * Needs read permission on GitHub (a reader's approval is recorded but counts for nothing: {@link counting}), write on
   * GitLab for approvals. On GitHub authors don't approve their own pull requests (`own-pull-request`); GitLab's Free tier
   * lets them.
   */
  submit(review: NewReview): Outcome<Review> {
    const need = this.state.options.dialect === 'gitlab' && review.state === 'approved' ? 'write' : 'read';
    const allowed = this.people.require(review.repository, review.actor, need);
    if (!allowed.ok) return allowed;
    const pullRequest = this.state.pullRequest(review.repository, review.number);
    if (!pullRequest.ok) return pullRequest;
    const ownRefused = this.state.options.dialect === 'github' && review.state !== 'commented';
    if (ownRefused && pullRequest.value.author === review.actor) {
      const what = review.state === 'approved' ? 'approve' : 'request changes on';
      return refused({ kind: 'own-pull-request', message: `Can not ${what} your own pull request` });
    }
    const now = this.state.now();
    const added: Review = {
      id: this.state.nextId(),
      repository: review.repository,
      number: review.number,
      author: review.actor,
      state: review.state,
      body: review.body ?? '',
      commitSha: review.commitSha ?? pullRequest.value.headSha,
      submittedAt: now,
    };
    this.state.reviews.set(added.id, added);
    this.state.changePullRequest(pullRequest.value, { updatedAt: now });
    this.happened(added, review.actor, 'submitted');
    return done(added);
  }

  /** GitHub: needs write permission. A dismissed review stays in the list. */
  dismiss(dismissal: { readonly actor: string; readonly reviewId: number; readonly message: string }): Outcome<Review> {
    const review = this.state.reviews.get(dismissal.reviewId);
    if (review === undefined) return notFound('review');
    const allowed = this.people.require(review.repository, dismissal.actor, 'write');
    if (!allowed.ok) return allowed;
    return done(this.setDismissed(review, dismissal.actor));
  }

  /** GitLab's unapprove: the person's approvals are gone. Not found when there is none. */
  withdraw(withdrawal: {
    readonly repository: string;
    readonly number: number;
    readonly actor: string;
  }): Outcome<void> {
    const mine = this.of(withdrawal.repository, withdrawal.number).filter(
      (one) => one.author === withdrawal.actor && one.state === 'approved',
    );
    if (mine.length === 0) return notFound('approval');
    for (const review of mine) {
      this.state.reviews.delete(review.id);
      this.happened(review, withdrawal.actor, 'withdrawn');
    }
    return done(undefined);
  }

  /** Oldest first. */
  of(repository: string, number: number): readonly Review[] {
    return [...this.state.reviews.values()].filter((one) => one.repository === repository && one.number === number);
  }

  /** Everybody's last word that is an opinion (approved, changes requested, dismissed), of people with write permission. */
  counting(repository: string, number: number): readonly Review[] {
    const last = new Map<string, Review>();
    for (const review of this.of(repository, number)) {
      if (review.state !== 'commented') last.set(review.author, review);
    }
    return [...last.values()].filter((one) => this.people.require(repository, one.author, 'write').ok);
  }

  /** Called when the head has moved: dismisses (GitHub) or removes (GitLab) approvals where the rules say so. */
  headMoved(pullRequest: PullRequest, actor: string, rule: 'keep' | 'dismiss' | 'remove'): void {
    if (rule === 'keep') return;
    for (const review of this.of(pullRequest.repository, pullRequest.number)) {
      if (review.state !== 'approved') continue;
      if (rule === 'dismiss') this.setDismissed(review, actor);
      else this.state.reviews.delete(review.id);
    }
  }

  private setDismissed(review: Review, actor: string): Review {
    const dismissed: Review = { ...review, state: 'dismissed' };
    this.state.reviews.set(review.id, dismissed);
    this.happened(dismissed, actor, 'dismissed');
    return dismissed;
  }

  private happened(review: Review, actor: string, action: 'submitted' | 'dismissed' | 'withdrawn'): void {
    this.state.emit({
      kind: 'review',
      action,
      number: review.number,
      reviewId: review.id,
      state: review.state,
      at: this.state.now(),
      actor,
      repository: review.repository,
    });
  }
}
