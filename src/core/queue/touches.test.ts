import { describe, expect, test } from 'vitest';
import { overlap, type Touches } from './touches.js';

describe('overlap', () => {
  const reads = { paths: new Set(['base/deployment.yaml']), directories: new Set(['charts/api']) };
  const api: Touches = { kind: 'known', targets: ['api/dev'], files: ['apps/api/values.yaml'], reads: [reads] };
  test.each<[string, string[], string[], boolean]>([
    ['another target, another file', ['web/dev'], ['apps/web/values.yaml'], false],
    ['the same target', ['api/dev'], ['apps/api/more.yaml'], true],
    ['the same file', ['web/dev'], ['apps/api/values.yaml'], true],
    ['a file that its target reads', ['web/dev'], ['base/deployment.yaml'], true],
    ['a file below a directory that its target reads', ['web/dev'], ['charts/api/templates/a.yaml'], true],
    ['the rules', [], ['.lockkeeper.yaml'], true],
    ['who owns what', [], ['.github/CODEOWNERS'], true],
    ['a note', [], ['README.md'], false],
  ])('%s', (_what, targets, files, meets) => {
    const other: Touches = { kind: 'known', targets, files, reads: [] };
    expect([overlap(api, other), overlap(other, api)]).toEqual([meets, meets]);
  });
});
