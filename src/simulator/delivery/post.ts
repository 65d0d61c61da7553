/** Posts one webhook over a connection of its own, so that nothing is kept open afterwards. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds until it counts as unanswered; GitHub and GitLab wait ten seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** How a webhook leaves: over HTTP, or to a receiver in the same process. */
export type SendPost = (wanted: Post) => Promise<PostAnswer>;

export function post(wanted: Post): Promise<PostAnswer> {
  const url = new URL(wanted.url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    ...wanted.headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(wanted.body),
  };
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ error: error.message });
    const outgoing = send(
      url,
      { method: 'POST', agent: false, headers, timeout: wanted.timeout, signal: wanted.signal },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${wanted.timeout} ms`)));
    outgoing.on('error', failed);
    outgoing.end(wanted.body);
  });
}
