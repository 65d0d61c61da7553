/** Which webhooks an event of the forge makes on GitHub, to whom they go and how they are signed. */
import type { Deliveries } from '../delivery/deliveries.js';
import { newDeliveryId } from '../delivery/deliveries.js';
import type { PreparedDelivery } from '../delivery/delivery.js';
import type { ForgeEvent } from '../forge/events.js';
import type { GithubView } from './github-view.js';
import { nodeId } from './github-view.js';
import { showRepository } from './show-repository.js';
import { showOrganisation, showSimpleUser } from './show-user.js';
import { signWebhook } from './sign-webhook.js';
import type { Payload } from './webhook-payload.js';
import { payloadsOf } from './webhook-payload.js';

interface Receiver {
  readonly hookId: number;
  readonly url: string;
  readonly secret: string | undefined;
  readonly kind: 'integration' | 'repository';
  readonly installationId?: number;
}

export function subscribeWebhooks(view: GithubView, deliveries: Deliveries): void {
  view.forge.subscribe((event) => {
    const receivers = receiversOf(view, event);
    for (const payload of payloadsOf(view, event)) {
      for (const receiver of receivers) enqueue(view, deliveries, { event, payload, receiver });
    }
  });
}

interface Sending {
  readonly event: ForgeEvent;
  readonly payload: Payload;
  readonly receiver: Receiver;
}

function enqueue(view: GithubView, deliveries: Deliveries, sending: Sending): void {
  const { event, payload, receiver } = sending;
  const id = newDeliveryId();
  deliveries.enqueue({
    id,
    url: receiver.url,
    event: payload.event,
    ...(payload.action === undefined ? {} : { action: payload.action }),
    ...(event.kind === 'installation' ? {} : { repository: event.repository }),
    hookId: receiver.hookId,
    prepare: async ({ body }) => {
      const text = body ?? (await bodyOf(view, sending));
      return text === undefined ? undefined : withHeaders(sending, id, text);
    },
  });
}

async function bodyOf(view: GithubView, { event, payload, receiver }: Sending): Promise<string | undefined> {
  const fields = await payload.build();
  if (fields === undefined) return undefined;
  const installation =
    receiver.installationId === undefined || event.kind === 'installation'
      ? {}
      : {
          installation: {
            id: receiver.installationId,
            node_id: nodeId('IntegrationInstallation', receiver.installationId),
          },
        };
  const action = payload.action === undefined ? {} : { action: payload.action };
  return JSON.stringify({ ...action, ...fields, ...common(view, event), ...installation });
}

function common(view: GithubView, event: ForgeEvent): Readonly<Record<string, unknown>> {
  const sender = showSimpleUser(view, event.actor);
  if (event.kind === 'installation') return { sender };
  const repository = view.forge.state.repositories.get(event.repository);
  if (repository === undefined) return { sender };
  const organisation = view.forge.state.organisations.get(repository.owner);
  return {
    repository: showRepository(view, repository),
    ...(organisation === undefined ? {} : { organization: showOrganisation(view, organisation) }),
    sender,
  };
}

function withHeaders({ payload, receiver }: Sending, id: string, body: string): PreparedDelivery {
  return {
    headers: {
      'user-agent': 'GitHub-Hookshot/simulated',
      accept: '*/*',
      'x-github-delivery': id,
      'x-github-event': payload.event,
      'x-github-hook-id': String(receiver.hookId),
      'x-github-hook-installation-target-type': receiver.kind,
      ...(receiver.secret === undefined ? {} : { 'x-hub-signature-256': signWebhook(receiver.secret, body) }),
    },
    body,
  };
}

/** The Apps installed on the repository that have a webhook, and the repository's own hooks. */
function receiversOf(view: GithubView, event: ForgeEvent): readonly Receiver[] {
  const { people, repositories, state } = view.forge;
  const apps = [...state.apps.values()].flatMap((app): readonly Receiver[] => {
    if (app.webhook === undefined) return [];
    const installationId =
      event.kind === 'installation'
        ? event.appSlug === app.slug
          ? event.installationId
          : undefined
        : people.installationFor(app, event.repository)?.id;
    return installationId === undefined
      ? []
      : [{ hookId: app.id, ...app.webhook, kind: 'integration', installationId }];
  });
  const hooks = event.kind === 'installation' ? [] : repositories.webhooksOf(event.repository);
  return [
    ...apps,
    ...hooks.map((hook): Receiver => ({ hookId: hook.id, url: hook.url, secret: hook.secret, kind: 'repository' })),
  ];
}
