import { expect, test } from 'vitest';
import type { RepositoryId } from '../core/ids.js';
import { pullRequestLink, pullRequestName } from './pull-request-name.js';

test('a pull request is named as its forge writes it: on GitLab, #5 would be an issue', () => {
  expect(pullRequestName('github', 5)).toBe('#5');
  expect(pullRequestName('gitlab', 5)).toBe('!5');
});

test('a link to it carries its name and its own address, wherever it is read', () => {
  const repository: RepositoryId = { forge: 'gitlab', path: 'acme/config' };
  const url = 'https://forge.test/acme/config/-/merge_requests/5';
  expect(pullRequestLink({ repository, number: 5, url }).replaceAll('\u200b', '')).toBe(`[!5](${url})`);
});
