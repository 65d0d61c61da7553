/**
 * What a remote's refs are, asked over HTTP without starting git: most fetches find nothing new, and this is all they need.
 * https://git-scm.com/docs/protocol-v2#_ls_refs
 */
import type { Sha } from '../../core/ids.js';
import type { GitCredentials } from '../../ports/forge.js';
import type { CloneAddress } from './clone-address.js';
import { basicToken } from './git-environment.js';

/** In ms. Git itself is more patient, and is asked then. */
const PATIENCE = 30_000;
const FLUSH = '0000';
const DELIMITER = '0001';

interface RefQuestion {
  readonly address: CloneAddress;
  readonly credentials: GitCredentials | null;
  /** Beginnings of full ref names, at most these are told. */
  readonly prefixes: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * By full name. Null where it can't be told in this way (not over HTTP, another protocol, refused, redirected, no answer): git has to be
 * asked, and says what is wrong if anything is.
 */
export async function askRefs(question: RefQuestion): Promise<ReadonlyMap<string, Sha> | null> {
  if (question.address.origin === null) return null;
  try {
    const response = await ask(question);
    if (response.status === 200) return parseRefs(new Uint8Array(await response.arrayBuffer()));
    await response.body?.cancel();
    return null;
  } catch {
    return null;
  }
}

function ask({ address, credentials, prefixes, signal }: RefQuestion): Promise<Response> {
  const wishes = prefixes.map((prefix) => packet(`ref-prefix ${prefix}`));
  return fetch(`${address.url.replace(/\/$/, '')}/git-upload-pack`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    headers: {
      // Servers tell git from browsers by this beginning.
      'user-agent': 'git/lockkeeper',
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
      ...(credentials === null ? {} : { authorization: `Basic ${basicToken(credentials)}` }),
    },
    body: [packet('command=ls-refs'), DELIMITER, ...wishes, FLUSH].join(''),
  });
}

/** Four hexadecimal digits of length, themselves counted, and a line. */
function packet(line: string): string {
  const text = `${line}\n`;
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
}

/** Null unless it is a whole list of refs to its end. */
export function parseRefs(answer: Uint8Array): ReadonlyMap<string, Sha> | null {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const refs = new Map<string, Sha>();
  for (let at = 0; at < bytes.length;) {
    const digits = bytes.toString('latin1', at, at + 4);
    if (digits === FLUSH) return at + 4 === bytes.length ? refs : null;
    const end = at + (/^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0);
    const [sha = '', name = ''] = bytes
      .toString('utf8', at + 4, end)
      .trimEnd()
      .split(' ');
    if (end <= at + 4 || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) || name === '') return null;
    refs.set(name, sha);
    at = end;
  }
  return null;
}
