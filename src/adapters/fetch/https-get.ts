/** One GET over https, to an address that was checked and to no other. Follows nothing, sends nobody's credentials, and has limits. */
import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { isPublicAddress } from './public-address.js';

export interface GetRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body as it travels. */
  readonly maxBytes: number;
}

export type GetAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** In lower case. */
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: Uint8Array;
    }
  /** `why`: goes on after the address, without a full stop. */
  | { readonly kind: 'failed'; readonly why: string };

export type HttpsGet = (request: GetRequest) => Promise<GetAnswer>;

/** In ms, for all of it. */
const PATIENCE = 60_000;

interface HttpsGetOptions {
  /** Which address of a host may be connected to. */
  readonly addressOf: (hostname: string) => Promise<FoundAddress>;
  /** Authorities in place of the usual ones, in PEM. */
  readonly ca?: string;
}

export function createHttpsGet(options: HttpsGetOptions): HttpsGet {
  return (request) => getOnce(options, request);
}

async function getOnce({ addressOf, ca }: HttpsGetOptions, { url, headers, maxBytes }: GetRequest): Promise<GetAnswer> {
  const address = await addressOf(new URL(url).hostname);
  if (address.kind === 'failed') return address;
  return new Promise((resolve) => {
    const failed = (why: string): void => resolve({ kind: 'failed', why });
    const asked = request(
      url,
      {
        method: 'GET',
        headers: { 'user-agent': 'lockkeeper', 'accept-encoding': 'identity', ...headers },
        // Connected to the very address that was checked: a name may lead elsewhere when it is asked again.
        lookup: (_name, options, found) => {
          const family = isIP(address.address);
          if (options.all === true) found(null, [{ address: address.address, family }]);
          else found(null, address.address, family);
        },
        agent: false,
        ...(ca === undefined ? {} : { ca }),
        signal: AbortSignal.timeout(PATIENCE),
      },
      (response) => readBody(response, maxBytes, resolve),
    );
    asked.on('error', (error) =>
      failed(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? TOO_SLOW
          : `could not be fetched: ${error.message}`,
      ),
    );
    asked.end();
  });
}

/** To public addresses only. */
export const httpsGet: HttpsGet = (request) => getOnce({ addressOf: publicAddress }, request);

const TOO_SLOW = `did not answer within ${PATIENCE / 1000} seconds`;

function readBody(response: IncomingMessage, maxBytes: number, resolve: (answer: GetAnswer) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= maxBytes) return;
    resolve({ kind: 'failed', why: `is larger than ${maxBytes} bytes` });
    response.destroy();
  });
  response.on('end', () => {
    const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
    resolve({
      kind: 'answered',
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(headers),
      body: Buffer.concat(chunks),
    });
  });
  response.on('error', (error) => resolve({ kind: 'failed', why: `could not be read to its end: ${error.message}` }));
}

export type FoundAddress =
  { readonly kind: 'found'; readonly address: string } | { readonly kind: 'failed'; readonly why: string };

/** One of a host's addresses, if all of them are public. `hostname` as a URL has it. */
export async function publicAddress(hostname: string): Promise<FoundAddress> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await addressesOf(host) : [host];
  const [first] = addresses;
  if (first === undefined) return { kind: 'failed', why: 'names a host that has no address' };
  if (!addresses.every(isPublicAddress))
    return { kind: 'failed', why: 'leads to an address that is not of the public network' };
  return { kind: 'found', address: first };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // Whatever the resolver says, there is nowhere to connect to; the caller says so.
    return [];
  }
}
