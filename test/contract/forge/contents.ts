/** How branches are written on every forge. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import type { CommitRequest, FileChange } from '../../../src/ports/contents.js';
import { seed } from '../forge-harness.js';
import { defaultBranch, doneUnsaid, lock, lostLock, notDone, problemOf, type Here } from './here.js';

export function contents(here: Here): void {
  describe('contents', () => {
    const bytes = Uint8Array.from([0, 255, 254, 10, 13, 128]);

    it('makes a branch with one commit of many changes', async () => {
      const parent = (await here().head(defaultBranch)) ?? '';
      const outcome = await commit({
        branch: 'lockkeeper/promotion/api',
        expected: null,
        parent,
        changes: [
          write('apps/api/envs/test/kustomization.yaml', 'newTag: 1.0.0 # é\r\n'),
          write('bin/run.sh', '#!/bin/sh\n', '100755'),
          { kind: 'write', path: 'image.bin', content: bytes, mode: '100644', blob: null },
          write('new/deep/file.txt', ''),
          { kind: 'delete', path: 'README.md' },
        ],
      });
      const made = await here().head('lockkeeper/promotion/api');
      expect(outcome).toEqual({ kind: 'committed', commit: made });
      expect(await here().commitAt('lockkeeper/promotion/api')).toMatchObject({ parents: [parent] });
      expect((await here().commitAt(made ?? '')).message.trimEnd()).toBe('Promote api\n\nLockkeeper-Source: dev');
      expect(await here().text(made ?? '', 'apps/api/envs/test/kustomization.yaml')).toBe('newTag: 1.0.0 # é\r\n');
      expect(await here().bytes(made ?? '', 'image.bin')).toEqual(Buffer.from(bytes));
      expect(await here().text(made ?? '', 'new/deep/file.txt')).toBe('');
      expect(await here().mode(made ?? '', 'bin/run.sh')).toBe('100755');
      expect(await here().text(made ?? '', 'README.md')).toBeNull();
      expect(await here().text(made ?? '', 'apps/api/envs/dev/kustomization.yaml')).toBe(
        seed.files['apps/api/envs/dev/kustomization.yaml'],
      );
    });

    it('keeps the mode of a file that it changes, as it is told', async () => {
      const first = await on('work', [write('run.sh', 'one\n', '100755')]);
      const second = await commit({
        branch: 'work',
        expected: first,
        parent: first,
        changes: [write('run.sh', 'two\n', '100755')],
      });
      expect(second).toMatchObject({ kind: 'committed' });
      expect(await here().mode('work', 'run.sh')).toBe('100755');
      expect(await here().text('work', 'run.sh')).toBe('two\n');
    });

    it('goes forward from where the branch is expected', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const outcome = await commit({
        branch: 'work',
        expected: first,
        parent: first,
        changes: [write('a.txt', '2\n')],
      });
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect((await here().commitAt('work')).parents).toEqual([first]);
    });

    it('touches nothing when the branch stands elsewhere, and says where', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const actual = await here().push('alice', 'work', { 'a.txt': 'by a person\n' });
      const parent = (await here().head(defaultBranch)) ?? '';
      const changes = [write('a.txt', '2\n')];
      const moved = { kind: 'branch-moved', actual };
      expect(await commit({ branch: 'work', expected: first, parent: first, changes })).toEqual(moved);
      expect(await commit({ branch: 'work', expected: first, parent, changes })).toEqual(moved);
      expect(await commit({ branch: 'work', expected: null, parent, changes })).toEqual(moved);
      expect(await commit({ branch: 'gone', expected: first, parent: first, changes })).toEqual({
        kind: 'branch-moved',
        actual: null,
      });
      expect(await here().head('work')).toBe(actual);
      expect(await here().head('gone')).toBeNull();
    });

    it('remakes a branch of its own from a newer base', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      await here().push('carol', 'aside', { 'b.txt': 'b\n' });
      await here().mergePullRequest('carol', await here().openPullRequest('carol', { head: 'aside' }));
      const parent = (await here().head(defaultBranch)) ?? '';
      const outcome = await commit({ branch: 'work', expected: first, parent, changes: [write('a.txt', '2\n')] });
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect((await here().commitAt('work')).parents).toEqual([parent]);
      expect(await here().text('work', 'b.txt')).toBe('b\n');
    });

    it('takes a blob that the repository holds already', async () => {
      const content = Buffer.from(seed.files['README.md']);
      const blob = blobOf(content);
      await on('work', [{ kind: 'write', path: 'copy.md', content, mode: '100644', blob }]);
      expect(await here().text('work', 'copy.md')).toBe(seed.files['README.md']);
    });

    it.each(doneUnsaid)('finds its own commit after $kind', async (fault) => {
      const parent = (await here().head(defaultBranch)) ?? '';
      here().fault('move-branch', fault);
      const request = { branch: 'work', expected: null, parent, changes: [write('a.txt', '1\n')] };
      const outcome = await commit(request);
      expect(outcome).toEqual({ kind: 'committed', commit: await here().head('work') });
      expect(here().requests('move-branch')).toBe(1);
      here().pass(5000);
      expect(await commit(request)).toEqual(outcome);
      expect((await here().commitAt('work')).parents).toEqual([parent]);
    });

    it.each(notDone)('is unavailable after $kind and leaves the branch alone', async (fault) => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const before = here().requests('move-branch');
      here().fault('move-branch', fault);
      const again = commit({ branch: 'work', expected: first, parent: first, changes: [write('a.txt', '2\n')] });
      expect(await problemOf(again)).toBeInstanceOf(Unavailable);
      expect(here().requests('move-branch') - before).toBe(1);
      expect(await here().head('work')).toBe(first);
    });

    it('is forbidden to move a protected branch', async () => {
      here().protect(defaultBranch, {});
      const parent = (await here().head(defaultBranch)) ?? '';
      const straight = commit({ branch: defaultBranch, expected: parent, parent, changes: [write('a.txt', '1\n')] });
      expect(await problemOf(straight)).toBeInstanceOf(Forbidden);
      expect(await here().head(defaultBranch)).toBe(parent);
    });

    it('commits and deletes nothing once the lane is lost', async () => {
      const first = await on('work', [write('a.txt', '1\n')]);
      const { contents: port } = here().forge;
      const request = {
        ...requestOf({ branch: 'work', expected: first, parent: first, changes: [write('a.txt', '2\n')] }),
      };
      expect(await problemOf(port.commit(lostLock, request))).toBeInstanceOf(Unavailable);
      const deletion = port.deleteBranch(lostLock, here().repository, { name: 'work', expected: first });
      expect(await problemOf(deletion)).toBeInstanceOf(Unavailable);
      expect(await here().head('work')).toBe(first);
    });

    it('deletes a branch only where it is expected, and gladly twice', async () => {
      const name = 'lockkeeper/promotion/api';
      const first = await on(name, [write('a.txt', '1\n')]);
      const second = await here().push('alice', name, { 'a.txt': 'by a person\n' });
      const { contents: port } = here().forge;
      await port.deleteBranch(lock, here().repository, { name, expected: first });
      expect(await here().head(name)).toBe(second);
      await port.deleteBranch(lock, here().repository, { name, expected: second });
      await port.deleteBranch(lock, here().repository, { name, expected: second });
      expect(await here().head(name)).toBeNull();
    });
  });

  type Wanted = Pick<CommitRequest, 'branch' | 'expected' | 'parent' | 'changes'>;
  const requestOf = (wanted: Wanted): CommitRequest => ({
    repository: here().repository,
    message: 'Promote api\n\nLockkeeper-Source: dev',
    ...wanted,
  });
  const commit = (wanted: Wanted) => here().forge.contents.commit(lock, requestOf(wanted));

  async function on(branch: string, changes: readonly FileChange[]): Promise<string> {
    const parent = (await here().head(defaultBranch)) ?? '';
    const outcome = await commit({ branch, expected: null, parent, changes });
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    return outcome.commit;
  }
}

function write(path: string, text: string, mode: '100644' | '100755' = '100644'): FileChange {
  return { kind: 'write', path, content: Buffer.from(text), mode, blob: null };
}

/** Git's id of a file's content. */
function blobOf(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
