/** From what happens in the forge to GitLab webhooks in the outbox. */

import { createHash } from 'node:crypto';
import type { Deliveries } from '../delivery/deliveries.js';
import { newDeliveryId } from '../delivery/deliveries.js';
import type { PreparedDelivery } from '../delivery/delivery.js';
import type { ForgeEvent } from '../forge/events.js';
import type { Forge } from '../forge/forge.js';
import type { Webhook } from '../forge/state.js';
import { buildMergeRequestHook, mergeRequestHookAction } from './build-merge-request-hook.js';
import { buildEmojiHook, buildNoteHook } from './build-note-hook.js';
import { buildJobHook, buildPipelineHook } from './build-pipeline-hook.js';
import { buildPushHook } from './build-push-hook.js';
import type { GitlabUrls } from './gitlab-urls.js';
import type { HookPayload } from './hook-context.js';
import { HookContext } from './hook-context.js';
import { webhookSecretHeaders } from './sign-webhook.js';

interface PlannedHook {
  /** The value of `X-Gitlab-Event`. */
  readonly name: string;
  readonly action?: string;
  readonly build: (context: HookContext) => Promise<HookPayload | undefined>;
}

type EventOf<K extends ForgeEvent['kind']> = Extract<ForgeEvent, { kind: K }>;

type Planner<K extends ForgeEvent['kind']> = (event: EventOf<K>, forge: Forge) => PlannedHook | undefined;

function planMergeRequestHook(event: EventOf<'pull-request' | 'review'>): PlannedHook | undefined {
  const action = mergeRequestHookAction(event);
  if (action === undefined) return undefined;
  return { name: 'Merge Request Hook', action, build: (context) => buildMergeRequestHook(context, event) };
}

const noHook = (): undefined => undefined;

const PLANNERS: { readonly [K in ForgeEvent['kind']]: Planner<K> } = {
  push: (event) => ({
    name: event.ref.startsWith('refs/tags/') ? 'Tag Push Hook' : 'Push Hook',
    build: (context) => buildPushHook(context, event),
  }),
  'pull-request': planMergeRequestHook,
  review: planMergeRequestHook,
  // Nothing is sent about deleted notes, nor about those GitLab writes itself.
  comment: (event) =>
    event.action === 'deleted' || event.comment.system
      ? undefined
      : {
          name: 'Note Hook',
          action: event.action === 'created' ? 'create' : 'update',
          build: (context) => buildNoteHook(context, event),
        },
  reaction: (event) => ({
    name: 'Emoji Hook',
    action: event.action === 'added' ? 'award' : 'revoke',
    build: (context) => buildEmojiHook(context, event),
  }),
  pipeline: (event) => ({ name: 'Pipeline Hook', build: (context) => buildPipelineHook(context, event) }),
  // External statuses are no jobs of CI.
  job: (event, forge) =>
    forge.state.jobs.get(event.jobId)?.external === true
      ? undefined
      : { name: 'Job Hook', build: (context) => buildJobHook(context, event) },
  'check-run': noHook,
  status: noHook,
  installation: noHook,
  'merge-group': noHook,
};

/** The hook an event causes on GitLab; undefined for events that GitLab has no hook for. */
export function plannedHook<K extends ForgeEvent['kind']>(
  forge: Forge,
  event: EventOf<K> & { readonly kind: K },
): PlannedHook | undefined {
  const plan: Planner<K> = PLANNERS[event.kind];
  return plan(event, forge);
}

interface Sending {
  readonly hook: PlannedHook;
  readonly webhook: Webhook;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly context: HookContext;
}

/** Stable for a webhook, as GitLab's `X-Gitlab-Webhook-UUID`. */
function webhookUuid(webhook: Webhook): string {
  const hex = createHash('sha1').update(`webhook ${webhook.id}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

async function prepare(
  sending: Sending,
  attempt: { readonly at: Date; readonly body?: string },
): Promise<PreparedDelivery | undefined> {
  const { hook, webhook, deliveryId, context } = sending;
  const payload = attempt.body === undefined ? await hook.build(context) : undefined;
  const body = attempt.body ?? (payload === undefined ? undefined : JSON.stringify(payload));
  if (body === undefined) return undefined;
  return {
    body,
    headers: {
      'user-agent': 'GitLab/18.5.0-simulated',
      'x-gitlab-event': hook.name,
      'x-gitlab-event-uuid': sending.eventId,
      'x-gitlab-webhook-uuid': webhookUuid(webhook),
      'x-gitlab-instance': context.urls.root,
      'idempotency-key': deliveryId,
      ...webhookSecretHeaders(
        { secretToken: webhook.secret, signingToken: webhook.signingToken },
        { id: deliveryId, sentAt: attempt.at, body },
      ),
    },
  };
}

/** All webhooks of one event share its `X-Gitlab-Event-UUID`; each has an `Idempotency-Key` that attempts keep. */
export function subscribeWebhooks(parts: {
  readonly forge: Forge;
  readonly deliveries: Deliveries;
  readonly urls: GitlabUrls;
}): void {
  const { forge, deliveries, urls } = parts;
  const context = new HookContext(forge, urls);
  forge.subscribe((event) => {
    if (event.kind === 'installation') return;
    const hook = plannedHook(forge, event);
    if (hook === undefined) return;
    const eventId = newDeliveryId();
    for (const webhook of forge.repositories.webhooksOf(event.repository)) {
      const deliveryId = newDeliveryId();
      const sending: Sending = { hook, webhook, deliveryId, eventId, context };
      deliveries.enqueue({
        id: deliveryId,
        url: webhook.url,
        event: hook.name,
        ...(hook.action === undefined ? {} : { action: hook.action }),
        repository: event.repository,
        hookId: webhook.id,
        prepare: (attempt) => prepare(sending, attempt),
      });
    }
  });
}
