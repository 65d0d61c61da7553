/** Makes a GitLab into the ports of a forge. */
import { Unavailable } from '../../core/problem.js';
import type { Clock } from '../../ports/clock.js';
import type { Forge } from '../../ports/forge.js';
import type { Log } from '../../ports/log.js';
import type { Metrics } from '../../ports/metrics.js';
import type { Cache } from '../../ports/store.js';
import type { WebhookReader } from '../../ports/webhooks.js';
import { gitlabChecks } from './checks.js';
import { gitlabComments } from './comments.js';
import { connect, forOneJob, type Connection } from './connection.js';
import { gitlabContents } from './contents.js';
import { gitlabGuards } from './guards.js';
import { ListedStatuses } from './listed-statuses.js';
import { gitlabPeople, userIds, type UserIds } from './people.js';
import { gitlabPullRequests } from './pull-requests.js';
import { gitlabRepositories } from './repositories.js';
import { gitlabWebhookReader } from './webhook-reader.js';

export interface GitlabSettings {
  /** `https://gitlab.example.com`, with a path if GitLab lives below one. */
  readonly url: string;
  /** Of a project, group or personal access token with the scope `api`. */
  readonly token: string;
  /** What GitLab sends as `X-Gitlab-Token`. Not looked at where there is a signing token. */
  readonly webhookSecret: string | null;
  /** `whsec_…`: then webhooks have to be signed. */
  readonly signingToken: string | null;
  /** For one request, in ms; 30 s when absent. */
  readonly timeout?: number;
  /** Full paths of the projects to serve; every one in which the bot is a developer or more when absent. */
  readonly repositories?: readonly string[];
  /** Where answers are kept with their ETags, so that reads can be conditional; absent: none are. Their content is as private as the projects. */
  readonly answers?: Cache;
  readonly clock: Clock;
  readonly log: Log;
  /** `forge`: writes keep within GitLab's limits. `none`: for a forge of one's own. `forge` when absent. */
  readonly pace?: 'forge' | 'none';
  /** Told of every answer; absent where nobody counts. */
  readonly metrics?: Pick<Metrics, 'forgeAnswered'>;
}

const DEFAULT_TIMEOUT = 30_000;

/**
 * Rejects with `Forbidden` if GitLab does not accept the token. If GitLab can't be reached now, that is logged and the forge is
 * returned: its calls reject with `Unavailable` until it can.
 */
export async function createGitlab(
  settings: GitlabSettings,
): Promise<{ readonly forge: Forge; readonly reader: WebhookReader }> {
  const { url, token, clock, log, timeout = DEFAULT_TIMEOUT } = settings;
  const answers = settings.answers === undefined ? {} : { answers: settings.answers };
  const { metrics, pace = 'forge' } = settings;
  const more = { ...(metrics === undefined ? {} : { metrics }), pace };
  const connection = connect({ url, token, timeout, clock, log, ...answers, ...more });
  await introduce(connection);
  return {
    forge: gitlabForge(connection, settings, { idOf: userIds(connection), listed: null }),
    reader: gitlabWebhookReader({
      webhookSecret: settings.webhookSecret,
      signingToken: settings.signingToken,
      clock,
      ownLogin: () => connection.knownLogin(),
    }),
  };
}

async function introduce(connection: Connection): Promise<void> {
  try {
    const login = await connection.ownLogin();
    connection.log.info({ url: connection.url, login }, 'GitLab knows the bot.');
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    connection.log.warn({ url: connection.url, reason: error.message }, 'GitLab cannot be reached yet.');
  }
}

interface ForgeParts {
  readonly idOf: UserIds;
  /** Of one job; null where every call asks. */
  readonly listed: ListedStatuses | null;
}

function gitlabForge(connection: Connection, settings: GitlabSettings, { idOf, listed }: ForgeParts): Forge {
  const { token, repositories } = settings;
  const checks = gitlabChecks(connection, listed);
  return {
    kind: 'gitlab',
    repositories: gitlabRepositories(connection, { token, allowed: repositories ?? null }),
    pullRequests: gitlabPullRequests(connection),
    comments: gitlabComments(connection),
    checks,
    guards: gitlabGuards(connection, checks),
    contents: gitlabContents(connection),
    people: gitlabPeople(connection, idOf),
    afresh: () => gitlabForge(forOneJob(connection), settings, { idOf, listed: new ListedStatuses() }),
    commitUrl: ({ webUrl }, sha) => `${webUrl}/-/commit/${sha}`,
  };
}
