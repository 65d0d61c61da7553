/** A server on a free port that answers every webhook with 202 and keeps it as it came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SentWebhook } from './forge-harness.js';

export interface WebhookReceiver {
  readonly url: string;
  /** What has come since the last call, oldest first. */
  take(): readonly SentWebhook[];
  close(): Promise<void>;
}

export async function listenForWebhooks(): Promise<WebhookReceiver> {
  let received: SentWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      received.push({ headers, body: Buffer.concat(chunks) });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    take() {
      const taken = received;
      received = [];
      return taken;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
