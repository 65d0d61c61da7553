/** Merges two commits file by file where that needs no look into files; all else is git's to decide. */
import type { TreeChange } from '../../../src/simulator/git/git-objects.js';
import type { ObjectStore } from './object-store.js';

/** What `theirs` changes of `ours`. Files changed on both sides, renames (something gone) and several merge bases are left to git. */
export function mergeFiles(store: ObjectStore, ours: string, theirs: string): readonly TreeChange[] | 'git-decides' {
  const [base, ...others] = store.mergeBases(ours, theirs);
  if (base === undefined || others.length > 0) return 'git-decides';
  const was = store.files(base);
  const mine = store.files(ours);
  const yours = store.files(theirs);
  const ourPaths = new Set(store.changedPaths(base, ours));
  const changes: TreeChange[] = [];
  for (const path of store.changedPaths(base, theirs)) {
    const file = yours.get(path);
    if (file === undefined || !was.has(path)) {
      if (ourPaths.size > 0) return 'git-decides';
    } else if (ourPaths.has(path) && (mine.get(path)?.sha !== file.sha || mine.get(path)?.mode !== file.mode)) {
      return 'git-decides';
    }
    changes.push({ path, mode: file?.mode ?? '100644', sha: file?.sha ?? null });
  }
  const appearing = [...ourPaths].some((path) => !was.has(path) || !mine.has(path));
  return appearing && changes.length > 0 ? 'git-decides' : changes;
}
