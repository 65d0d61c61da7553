/** What the GitHub adapter is told by whoever starts the program. */
import type { WriteLimit } from '../../core/traffic/write-budget.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { Metrics } from '../../ports/metrics.js';
import type { Cache } from '../../ports/store.js';

export type GithubAuth =
  | { readonly kind: 'app'; readonly appId: number; readonly privateKey: string }
  /** Of an account of the bot's own, or of a person who tries things out. */
  | { readonly kind: 'token'; readonly token: string };

export interface GithubSettings {
  readonly auth: GithubAuth;
  readonly webhookSecret: string;
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly apiUrl?: string;
  /** `forge`: writes are spaced out as GitHub asks (1 s, comments and merges 3 s). `none`: for a forge of one's own. */
  readonly pace?: 'forge' | 'none';
  /** How many writes one account may send; GitHub's own limits when absent, and none at the pace `none`. */
  readonly limits?: readonly WriteLimit[];
  /** By which writes are counted; the machine's when absent. */
  readonly clock?: Clock;
  /** Milliseconds that one request may take; 30,000 when absent. */
  readonly timeout?: number;
  /** `owner/name`s to which the bot is confined; absent: all that it was given. */
  readonly repositories?: readonly string[];
  /** Where answers are kept with their ETags, so that reads can be conditional; absent: none are. Their content is as private as the repositories. */
  readonly answers?: Cache;
  readonly log: Log;
  /** Told of every answer; absent where nobody counts. */
  readonly metrics?: Pick<Metrics, 'forgeAnswered'>;
}
