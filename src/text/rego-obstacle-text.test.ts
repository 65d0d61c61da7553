import { expect, test } from 'vitest';
import type { RegoObstacle } from '../core/rego/rego.js';
import { misshapenText, regoObstacleText } from './rego-obstacle-text.js';

test.each<[RegoObstacle, string]>([
  [
    { kind: 'no-match', globs: ['p/*.json', 'q'], beside: 'target-branch' },
    'no policy (.rego, or .wasm as opa compiles it) matches `p/*.json` or `q` on the target branch',
  ],
  [
    { kind: 'no-match', globs: ['p'], beside: 'organisation' },
    'no policy (.rego, or .wasm as opa compiles it) matches `p` beside the organisation’s policy',
  ],
  [{ kind: 'too-many', globs: ['**'], most: 200 }, 'more than 200 files match `**`'],
  [{ kind: 'too-large', path: 'a`b.rego', most: 9 }, '``a`b.rego`` is larger than 9 bytes'],
  [{ kind: 'nothing-rendered' }, 'what was rendered is too large for policies to read, or is lost: say `/plan`'],
  [{ kind: 'no-runner' }, 'this bot was started without anything to run policies with'],
  [{ kind: 'unread' }, 'what they are to judge is not known: there is no plan without problems'],
])('%j', (why, words) => {
  expect(regoObstacleText(why)).toBe(words);
});

test.each<[Parameters<typeof misshapenText>[0]['flaw'], string]>([
  [{ kind: 'no-rules' }, 'no package has a set called `deny` or `warn`: nothing would ever be refused'],
  [
    { kind: 'no-set', package: 'a.b', rule: 'deny' },
    '`deny` of package `a.b` is no set: write `deny contains msg if { … }`',
  ],
  [
    { kind: 'no-message', package: 'a', rule: 'warn_x' },
    '`warn_x` of package `a` holds what is neither a text nor an object with `msg`',
  ],
])('%j', (flaw, words) => {
  expect(misshapenText({ kind: 'misshapen', path: null, flaw })).toBe(words);
  expect(misshapenText({ kind: 'misshapen', path: 'p/a.wasm', flaw })).toBe(`\`p/a.wasm\`: ${words}`);
});
