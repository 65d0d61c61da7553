/** GitHub as a forge: puts its ports together. */
import type { Forge } from '../../ports/forge.js';
import type { WebhookReader } from '../../ports/webhooks.js';
import { GithubChecks } from './checks.js';
import { createClients } from './client.js';
import { GithubComments } from './comments.js';
import { GithubContents } from './contents.js';
import { GithubPeople } from './people.js';
import { GithubPullRequests } from './pull-requests.js';
import { GithubRepositories } from './repositories.js';
import type { GithubSettings } from './settings.js';
import { GithubWebhookReader } from './webhook-reader.js';

export interface Github {
  readonly forge: Forge;
  readonly reader: WebhookReader;
}

/** Reaches no network: what is wrong with the credentials shows at the first question. */
export async function createGithub(settings: GithubSettings): Promise<Github> {
  if (settings.webhookSecret === '') throw new Error('The webhook secret of GitHub is empty');
  const clients = await createClients(settings);
  const people = new GithubPeople(clients);
  const { auth, log } = settings;
  const only =
    settings.repositories === undefined ? null : new Set(settings.repositories.map((one) => one.toLowerCase()));
  const forge: Forge = {
    kind: 'github',
    repositories: new GithubRepositories(clients, auth, only),
    pullRequests: new GithubPullRequests(clients),
    comments: new GithubComments(clients),
    checks: new GithubChecks(clients, auth.kind === 'app' ? auth.appId : null),
    contents: new GithubContents(clients),
    people,
    commitUrl: (facts, sha) => `${facts.webUrl}/commit/${sha}`,
  };
  const reader = new GithubWebhookReader({ secret: settings.webhookSecret, self: () => people.self(), log });
  return { forge, reader };
}
