/** GitHub as a forge: puts its ports together. */
import { createPrivateKey } from 'node:crypto';
import type { Forge } from '../../ports/forge.js';
import type { WebhookReader } from '../../ports/webhooks.js';
import { GithubChecks } from './checks.js';
import { createClients, type Clients } from './client.js';
import { GithubComments } from './comments.js';
import { GithubContents } from './contents.js';
import { GithubGuards } from './guards.js';
import { JobMemory } from './job-memory.js';
import { GithubPeople } from './people.js';
import { GithubPullRequests } from './pull-requests.js';
import { GithubRepositories, type KnownToken } from './repositories.js';
import { GithubSentWebhooks } from './sent-webhooks.js';
import type { GithubAuth, GithubSettings } from './settings.js';
import { StatusCounts } from './status-counts.js';
import { GithubWebhookReader } from './webhook-reader.js';

interface Github {
  readonly forge: Forge;
  readonly reader: WebhookReader;
}

/**
 * Reaches no network: whether GitHub accepts the credentials shows at the first question. Rejects when they can't be ones at all.
 */
export async function createGithub(settings: GithubSettings): Promise<Github> {
  if (settings.webhookSecret === '') throw new Error('The webhook secret of GitHub is empty');
  if (settings.auth.kind === 'app') checkKey(settings.auth.privateKey);
  const clients = createClients(settings);
  const { auth, log } = settings;
  const lasting: LastingParts = {
    clients,
    auth,
    people: new GithubPeople(clients),
    tokens: new Map(),
    statuses: new StatusCounts(settings.answers ?? null, log),
  };
  const self = () => lasting.people.self();
  const reader = new GithubWebhookReader({ secret: settings.webhookSecret, self, log });
  return { forge: githubForge(lasting, null), reader };
}

/** What is the same for all jobs. */
interface LastingParts {
  readonly clients: Clients;
  readonly auth: GithubAuth;
  readonly people: GithubPeople;
  readonly tokens: Map<string, KnownToken>;
  readonly statuses: StatusCounts;
}

/** `job`: null where every call asks. */
function githubForge(lasting: LastingParts, job: JobMemory | null): Forge {
  const { clients, auth, people, tokens, statuses } = lasting;
  const checks = new GithubChecks(clients, auth.kind === 'app' ? auth.appId : null, { statuses, job });
  return {
    kind: 'github',
    repositories: new GithubRepositories(clients, auth, { tokens, job }),
    pullRequests: new GithubPullRequests(clients, job),
    comments: new GithubComments(clients),
    checks,
    guards: new GithubGuards(clients, checks),
    contents: new GithubContents(clients),
    people,
    ...(auth.kind === 'app' ? { sentWebhooks: new GithubSentWebhooks(clients) } : {}),
    afresh: () => githubForge(lasting, new JobMemory()),
    commitUrl: (facts, sha) => `${facts.webUrl}/commit/${sha}`,
  };
}

function checkKey(privateKey: string): void {
  try {
    createPrivateKey(privateKey);
  } catch {
    // What the library says can quote the key.
    throw new Error('The private key of the GitHub App is no PEM private key');
  }
}
