import { expect, test } from 'vitest';
import { batchMessage, freezeMessage, stopMessage } from './commit-text.js';

const batch = { numbers: [3, 4], branch: 'main' } as const;

test.each([
  [batchMessage({ ...batch, forge: 'github', after: [] }), 'Verify #3, #4 together for main'],
  [batchMessage({ ...batch, forge: 'gitlab', after: [1, 2] }), 'Verify !3, !4 together for main, after !1, !2'],
  [stopMessage('main', 'Because.'), 'Stop the merge queue of main\n\nBecause.'],
  [freezeMessage({ kind: 'frozen', env: 'prod' }), 'Freeze prod [skip ci]\n'],
  [freezeMessage({ kind: 'ended', env: 'prod' }), 'End the freeze of prod [skip ci]\n'],
])('%s', (message, expected) => {
  expect(message).toBe(expected);
});
