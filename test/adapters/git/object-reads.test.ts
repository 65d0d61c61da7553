// Trees and histories that are read without git are what git itself tells, also of what no person would write.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Commits } from '../../../src/adapters/git/commits.js';
import { compareTrees } from '../../../src/adapters/git/compare-trees.js';
import { findMergeBase } from '../../../src/adapters/git/find-merge-base.js';
import { listTree } from '../../../src/adapters/git/list-tree.js';
import { ObjectReader } from '../../../src/adapters/git/object-reader.js';
import { LOG_FORMAT, parseLog } from '../../../src/adapters/git/parse-git-output.js';
import { Trees } from '../../../src/adapters/git/trees.js';
import { walkLog } from '../../../src/adapters/git/walk-log.js';
import { Unavailable } from '../../../src/core/problem.js';
import type { Sha } from '../../../src/core/ids.js';
import type { LogRange } from '../../../src/ports/repository.js';
import { GitOrigin, processes } from '../../contract/git-origin.js';
import { chanceOf, randomHistory } from './random-history.js';

let origin: GitOrigin;
let reader: ObjectReader;
let trees: Trees;
let commits: Commits;

async function open(format: string): Promise<void> {
  origin = await GitOrigin.make({}, format);
  const { signal } = new AbortController();
  const context = { processes, directory: origin.directory, label: 'github:acme/config', signal };
  reader = new ObjectReader(context, () => undefined);
  trees = new Trees(context.label, async (sha) => {
    const object = await reader.contents(sha);
    if (object === null) throw new Unavailable(`no ${sha}`);
    return object;
  });
  commits = new Commits((sha) => reader.contents(sha));
}

async function close(): Promise<void> {
  await reader.close();
  await origin.remove();
}

const lines = (output: string): readonly string[] => output.split('\0').filter((line) => line !== '');

/** As `git ls-tree` lists it. */
async function listing(tree: Sha): Promise<readonly string[]> {
  const kind = (mode: string): string => (mode === '160000' ? 'commit' : 'blob');
  return (await listTree(trees, tree)).map(({ path, mode, sha }) => `${mode} ${kind(mode)} ${sha}\t${path}`);
}

describe.each(['sha1', 'sha256'])('with %s', (format) => {
  beforeEach(() => open(format));
  afterEach(close);

  test.each(format === 'sha1' ? [8] : [5])('a random history reads as git reads it (%i)', async (seed) => {
    const stream = randomHistory(seed, 24).replaceAll(/^(M 160000 )(\d)\d+ /gm, (_, mode: string, digit: string) => {
      return `${mode}${digit.repeat(format === 'sha1' ? 40 : 64)} `;
    });
    origin.git(['fast-import', '--quiet', '--done', '--date-format=raw-permissive'], stream);
    const refs = origin.git(['for-each-ref', '--format=%(objectname) %(tree)']).split('\n');
    const tips = refs.map((line) => line.split(' ') as [commit: Sha, tree: Sha]);
    const chance = chanceOf(seed);
    const answered = { base: 0, log: 0 };
    for (let round = 0; round < 6; round += 1) {
      const [[a, treeOfA], [b, treeOfB]] = [
        tips[chance(tips.length)] ?? ['', ''],
        tips[chance(tips.length)] ?? ['', ''],
      ];
      expect(await listing(treeOfA)).toEqual(lines(origin.git(['ls-tree', '-r', '-z', a])));
      const differing = lines(origin.git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', a, b]));
      expect(await compareTrees(trees, treeOfA, treeOfB)).toEqual(differing);
      const base = await findMergeBase(commits, a, b);
      if (base !== 'ask-git') answered.base += 1;
      if (base !== 'ask-git') expect(base).toBe(origin.tries(['merge-base', a, b]));
      for (const walk of ['first-parents', 'every-commit'] as const) {
        const [path = 'a'] = differing;
        for (const from of [null, b])
          for (const paths of from === null ? [[], [path]] : [[]]) {
            const range: LogRange = { from, to: a, paths, limit: 5 + chance(30), walk };
            const told = await walkLog({ commits, trees }, range);
            if (told === 'ask-git') continue;
            answered.log += 1;
            expect(told, JSON.stringify(range)).toEqual(logOf(range));
          }
      }
    }
    expect([answered.base > 3, answered.log > 12]).toEqual([true, true]);
  });
});

function logOf({ from, to, paths, limit, walk }: LogRange): unknown {
  const along = walk === 'first-parents' ? '--first-parent' : '--full-history';
  const range = [to, ...(from === null ? [] : [`^${from}`]), '--', ...paths];
  return parseLog(
    origin.bytes(['--literal-pathspecs', 'log', '-z', along, LOG_FORMAT, `--max-count=${limit}`, ...range]),
  );
}

describe('trees that no git would write', () => {
  beforeEach(() => open('sha1'));
  afterEach(close);

  const blob = '1'.repeat(40);
  const item = (mode: string, name: string, sha = blob): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]);
  const plant = (...items: readonly Buffer[]): Sha =>
    origin.git(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], Buffer.concat(items));

  test('read as git reads them: twice the same name, out of order, names that lead upwards, old modes', async () => {
    const inner = plant(item('100664', 'z'), item('100755', 'a'), item('40000', '..', plant(item('100644', '.git'))));
    const one = plant(item('100644', 'x'), item('100644', 'x', '2'.repeat(40)), item('040000', 'd', inner));
    const two = plant(item('100644', 'x', '3'.repeat(40)), item('40000', 'x', inner), item('160000', 'b'));
    for (const tree of [one, two])
      expect(await listing(tree)).toEqual(lines(origin.git(['ls-tree', '-r', '-z', tree])));
    for (const [before, after] of [[one, two] as const, [two, one] as const]) {
      const told = lines(origin.git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', before, after]));
      expect(await compareTrees(trees, before, after)).toEqual(told);
    }
  });

  test.each([
    ['a slash in a name', [item('100644', 'a/b')]],
    ['no name', [item('100644', '')]],
    ['no mode', [item('', 'a')]],
    ['a mode that is no number', [item('10x644', 'a')]],
    ['an id that is cut', [item('100644', 'a').subarray(0, -1)]],
    [
      'a file where a tree should be',
      [item('40000', 'a', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'), item('40000', 'b')],
    ],
  ])('are refused for %s', async (_, items) => {
    await expect(listTree(trees, plant(...items))).rejects.toBeInstanceOf(Unavailable);
  });

  test('are refused where they name one another without end', async () => {
    let [wide, deep] = [plant(item('100644', 'a')), plant(item('100644', 'a'))];
    for (let level = 0; level < 9; level += 1)
      wide = plant(...Array.from('abcdefghijklmnop', (name) => item('40000', name, wide)));
    await expect(compareTrees(trees, null, wide)).rejects.toThrow('lists more files than can be read');
    expect(await compareTrees(trees, wide, wide)).toEqual([]);
    const levels = new Map<Sha, Sha>();
    for (let level = 0; level < 2_100; level += 1) {
      const above = level.toString(16).padStart(40, '0');
      levels.set(above, deep);
      deep = above;
    }
    const chain = new Trees('github:acme/config', async (sha) => {
      const bytes = item('40000', 'a', levels.get(sha) ?? blob);
      return { type: 'tree', size: bytes.length, bytes };
    });
    await expect(listTree(chain, deep)).rejects.toThrow('2048 directories deep');
    await expect(compareTrees(chain, null, deep)).rejects.toThrow('2048 directories deep');
  });
});
