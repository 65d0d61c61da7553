/** Whether a webhook comes from the GitLab that holds our secret. Looked at before anything is parsed. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../core/ids.js';

export type WebhookHeaders = Readonly<Record<string, string | undefined>>;

export interface WebhookSecrets {
  /** `X-Gitlab-Token`: sent with each webhook as it is. Not looked at where there is a signing token. */
  readonly webhookSecret: string | null;
  /** Signs as https://www.standardwebhooks.com/ says: `whsec_` and a base64 key. */
  readonly signingToken: string | null;
}

interface ReceivedWebhook {
  readonly headers: WebhookHeaders;
  readonly body: Buffer;
  readonly now: Instant;
}

type Authenticity = 'authentic' | 'unsigned' | 'bad-signature';

/** How far a signature's time may be from ours, in ms: what the reference implementations of Standard Webhooks allow. */
const TOLERANCE = 5 * 60_000;

const KEY_PREFIX = 'whsec_';
const SIGNATURE_VERSION = 'v1,';

export function authenticity(webhook: ReceivedWebhook, secrets: WebhookSecrets): Authenticity {
  if (secrets.signingToken !== null) return checkSignature(webhook, secrets.signingToken);
  const token = webhook.headers['x-gitlab-token'];
  if (token === undefined) return 'unsigned';
  // Without a secret of ours nothing is authentic.
  if (secrets.webhookSecret === null || secrets.webhookSecret === '') return 'bad-signature';
  return equalInConstantTime(token, secrets.webhookSecret) ? 'authentic' : 'bad-signature';
}

function checkSignature({ headers, body, now }: ReceivedWebhook, signingToken: string): Authenticity {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (signatures === undefined) return 'unsigned';
  if (id === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return 'bad-signature';
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE) return 'bad-signature';
  const key = keyOf(signingToken);
  if (key.byteLength === 0) return 'bad-signature';
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  // A list, so that senders can rotate their key. All are compared: which one fits takes no different time.
  const fitting = signatures
    .split(' ')
    .filter((signature) => signature.startsWith(SIGNATURE_VERSION))
    .filter((signature) => equalInConstantTime(signature.slice(SIGNATURE_VERSION.length), expected));
  return fitting.length > 0 ? 'authentic' : 'bad-signature';
}

function keyOf(signingToken: string): Buffer {
  return signingToken.startsWith(KEY_PREFIX)
    ? Buffer.from(signingToken.slice(KEY_PREFIX.length), 'base64')
    : Buffer.from(signingToken, 'utf8');
}

/** Hashed first, so that not even the length shows. */
function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(a), digest(b));
}
