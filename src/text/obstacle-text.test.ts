import { expect, test } from 'vitest';
import type { CarryProblem } from '../core/promotion/carried-set.js';
import type { Obstacle } from '../core/promotion/decide-promotion.js';
import { fileProblemText, obstacleText } from './obstacle-text.js';

const api = { app: 'api', env: 'dev' };

test.each<[CarryProblem, string]>([
  [{ kind: 'not-text', directory: 'envs/dev' }, 'it is no file of UTF-8 text in envs/dev'],
  [{ kind: 'not-yaml', directory: 'envs/dev' }, 'it is not valid YAML in envs/dev'],
  [{ kind: 'invalid-yaml' }, 'the file is not valid YAML'],
  [{ kind: 'no-single-value', place: 'tag' }, 'there is no single value at tag'],
  [{ kind: 'doubled-key', place: 'tag' }, 'a key of tag stands twice in one map'],
  [{ kind: 'anchored', place: 'tag' }, 'tag carries an anchor that other places use'],
  [{ kind: 'tagged', place: 'tag' }, 'tag has a tag (!name) of its own'],
  [{ kind: 'block-text', place: 'tag' }, 'tag is a block of text, not a single value'],
  [{ kind: 'two-values', place: 'tag' }, 'tag would get two values'],
  [{ kind: 'would-break' }, 'the edit would break the file'],
  [{ kind: 'would-change-more' }, 'the edit would change more than was meant'],
])('%j', (problem, words) => {
  expect(fileProblemText(problem)).toBe(words);
});

test.each<[Obstacle, string]>([
  [
    { kind: 'no-files', target: { app: 'api', env: 'test' } },
    'api has no files in test yet: commit a first version there, then promotions can follow',
  ],
  [{ kind: 'no-such-version', source: api, version: '1.2.3' }, 'api has not had the version 1.2.3 in dev lately'],
  [
    { kind: 'not-carried', path: 'a.yaml', problem: { kind: 'not-yaml', directory: 'envs/dev' } },
    'a.yaml can’t be carried: it is not valid YAML in envs/dev',
  ],
  [{ kind: 'no-source-commit', source: api }, 'no commit in reach says where api in dev comes from'],
])('%j', (why, words) => {
  expect(obstacleText(why)).toBe(words);
});
