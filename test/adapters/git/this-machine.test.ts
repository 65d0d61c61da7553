// What mirrors need of this machine, and where on it they are.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkGit } from '../../../src/adapters/git/check-git.js';
import { createMirrors } from '../../../src/adapters/git/create-mirrors.js';
import { networkSettings } from '../../../src/adapters/git/git-environment.js';
import { mirrorDirectory } from '../../../src/adapters/git/mirror-directory.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import type { Log } from '../../../src/ports/log.js';
import type { Processes } from '../../../src/ports/processes.js';
import { processes } from '../../contract/git-origin.js';
import { failure, MirrorsUnderTest } from './mirrors-under-test.js';

let under: MirrorsUnderTest;
beforeEach(async () => {
  under = await MirrorsUnderTest.start();
});
afterEach(() => under.close());

describe('this machine', () => {
  test('has a git that will do', async () => {
    expect(await checkGit(processes)).toEqual({ kind: 'usable', version: expect.stringMatching(/^\d+\.\d+/) });
  });

  test.each([
    ['git version 2.37.9', 'git 2.37.9 is too old: install git 2.38 or newer from your system’s packages'],
    ['git version 1.99', 'git 1.99 is too old: install git 2.38 or newer from your system’s packages'],
    ['nonsense', 'git does not say its version: install git 2.38 or newer from your system’s packages'],
  ])('with %s is told what to do', async (answer, message) => {
    const old: Processes = {
      ...processes,
      run: async () => ({ kind: 'ended', status: 0, stdout: Buffer.from(answer), stderr: '' }),
    };
    expect(await checkGit(old)).toEqual({ kind: 'unusable', message });
  });

  test('without git is told so, by mirrors too', async () => {
    const none = createProcesses({ path: under.origin.folder });
    const message = 'git is not installed: install git 2.38 or newer from your system’s packages';
    expect(await checkGit(none)).toEqual({ kind: 'unusable', message });
    const made = createMirrors({ dataDirectory: under.dataDirectory, processes: none, log: console as unknown as Log });
    expect((await failure(made.of(under.remote()))).message).toBe(message);
  });

  test('passes on its proxies and certificate authorities, nothing else', () => {
    const settings = networkSettings({ HTTPS_PROXY: 'http://p', GIT_SSL_CAINFO: '/ca', HOME: '/h', GIT_TRACE: '1' });
    expect(settings).toEqual({ HTTPS_PROXY: 'http://p', GIT_SSL_CAINFO: '/ca' });
  });

  test('keeps mirrors apart, whatever their paths', () => {
    const at = (path: string, forge: 'github' | 'gitlab' = 'github') => mirrorDirectory('/data', { forge, path });
    expect(at('acme/config')).toBe('/data/mirrors/github/acme%2Fconfig.git');
    const all = ['a/b', 'a%2Fb', '..', '../..', 'g/'.repeat(200), `${'g/'.repeat(200)}x`].map((path) => at(path));
    expect(new Set([...all, at('a/b', 'gitlab')]).size).toBe(7);
    for (const path of all) expect(path).toMatch(/^\/data\/mirrors\/github\/[^/]{1,200}\.git$/);
  });
});
