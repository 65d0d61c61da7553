/** The key pair of a simulated GitHub App. */
import { generateKeyPairSync } from 'node:crypto';

/** Both in PEM. */
export function generateAppKeys(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
