import { expect, it } from 'vitest';
import { readSettings } from '../../src/cli/settings.js';

const read = (path: string) =>
  readSettings({ GITHUB_TOKEN: 't', WEBHOOK_SECRET: 's', POLICY_REPOSITORY: path }, () => null);

it.each(['acme/lockkeeper-policy', 'acme/platform/policy'])('takes %s', (path) => {
  expect(read(path)).toMatchObject({ kind: 'valid', settings: { policyRepository: path } });
});

it.each(['policy', 'https://github.com/acme/policy', 'acme/', '/acme'])('refuses %s', (path) => {
  expect(read(path)).toEqual({
    kind: 'invalid',
    problems: ['POLICY_REPOSITORY is no path of a repository such as acme/lockkeeper-policy.'],
  });
});

it('is not set unless it is said', () => {
  const reading = read('');
  expect(reading.kind === 'valid' && 'policyRepository' in reading.settings).toBe(false);
});
