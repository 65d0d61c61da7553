/** Sends signed deliveries as fast as they are answered, over a few connections, and notes how long each took. */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { processorTime } from './processor-time.js';
import type { PullRequestPayload } from './pull-request-payload.js';

export interface Sent {
  readonly requestsPerSecond: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx. */
  readonly refused: number;
  /** What sending one and reading its answer took of the processors, in µs. */
  readonly sendersProcessorTime: number;
}

export interface Sending {
  readonly url: string;
  readonly secret: string;
  readonly payload: PullRequestPayload;
  readonly count: number;
  readonly connections: number;
}

export async function sendDeliveries(sending: Sending): Promise<Sent> {
  const { url, count, connections } = sending;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  // Made beforehand: signing is not what is measured.
  const deliveries = Array.from({ length: count }, (_, number) => signed(number, sending));
  const took: number[] = [];
  let refused = 0;
  const spent = processorTime();
  const since = performance.now();
  const senders = Array.from({ length: connections }, async () => {
    for (let delivery = deliveries.pop(); delivery !== undefined; delivery = deliveries.pop()) {
      const sent = performance.now();
      const status = await post(`${url}/api/github/webhooks`, delivery, agent);
      took.push(performance.now() - sent);
      if (status < 200 || status > 299) refused += 1;
    }
  });
  await Promise.all(senders);
  const seconds = (performance.now() - since) / 1000;
  const sendersProcessorTime = Math.round((processorTime() - spent) / count);
  agent.destroy();
  took.sort((a, b) => a - b);
  const percentile = (part: number): number =>
    round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0);
  const requestsPerSecond = Math.round(count / seconds);
  return { requestsPerSecond, p50: percentile(0.5), p99: percentile(0.99), refused, sendersProcessorTime };
}

interface SignedDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** About one of two hundred pull requests. */
function signed(number: number, { payload, secret }: Sending): SignedDelivery {
  const one = { ...payload, number: (number % 200) + 1 };
  const body = JSON.stringify({ ...one, pull_request: { ...payload.pull_request, number: one.number } });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'GitHub-Hookshot/bench',
      'x-github-event': 'pull_request',
      'x-github-delivery': nextId(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  };
}

/** In 100 ns since 1582, of which GitHub's ids are made: UUIDs of version 1. */
let time = 122_192_928_000_000_000n + BigInt(Date.now()) * 10_000n;

/** As far apart as deliveries come here. */
function nextId(): string {
  time += 1_000n;
  const digits = time.toString(16).padStart(15, '0');
  return `${digits.slice(-8)}-${digits.slice(-12, -8)}-1${digits.slice(-15, -12)}-81ab-4c9367dc0958`;
}

async function post(url: string, { headers, body }: SignedDelivery, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
