/** What every part of the GitLab adapter shares: the client, who we are there, and where it is. */
import { createHash } from 'node:crypto';
import { Gitlab } from '@gitbeaker/rest';
import type { RepositoryId } from '../../core/ids.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { Metrics } from '../../ports/metrics.js';
import type { Cache } from '../../ports/store.js';
import { WriteBudget } from '../traffic/write-budget.js';
import { isRefusal } from './gitlab-refusal.js';
import { GitlabWrites, noteLimits } from './gitlab-writes.js';
import { rateLimitOf } from './rate-limit.js';
import { sendOnce, type SendingSettings } from './send-once.js';

export type GitlabApi = Gitlab<false>;
/** What is read of https://docs.gitlab.com/api/projects/#retrieve-a-project. */
export type Project = Extract<Awaited<ReturnType<GitlabApi['Projects']['show']>>, { readonly merge_method: unknown }>;

export interface Connection {
  readonly api: GitlabApi;
  /** As it is now; on a connection for one job, as it was when that job asked first. Rejects with `GitlabRefusal` 404 where it is not there. */
  project(repository: RepositoryId): Promise<Project>;
  /** Without a slash at the end; may have a path. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked right before each write. */
  readonly writes: GitlabWrites;
  /** The bot's own login, asked for once. */
  ownLogin(): Promise<string>;
  /** Null before the first answer. */
  knownLogin(): string | null;
  /** Whether GitLab marks an account as nobody's own, whatever its name; asked for once. What can't be read counts as one. */
  isBot(userId: number): Promise<boolean>;
}

export interface ConnectionSettings {
  /** `https://gitlab.example.com`, with a path if GitLab lives below one. */
  readonly url: string;
  readonly token: string;
  /** For one request, in ms. */
  readonly timeout: number;
  /** Where answers are kept with their ETags; absent: none are. */
  readonly answers?: Cache;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'forgeAnswered'>;
  /** `none`: no write is put off. `forge` when absent. */
  readonly pace?: 'forge' | 'none';
}

/** Versions of GitLab before 13.7 have no such mark. */
async function readBotMark(api: GitlabApi, userId: number): Promise<boolean> {
  try {
    return (await api.Users.show(userId))['bot'] === true;
  } catch (error) {
    if (isRefusal(error, 401, 403, 404)) return true;
    throw error;
  }
}

function writesOf({ url, token, clock, log, answers, pace = 'forge' }: ConnectionSettings): GitlabWrites {
  const kept = answers === undefined ? {} : { cache: answers };
  return new GitlabWrites({
    notes: new WriteBudget({ forge: 'GitLab', what: 'new notes', limits: noteLimits(url), ...kept, clock, log }),
    identity: `gitlab notes ${createHash('sha256').update(token).digest('hex')}`,
    pace,
    clock,
    log,
  });
}

function listener(
  writes: GitlabWrites,
  metrics: ConnectionSettings['metrics'],
): NonNullable<SendingSettings['onAnswer']> {
  return (answer) => {
    if (answer !== null) writes.heard(answer.status, answer.headers);
    const rateLimit = answer === null ? null : rateLimitOf(answer.headers);
    metrics?.forgeAnswered('gitlab', { status: answer?.status ?? null, rateLimit });
  };
}

export function connect(settings: ConnectionSettings): Connection {
  const { token, timeout, clock, log } = settings;
  const answers = settings.answers === undefined ? {} : { answers: settings.answers };
  const url = settings.url.replace(/\/+$/, '');
  const writes = writesOf({ ...settings, url });
  const api = new Gitlab({
    host: url,
    token,
    requesterFn: sendOnce({
      timeout,
      clock,
      secrets: [token],
      ...answers,
      onAnswer: listener(writes, settings.metrics),
    }),
    // Time limits and rate limits are kept by `sendOnce` and by GitLab: Gitbeaker's own would only hide them.
    queryTimeout: null,
    rateLimits: {},
  });
  let login: string | null = null;
  const bots = new Map<number, boolean>();
  return {
    api,
    project: ({ path }) => api.Projects.show(path),
    url,
    clock,
    log,
    writes,
    async ownLogin() {
      login ??= (await api.Users.showCurrentUser()).username;
      return login;
    },
    knownLogin: () => login,
    async isBot(userId) {
      const known = bots.get(userId);
      if (known !== undefined) return known;
      const isBot = await readBotMark(api, userId);
      bots.set(userId, isBot);
      return isBot;
    },
  };
}

/** The same connection for another job, whatever it was for: a project is asked for once. */
export function forOneJob(connection: Connection): Connection {
  const asked = new Map<string, Promise<Project>>();
  return {
    ...connection,
    async project(repository) {
      const answer = asked.get(repository.path) ?? connection.api.Projects.show(repository.path);
      asked.set(repository.path, answer);
      try {
        return await answer;
      } catch (error) {
        asked.delete(repository.path);
        throw error;
      }
    },
  };
}
