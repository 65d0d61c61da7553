/** Who asks: an App by its JWT, an installation or a person by a token, or nobody. */
import { createPublicKey, verify } from 'node:crypto';
import type { Forge } from '../forge/forge.js';
import type { App, Token } from '../forge/state.js';
import { unauthorizedError } from './api-error.js';

export type Caller =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'token'; readonly token: Token }
  | { readonly kind: 'anonymous' };

export function authenticate(forge: Forge, header: string | undefined): Caller {
  if (header === undefined || header === '') return { kind: 'anonymous' };
  const [scheme = '', credentials = ''] = header.split(' ');
  const value = scheme.toLowerCase() === 'basic' ? passwordOf(credentials) : credentials;
  if (value.split('.').length === 3 && value.startsWith('ey')) return { kind: 'app', app: appOfJwt(forge, value) };
  const token = forge.people.token(value);
  if (token === undefined) throw unauthorizedError('Bad credentials');
  return { kind: 'token', token };
}

function passwordOf(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

/** RS256 with the App's key; issued in the past, expires within ten minutes of now: GitHub's rules and words. */
function appOfJwt(forge: Forge, jwt: string): App {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = readClaims(payload);
  const app = [...forge.state.apps.values()].find(
    (one) => String(one.id) === claims.issuer || one.clientId === claims.issuer,
  );
  if (app?.publicKey === undefined) throw unauthorizedError('Integration not found');
  const signed = Buffer.from(`${header}.${payload}`);
  const good = verify('RSA-SHA256', signed, createPublicKey(app.publicKey), Buffer.from(signature, 'base64url'));
  if (!good) throw unauthorizedError('A JSON web token could not be decoded');
  const now = Math.floor(forge.now().getTime() / 1000);
  if (claims.expires <= now)
    throw unauthorizedError(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  // GitHub allows ten minutes; a minute more for clocks that differ.
  if (claims.expires > now + 660) throw unauthorizedError("'Expiration time' claim ('exp') is too far in the future");
  if (claims.issued > now + 60)
    throw unauthorizedError(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
}

function readClaims(payload: string): { readonly issuer: string; readonly expires: number; readonly issued: number } {
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
    return { issuer: String(claims['iss']), expires: Number(claims['exp']), issued: Number(claims['iat']) };
  } catch {
    throw unauthorizedError('A JSON web token could not be decoded');
  }
}
