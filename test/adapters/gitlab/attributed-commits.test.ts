import { expect, test } from 'vitest';
import { signatureFrom } from '../../../src/adapters/gitlab/attributed-commits.js';

test.each([
  [{ signature_type: 'PGP', verification_status: 'verified' }, 'verified'],
  [{ signature_type: 'SSH', verification_status: 'verified_system' }, 'verified'],
  [{ signature_type: 'X509', verification_status: 'verified_ca' }, 'verified'],
  [{ signature_type: 'PGP', verification_status: 'same_user_different_email' }, 'unverified'],
  [{ signature_type: 'PGP', verification_status: 'other_user' }, 'unverified'],
  [{ signature_type: 'PGP', verification_status: 'revoked_key' }, 'unverified'],
  [{ signature_type: 'SSH' }, 'unverified'],
  [null, 'unverified'],
])('%j is %s', (answer, expected) => {
  expect(signatureFrom(answer)).toBe(expected);
});
