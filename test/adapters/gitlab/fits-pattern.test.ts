import { expect, it } from 'vitest';
import { fitsPattern } from '../../../src/adapters/gitlab/fits-pattern.js';

it.each([
  ['main', 'main', true],
  ['main', 'mai', false],
  ['release/1.2', 'release/*', true],
  ['release/1/x', 'release/*', true],
  ['release', 'release/*', false],
  ['a/stable', '*-stable', false],
  ['a/b-stable', '*-stable', true],
  ['anything/at-all', '*', true],
  ['a-x-b-x-c', 'a*x*c', true],
  ['ab', 'a*b*', true],
  // What the beginning takes, the end can't take again.
  ['aa', 'aa*a', false],
  ['main', 'm.in', false],
])('%s and the pattern %s: %s', (branch, pattern, fits) => {
  expect(fitsPattern(branch, pattern)).toBe(fits);
});
