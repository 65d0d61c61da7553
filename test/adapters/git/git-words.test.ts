import { expect, test } from 'vitest';
import { gitWords } from '../../../src/adapters/git/git-command.js';

test('git’s words are its telling lines, without secrets, on one line of at most 300 characters', () => {
  const stderr = 'noise\nremote: bad token ghs_secret\nfatal: unable to access https://bob:pw@example.test/x\n';
  const words = 'remote: bad token ***; fatal: unable to access https://***@example.test/x';
  expect(gitWords(stderr, ['ghs_secret', ''])).toBe(words);
  expect(gitWords('only noise\n', [])).toBe('only noise');
  expect(gitWords('', [])).toBe('it said nothing');
  expect(gitWords(`fatal: ${'x'.repeat(290)}ghs_secret`, ['ghs_secret'])).toHaveLength(300);
});
