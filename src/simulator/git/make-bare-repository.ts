/** Makes an empty bare repository that serves and takes what a forge's does. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installHooks } from './hooks.js';
import { runGitOrThrow } from './run-git.js';

const settings = [
  '[http]\n\treceivepack = true\n',
  '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n',
  // Objects that no ref names yet (the Git Data API makes them) must stay.
  '[gc]\n\tauto = 0\n',
  '[receive]\n\tautogc = false\n',
];

/** Its HEAD names `defaultBranch`, which has no commit yet. */
export async function makeBareRepository(directory: string, defaultBranch: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await runGitOrThrow({
    arguments: ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, directory],
  });
  await appendFile(join(directory, 'config'), settings.join(''));
  await installHooks(directory);
}
