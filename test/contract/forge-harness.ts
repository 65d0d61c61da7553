/**
 * What the contract suite of the forge ports needs around an adapter: a forge it can look into and people who act on it.
 * One implementation for each dialect; the suite itself knows no dialect.
 */
import type { CheckState, Permission, Review } from '../../src/core/forge-objects.js';
import type { RepositoryId, Sha } from '../../src/core/ids.js';
import type { Forge } from '../../src/ports/forge.js';
import type { WebhookReader } from '../../src/ports/webhooks.js';

export interface ForgeHarness {
  /** As in test names: `github app`, `github token`, `gitlab`. */
  readonly name: string;
  /**
   * What this forge can't do by its own documentation; the suite then asserts the other behaviour, it leaves nothing out.
   */
  readonly differences: {
    /** A review says which commit it was given for; without: it is bound to the version in force, and dismissal shows nothing. */
    readonly reviews: 'reviews' | 'approvals';
    /** Whether the forge demands checks by name, or that every job of the pipeline succeeded. */
    readonly requiredChecks: 'named' | 'pipeline';
    readonly checks: 'check-runs' | 'statuses';
  };
  /** A fresh forge with {@link seed}, on its own port. */
  start(): Promise<ForgeWorld>;
}

/** The world every test starts from. The bot may write to `acme/config` and sees nothing of `acme/secret`. */
export const seed = {
  repository: 'acme/config',
  hidden: 'acme/secret',
  defaultBranch: 'main',
  files: {
    'README.md': '# Configuration\n',
    'apps/api/envs/dev/kustomization.yaml': 'images:\n  - name: api\n    newTag: 1.0.0\n',
    'apps/api/envs/test/kustomization.yaml': 'images:\n  - name: api\n    newTag: 0.9.0\n',
  },
  people: { alice: 'write', bob: 'write', carol: 'maintain', dan: 'read', olga: 'admin', mallory: 'none' },
  /** Members of `acme/release`. */
  team: { path: 'acme/release', members: ['alice', 'bob'] },
} as const;

export type Login = keyof typeof seed.people;

/** What a fault or a count is about, in the port's words; the harness knows the requests. */
export type Operation =
  | 'read-pull-request'
  | 'open-pull-request'
  | 'merge'
  | 'create-comment'
  | 'report-check'
  /** The one request that makes a branch point to a new commit. */
  | 'move-branch';

export type Fault =
  /** 503 without doing it. */
  | { readonly kind: 'unavailable' }
  /** 429 with `Retry-After` in seconds, without doing it. */
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  /** The forge's own words, without doing it. */
  | {
      readonly kind: 'answers';
      readonly status: number;
      readonly words: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is cut without doing it. */
  | { readonly kind: 'reset' }
  /** Done, then the connection is cut. */
  | { readonly kind: 'answer-lost' }
  /** Done, then 500. */
  | { readonly kind: 'done-then-500' }
  /** No answer within the adapter's time limit (harnesses set it to a second or two). */
  | { readonly kind: 'no-answer' };

export interface ForgeWorld {
  readonly forge: Forge;
  readonly reader: WebhookReader;
  readonly repository: RepositoryId;
  /** Who the bot is on this forge. */
  readonly botLogin: string;
  /** Adds a commit to a branch, as if pushed; makes it from the default branch when it isn't there. */
  push(login: Login, branch: string, files: Readonly<Record<string, string | null>>): Promise<Sha>;
  openPullRequest(
    login: Login,
    wanted: { readonly head: string; readonly base?: string; readonly title?: string; readonly body?: string },
  ): Promise<number>;
  closePullRequest(login: Login, number: number): Promise<void>;
  mergePullRequest(login: Login, number: number): Promise<void>;
  comment(login: Login, number: number, body: string): Promise<string>;
  editComment(login: Login, id: string, body: string): Promise<void>;
  /** On forges with approvals only, `changes-requested` and `commented` leave no review. */
  review(login: Login, number: number, state: Exclude<Review['state'], 'dismissed'>): Promise<void>;
  /** Reported by a CI that is not the bot. */
  reportCheck(sha: Sha, name: string, state: Exclude<CheckState, 'neutral'>): Promise<void>;
  protect(branch: string, rules: { readonly requiredChecks?: readonly string[]; readonly approvals?: number }): void;
  setPermission(login: Login, permission: Permission): void;
  /** Names of reactions on a comment with who gave them: `eyes by lockkeeper[bot]`. */
  reactions(commentId: string): readonly string[];
  head(branch: string): Promise<Sha | null>;
  text(ref: string, path: string): Promise<string | null>;
  bytes(ref: string, path: string): Promise<Buffer | null>;
  mode(ref: string, path: string): Promise<string | null>;
  commitAt(ref: string): Promise<{ readonly parents: readonly Sha[]; readonly message: string; readonly tree: Sha }>;
  /** The next request of this operation meets the fault; those after it don't. */
  fault(operation: Operation, fault: Fault): void;
  /** Requests of this operation so far, refused ones too. */
  requests(operation: Operation): number;
  /** Webhooks that the forge has sent, or would send, since the last call, oldest first, exactly as they go over the wire. */
  webhooks(): Promise<readonly SentWebhook[]>;
  /** The forge's clock moves on, so that what follows has a later time. Every verb of this world does so by a second, too. */
  pass(milliseconds: number): void;
  close(): Promise<void>;
}

export interface SentWebhook {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
