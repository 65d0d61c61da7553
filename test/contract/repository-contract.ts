/** What every mirror promises, on a real repository, whatever way it is reached. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/core/problem.js';
import type { Sha } from '../../src/core/ids.js';
import type { GitRemote, LogRange, Mirror } from '../../src/ports/repository.js';
import type { GitOrigin } from './git-origin.js';

export interface RepositoryWorld {
  readonly origin: GitOrigin;
  readonly remote: GitRemote;
  /** A mirror of the remote, as a process that has just started has it; with what an earlier one left. */
  open(): Promise<Mirror>;
  close(): Promise<void>;
}

const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : new TextDecoder().decode(bytes);

/** Names that are harmless to git and hostile to whoever passes them on carelessly. */
const oddNames = [
  '-rf',
  '--help',
  ':(glob)**',
  '"quoted".yaml',
  'back\\slash.yaml',
  'grüße/日本語.yaml',
  'new\nline.yaml',
  'star*.yaml',
  'tab\there.yaml',
];

export function describeRepository(name: string, start: () => Promise<RepositoryWorld>): void {
  describe(`mirror ${name}`, () => {
    let world: RepositoryWorld;
    let origin: GitOrigin;
    let mirror: Mirror;
    let first: Sha;
    const large = 'x'.repeat(1024 * 1024 + 1);

    beforeAll(async () => {
      world = await start();
      ({ origin } = world);
      first = origin.commit({
        'README.md': '# One\n',
        'apps/api/dev.yaml': 'a: 1\n',
        'apps/api-2/dev.yaml': 'b: 1\n',
        'run.sh': { mode: '100755', content: '#!/bin/sh\n' },
        'apps/link': { mode: '120000', content: 'api/dev.yaml' },
        module: { mode: '160000', content: '1'.repeat(40) },
        'large.bin': large,
        ...Object.fromEntries(oddNames.map((path) => [`odd/${path}`, `content of ${path}`])),
      });
      origin.setRef('refs/heads/main', first);
      mirror = await world.open();
    });
    afterAll(() => world.close());

    test('knows the branches as of the last fetch', async () => {
      expect(await mirror.branch('main')).toBe(first);
      const second = origin.change(first, { 'README.md': '# Two\n' });
      origin.setRef('refs/heads/moves', first);
      await mirror.fetch();
      expect(await mirror.branch('moves')).toBe(first);
      origin.setRef('refs/heads/moves', second);
      expect(await mirror.branch('moves')).toBe(first);
      await mirror.fetch();
      expect(await mirror.branch('moves')).toBe(second);
      origin.setRef('refs/heads/moves', first);
      await mirror.fetch();
      expect(await mirror.branch('moves')).toBe(first);
      origin.setRef('refs/heads/moves', null);
      origin.setRef('refs/heads/moves/below', first);
      await mirror.fetch();
      expect(await mirror.branch('moves')).toBeNull();
      expect(await mirror.branch('moves/below')).toBe(first);
    });

    test.each(['nowhere', '', 'main~1', 'main^{tree}', '--all', '../heads/main', 'm*', 'main\n'])(
      'has no branch %j',
      async (wanted) => {
        expect(await mirror.branch(wanted)).toBeNull();
      },
    );

    test('lists all files in byte order, with modes and names as they are', async () => {
      const entries = await mirror.entries(first);
      const paths = entries.map((entry) => entry.path);
      expect(paths).toEqual(paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(paths).toEqual(expect.arrayContaining(oddNames.map((odd) => `odd/${odd}`)));
      const modes = Object.fromEntries(entries.map((entry) => [entry.path, entry.mode]));
      expect(modes).toMatchObject({
        'README.md': '100644',
        'run.sh': '100755',
        'apps/link': '120000',
        module: '160000',
      });
      expect(await mirror.entries(await mirror.treeOf(first))).toEqual(entries);
    });

    test('lists what lies below a directory, and only that', async () => {
      const below = await mirror.entries(first, 'apps/api');
      expect(below.map((entry) => entry.path)).toEqual(['apps/api/dev.yaml']);
      expect(await mirror.entries(first, 'README.md')).toEqual([]);
      expect(await mirror.entries(first, 'apps/ap*')).toEqual([]);
      expect(await mirror.entries(first, 'nowhere')).toEqual([]);
    });

    test.each(oddNames)('reads the file %j', async (odd) => {
      expect(text(await mirror.file(first, `odd/${odd}`))).toBe(`content of ${odd}`);
    });

    test.each([
      'nowhere',
      'apps',
      'module',
      'README.md/x',
      '',
      '/README.md',
      'apps//link',
      '../README.md',
      './README.md',
    ])('has no file %j', async (path) => {
      expect(await mirror.file(first, path)).toBeNull();
    });

    test('reads blobs by id, each once, in bytes', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
      const commit = origin.change(first, { 'bytes.bin': bytes, 'empty.txt': '', 'twin.bin': bytes });
      origin.setRef('refs/heads/bytes', commit);
      await mirror.fetch();
      const entries = await mirror.entries(commit);
      const id = (path: string) => entries.find((entry) => entry.path === path)?.sha ?? '';
      const blobs = await mirror.blobs([id('bytes.bin'), id('empty.txt'), id('twin.bin'), id('README.md')]);
      expect(blobs.size).toBe(3);
      expect(Buffer.from(blobs.get(id('bytes.bin')) ?? []).equals(Buffer.from(bytes))).toBe(true);
      expect(text(blobs.get(id('empty.txt')))).toBe('');
      expect(text(blobs.get(id('README.md')))).toBe('# One\n');
      expect(await mirror.blobs([])).toEqual(new Map());
    });

    test('leaves out blobs over the limit it was given', async () => {
      const readme = origin.blob('# One\n');
      const blobs = await mirror.blobs([origin.blob(large), readme], { maxBytes: 100 });
      expect([...blobs.keys()]).toEqual([readme]);
    });

    test('reads a large blob, wherever it was until then', async () => {
      expect((await mirror.file(first, 'large.bin'))?.length).toBe(large.length);
    });

    test('rejects for a blob that is nowhere', async () => {
      await expect(mirror.blobs(['2'.repeat(40)])).rejects.toBeInstanceOf(Unavailable);
    });

    test('knows what it has, and gets by id what no branch leads to', async () => {
      const hidden = origin.change(first, { 'hidden.yaml': 'h: 1\n' });
      expect(await mirror.has(first)).toBe(true);
      expect(await mirror.has(hidden)).toBe(true);
      expect(text(await mirror.file(hidden, 'hidden.yaml'))).toBe('h: 1\n');
      expect(await mirror.has('3'.repeat(40))).toBe(false);
      expect(await mirror.has('main')).toBe(false);
    });

    test('takes no name or option for an id', async () => {
      await expect(mirror.treeOf('main')).rejects.toThrow('Not a git object id');
      await expect(mirror.entries('--help')).rejects.toThrow('Not a git object id');
      await expect(mirror.merge(first, 'HEAD')).rejects.toThrow('Not a git object id');
    });

    test('says which paths differ, a rename as both', async () => {
      const changed = origin.change(first, {
        'run.sh': null,
        'bin/run.sh': { mode: '100755', content: '#!/bin/sh\n' },
        'README.md': { mode: '100755', content: '# One\n' },
        'odd/new\nline.yaml': 'changed',
      });
      origin.setRef('refs/heads/changed', changed);
      await mirror.fetch();
      const expected = ['README.md', 'bin/run.sh', 'odd/new\nline.yaml', 'run.sh'];
      expect([...(await mirror.changedPaths(first, changed))].toSorted()).toEqual(expected);
      const trees = [await mirror.treeOf(first), await mirror.treeOf(changed)] as const;
      expect([...(await mirror.changedPaths(...trees))].toSorted()).toEqual(expected);
      expect(await mirror.changedPaths(first, first)).toEqual([]);
    });

    test('counts the lines that differ, and does not count what is no text', async () => {
      const changed = origin.change(first, {
        'README.md': '# One\nmore\n',
        'apps/api/dev.yaml': null,
        'new.yaml': 'a\nb\n',
      });
      const [large, binary] = [
        origin.change(first, { 'large.bin': `${'y'.repeat(1024 * 1024 + 1)}\n` }),
        origin.change(first, { x: '\0' }),
      ];
      for (const [name, sha] of Object.entries({ changed, large, binary })) origin.setRef(`refs/heads/${name}`, sha);
      await mirror.fetch();
      expect(await mirror.changedLines(first, changed)).toBe(4);
      expect(await mirror.changedLines(await mirror.treeOf(changed), await mirror.treeOf(first))).toBe(4);
      expect(await mirror.changedLines(first, large)).toBe(2);
      expect(await mirror.changedLines(first, first)).toBe(0);
      expect(await mirror.changedLines(first, binary)).toBeNull();
    });

    test('merges what does not conflict, and names what does', async () => {
      const base = origin.commit({ 'a.yaml': 'a: 1\n', 'b "q"\n.yaml': 'b: 1\n' });
      const left = origin.change(base, { 'a.yaml': 'a: 2\n' });
      const right = origin.change(base, { 'b "q"\n.yaml': 'b: 2\n', 'c.yaml': 'c: 1\n' });
      const clash = origin.change(base, { 'a.yaml': 'a: 3\n', 'b "q"\n.yaml': 'b: 3\n' });
      const apart = origin.commit({ 'z.yaml': 'z: 1\n' });
      Object.entries({ left, right, clash, apart }).forEach(([ref, sha]) => origin.setRef(`refs/heads/m/${ref}`, sha));
      await mirror.fetch();
      const merged = await mirror.merge(left, right);
      if (merged.kind !== 'merged') throw new Error('not merged');
      expect(text(await mirror.file(merged.tree, 'a.yaml'))).toBe('a: 2\n');
      expect(text(await mirror.file(merged.tree, 'b "q"\n.yaml'))).toBe('b: 2\n');
      expect(await mirror.treeOf(merged.tree)).toBe(merged.tree);
      expect(await mirror.merge(left, clash)).toEqual({ kind: 'conflict', paths: ['a.yaml'] });
      expect(await mirror.merge(right, clash)).toEqual({ kind: 'conflict', paths: ['b "q"\n.yaml'] });
      expect(await mirror.merge(left, apart)).toEqual({ kind: 'conflict', paths: [] });
      expect(await mirror.mergeBase(left, right)).toBe(base);
      expect(await mirror.mergeBase(left, apart)).toBeNull();
      // What it would be, as a commit that others can be merged into; always the same one.
      const presumed = (await mirror.presume(left, right)) ?? '';
      expect(await mirror.treeOf(presumed)).toBe(merged.tree);
      expect([await mirror.presume(left, right), await mirror.presume(left, clash)]).toEqual([presumed, null]);
      expect(await mirror.merge(presumed, right)).toEqual(merged);
    });

    test('merges large files too, fetching what it needs', async () => {
      const line = (n: number) => `${String(n).padStart(99, '0')}\n`;
      const lines = Array.from({ length: 11_000 }, (_, n) => line(n));
      const base = origin.commit({ 'big.txt': lines.join('') });
      const left = origin.change(base, { 'big.txt': ['left\n', ...lines].join('') });
      const right = origin.change(base, { 'big.txt': [...lines, 'right\n'].join('') });
      origin.setRef('refs/heads/big/left', left);
      origin.setRef('refs/heads/big/right', right);
      await mirror.fetch();
      const merged = await mirror.merge(left, right);
      if (merged.kind !== 'merged') throw new Error('not merged');
      const result = text(await mirror.file(merged.tree, 'big.txt'));
      expect([result?.startsWith('left\n'), result?.endsWith('right\n')]).toEqual([true, true]);
    });

    test('tells commits newest first, along first parents or all of them, as they were written', async () => {
      const author = { name: 'Zoë "Z" x', email: 'zoe@example.test' };
      const message = 'Set a to 2\n\nBecause.\n\nTrailer: yes\n';
      const one = origin.commit({ 'a.yaml': 'a: 1\n', '*.yaml': 's: 1\n' }, { message: 'Begin\n' });
      const two = origin.change(one, { 'a.yaml': 'a: 2\n' }, { message, author });
      const side = origin.change(one, { '*.yaml': 's: 2\n' }, { message: 'Aside\n' });
      const three = origin.change(two, { '*.yaml': 's: 2\n' }, { parents: [two, side], message: 'Merge aside\n' });
      const four = origin.change(three, { 'b.yaml': 'b: 1\n' }, { message: '' });
      origin.setRef('refs/heads/log', four);
      await mirror.fetch();
      const whole: LogRange = { from: null, to: four, paths: [], limit: 10, walk: 'first-parents' };
      const log = async (range: Partial<LogRange>) =>
        (await mirror.log({ ...whole, ...range })).map((commit) => commit.sha);
      expect(await log({})).toEqual([four, three, two, one]);
      expect(await log({ limit: 2 })).toEqual([four, three]);
      expect(await log({ from: two })).toEqual([four, three]);
      expect(await log({ from: four })).toEqual([]);
      expect(await log({ paths: ['a.yaml'] })).toEqual([two, one]);
      expect(await log({ paths: ['*.yaml'] })).toEqual([three, one]);
      expect(await log({ walk: 'every-commit' })).toEqual([four, three, side, two, one]);
      expect(await log({ walk: 'every-commit', from: two })).toEqual([four, three, side]);
      expect(await log({ walk: 'every-commit', paths: ['*.yaml'] })).toContain(side);
      const [, , second] = await mirror.log(whole);
      expect(second).toMatchObject({ sha: two, parents: [one], subject: 'Set a to 2', message });
      expect(second).toMatchObject({ authorName: 'Zoë "Z" x', authorEmail: author.email, committerName: 'Forge' });
      expect(second?.committedAt).toBe(Number(origin.git(['log', '-1', '--format=%ct', two])) * 1000);
    });

    test('brings the heads of pull requests', async () => {
      const head = origin.change(first, { 'from-fork.yaml': 'f: 1\n' });
      const { forge } = world.remote.repository;
      origin.setRef(forge === 'github' ? 'refs/pull/7/head' : 'refs/merge-requests/7/head', head);
      await mirror.fetch();
      expect(text(await mirror.file(head, 'from-fork.yaml'))).toBe('f: 1\n');
    });

    test('a second process finds what the first one made', async () => {
      const again = await world.open();
      expect(await again.branch('main')).toBe(first);
      expect(text(await again.file(first, 'README.md'))).toBe('# One\n');
    });
  });
}
