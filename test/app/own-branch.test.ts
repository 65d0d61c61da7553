/** The bot knows its own commits again, whatever hash names the objects of a repository. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app/app.js';
import { effectiveChanges, isOwnCommit, signedMessage } from '../../src/app/branch/own-branch.js';
import type { Commit } from '../../src/core/forge-objects.js';
import type { FileChange } from '../../src/ports/contents.js';
import type { Mirror } from '../../src/ports/repository.js';

const app = { sign: (text: string) => createHash('sha256').update(text).digest('hex') } as unknown as App;
const BRANCH = 'lockkeeper/bump/dev';

const content = Buffer.from('a\n');
const changes: readonly FileChange[] = [
  { kind: 'write', path: 'apps/a.yaml', content, mode: '100644', blob: null },
  { kind: 'delete', path: 'apps/b.yaml' },
];

describe.each([
  ['SHA-1', '1'.repeat(40), '78981922613b2afb6025042ff6bd878ac1994e85'],
  ['SHA-256', '1'.repeat(64), 'f8625e43f9e04f24291f77cdbe4c71b3c2a3b0003f60419b3ed06a058d766c8b'],
])('where objects are named by %s', (_hash, parent, blob) => {
  /** After the bot's commit. */
  const mirror = (sha: string): Mirror =>
    ({
      changedPaths: () => Promise.resolve(['apps/a.yaml', 'apps/b.yaml']),
      entries: () => Promise.resolve([{ path: 'apps/a.yaml', mode: '100644', kind: 'blob', sha }]),
    }) as unknown as Mirror;
  const commit = (message: string): Commit => ({ sha: parent, parents: [parent], message }) as unknown as Commit;

  test('a commit of the bot is its own, and what was made of it is not', async () => {
    const made = commit(signedMessage(app, { branch: BRANCH, parent, changes }, 'Bump', []));
    expect(await isOwnCommit(app, mirror(blob), BRANCH, made)).toBe(true);
    expect(await isOwnCommit(app, mirror('2'.repeat(parent.length)), BRANCH, made)).toBe(false);
  });

  test('what stands there already is left out', async () => {
    expect(await effectiveChanges(mirror(blob), parent, changes)).toEqual([]);
    expect(await effectiveChanges(mirror('2'.repeat(parent.length)), parent, changes)).toEqual([changes[0]]);
  });
});
