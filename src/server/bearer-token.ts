/** `Authorization: Bearer …`, compared so that the time taken tells nothing about the token. */
import { createHash, timingSafeEqual } from 'node:crypto';

type TokenCheck = 'right' | 'wrong' | 'missing';

export function checkBearerToken(authorization: string | undefined, token: string): TokenCheck {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return 'missing';
  // Digests are of one length whatever was given, which timingSafeEqual needs, and the token's length stays unknown.
  return timingSafeEqual(digest(given), digest(token)) ? 'right' : 'wrong';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
