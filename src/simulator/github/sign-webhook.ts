/** `X-Hub-Signature-256`: HMAC-SHA-256 of the body with the hook's secret. */
import { createHmac } from 'node:crypto';

export function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
