import { describe, expect, it, test } from 'vitest';
import { maskText } from './mask-text.js';
import { isSensitiveKey } from './sensitive-key.js';

describe('isSensitiveKey', () => {
  test.each([
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'spring.datasource.password',
    'apiKey',
    'API-KEY',
    'GITHUB_TOKEN',
    'clientSecret',
    'privateKey',
    'AWS_SECRET_ACCESS_KEY',
    'credentials',
  ])('%s is', (key) => expect(isSensitiveKey(key)).toBe(true));
  test.each([
    'secretName',
    'existingSecret',
    'secretKeyRef',
    'secretRef',
    'tokenExpirationSeconds',
    'passwordPolicy',
    'imagePullSecret',
    'author',
    'keyboard',
    'image',
    'monkey',
  ])('%s is not', (key) => expect(isSensitiveKey(key)).toBe(false));
});

describe('maskText', () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(43)}`;
  const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc=\n-----END RSA PRIVATE KEY-----';
  test.each([
    ['a GitHub token', `remote: ghp_${'a'.repeat(36)} no`, 'remote: [masked] no'],
    ['a GitLab token', 'glpat-abcdefghijklmnopqrst', '[masked]'],
    ['a JSON Web Token', `got ${jwt}.`, 'got [masked].'],
    ['a private key', `key:\n${pem}\nend`, 'key:\n[masked]\nend'],
    ['a private key cut off', pem.slice(0, 50), '[masked]'],
    ['an AWS key', 'id AKIAABCDEFGHIJKLMNOP', 'id [masked]'],
    ['the password of an address', 'postgres://app:hunter2@db:5432/x', 'postgres://app:[masked]@db:5432/x'],
    ['an authorization', 'Authorization: Bearer abcdef123', 'Authorization: Bearer [masked]'],
    ['an assignment', 'export DB_PASSWORD=hunter2 and more', 'export DB_PASSWORD=[masked] and more'],
    ['an assignment behind another name', 'Error: password=hunter2', 'Error: password=[masked]'],
    ['a YAML line', 'password: hunter2 # old', 'password: [masked] # old'],
    ['JSON', '{"apiKey": "hunter2", "a": 1}', '{"apiKey": "[masked]", "a": 1}'],
  ])('masks %s', (_what, text, masked) => expect(maskText(text)).toBe(masked));

  test.each([
    'image: ghcr.io/acme/api:1.1.0@sha256:' + 'a'.repeat(64),
    'password: masked:1a2b3c4d',
    'password: ${DB_PASSWORD}',
    'secretName: api-tls',
    'commit 3f2a1c9e8d7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f',
    'password: ENC[AES256_GCM,data:abc]',
  ])('leaves %s', (text) => expect(maskText(text)).toBe(text));

  it('is done quickly with hostile text', { timeout: 20_000 }, () => {
    for (const piece of ['a:', 'password=', '-----BEGIN RSA PRIVATE KEY-----', 'eyJaaaaaaaa.', 'x://u:', '"']) {
      expect(maskText(piece.repeat(200_000 / piece.length)).length).toBeGreaterThan(0);
    }
  });
});
