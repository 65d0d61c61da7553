/** Passes a CGI program's answer on: headers first, then the body as it comes. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** `beforeEnd` runs when the program has said everything; the answer ends after it. */
export async function answerAsCgi(
  output: Readable,
  response: ServerResponse,
  beforeEnd: () => Promise<void>,
): Promise<void> {
  let head = Buffer.alloc(0);
  let started = false;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (started) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) continue;
    writeHead(head.subarray(0, end).toString('latin1'), response);
    response.write(head.subarray(end + 4));
    started = true;
  }
  if (!started) response.writeHead(500, { 'content-type': 'text/plain' });
  await beforeEnd();
  response.end();
}

function writeHead(text: string, response: ServerResponse): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  response.writeHead(status, headers);
}
