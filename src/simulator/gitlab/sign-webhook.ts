/** Headers that let a receiver trust a GitLab webhook. */

import { createHmac } from 'node:crypto';

interface WebhookSecret {
  /** Sent as is in `X-Gitlab-Token`. */
  readonly secretToken?: string | undefined;
  /** Signs as Standard Webhooks asks: `whsec_` followed by a base64 key. */
  readonly signingToken?: string | undefined;
}

interface WebhookToSign {
  /** The same over all attempts of one event: `webhook-id`, `Idempotency-Key`. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

const SIGNING_TOKEN_PREFIX = 'whsec_';

/** HMAC-SHA256 over `id.timestamp.body`, as `v1,<base64>`; the timestamp is in whole seconds. */
export function standardWebhookSignature(
  signingToken: string,
  webhook: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  const key = signingToken.startsWith(SIGNING_TOKEN_PREFIX)
    ? Buffer.from(signingToken.slice(SIGNING_TOKEN_PREFIX.length), 'base64')
    : Buffer.from(signingToken, 'utf8');
  const signed = `${webhook.id}.${webhook.timestamp}.${webhook.body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

/** Both may be set at once, as on GitLab. */
export function webhookSecretHeaders(secret: WebhookSecret, webhook: WebhookToSign): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  if (secret.secretToken !== undefined) headers['x-gitlab-token'] = secret.secretToken;
  if (secret.signingToken !== undefined) {
    const timestamp = String(Math.floor(webhook.sentAt.getTime() / 1000));
    headers['webhook-id'] = webhook.id;
    headers['webhook-timestamp'] = timestamp;
    headers['webhook-signature'] = standardWebhookSignature(secret.signingToken, {
      id: webhook.id,
      timestamp,
      body: webhook.body,
    });
  }
  return headers;
}
