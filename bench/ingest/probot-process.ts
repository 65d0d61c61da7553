/** A bare Probot app that does nothing: it verifies the signature, parses the payload and answers. Nothing is kept. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, createProbot } from 'probot';
import { tellProcessorTime } from './processor-time.js';

export interface ProbotOrder {
  readonly appId: number;
  readonly privateKey: string;
  readonly secret: string;
}

process.once('message', (order: ProbotOrder) => void start(order));

async function start({ appId, privateKey, secret }: ProbotOrder): Promise<void> {
  const probot = createProbot({ overrides: { appId, privateKey, secret, logLevel: 'fatal' } });
  const middleware = await createNodeMiddleware(() => undefined, { probot, webhooksPath: '/api/github/webhooks' });
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.once('disconnect', () => process.exit(0));
  tellProcessorTime();
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
