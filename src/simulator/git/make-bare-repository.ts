/** Makes an empty bare repository that serves and takes what a forge's does, as `git init --bare` would, without starting it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installHooks } from './hooks.js';

const FOLDERS = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'];

const SETTINGS = [
  '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n',
  '[http]\n\treceivepack = true\n',
  '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n',
  // Objects that no ref names yet (the Git Data API makes them) must stay.
  '[gc]\n\tauto = 0\n',
  '[receive]\n\tautogc = false\n',
].join('');

/** Its HEAD names `defaultBranch`, which has no commit yet. Source of the files: gitrepository-layout(5). */
export async function makeBareRepository(directory: string, defaultBranch: string): Promise<void> {
  await Promise.all(FOLDERS.map((folder) => mkdir(join(directory, folder), { recursive: true })));
  await Promise.all([
    writeFile(join(directory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`),
    writeFile(join(directory, 'config'), SETTINGS),
    installHooks(directory),
  ]);
}
