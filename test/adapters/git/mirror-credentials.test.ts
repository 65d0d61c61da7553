// Secrets and addresses of mirrors: where they are used, and where they never stand.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import { GitHttpServer } from '../../contract/git-origin.js';
import { everyFile, failure, MirrorsUnderTest, repository, secret } from './mirrors-under-test.js';

const basic = Buffer.from(`${secret.username}:${secret.password}`).toString('base64');

let under: MirrorsUnderTest;
beforeEach(async () => {
  under = await MirrorsUnderTest.start();
});
afterEach(() => under.close());

describe('credentials', () => {
  test('are asked for at each fetch and stand in no command, file or log line', async () => {
    let asked = 0;
    const mirror = await under.mirrors().of(under.remote(async () => ((asked += 1), secret)));
    expect(asked).toBe(1);
    under.server.credentials = { username: 'x-access-token', password: 'ghs_second' };
    const wrong = await failure(mirror.fetch());
    expect(wrong).toBeInstanceOf(Unavailable);
    expect(wrong.message).toContain('git fetch of github:acme/config failed');
    under.server.credentials = secret;
    await mirror.fetch();
    expect(asked).toBe(3);
    const traces = [wrong.message, ...under.lines, ...under.commands, await everyFile(under.dataDirectory)].join('\n');
    for (const hidden of [secret.password, basic]) expect(traces).not.toContain(hidden);
  });

  test('are used for what is fetched later', async () => {
    const mirror = await under.mirrors().of(under.remote());
    const before = under.fetches();
    await mirror.file(under.first, 'a.yaml');
    expect(under.fetches()).toBe(before);
    expect((await mirror.file(under.first, 'large.bin'))?.length).toBe(1024 * 1024 + 1);
    expect(under.fetches()).toBe(before + 1);
    await mirror.file(under.first, 'large.bin');
    expect(under.fetches()).toBe(before + 1);
  });

  test('in the address itself are not sent and not shown', async () => {
    const cloneUrl = under.server.cloneUrl.replace('//', '//bob:hunter2@');
    expect(await (await under.mirrors().of(under.remote(async () => secret, cloneUrl))).branch('main')).toBe(
      under.first,
    );
    const gone = under.server.cloneUrl.replace('//', '//bob:hunter2@').replace('origin.git', 'gone.git');
    const error = await failure(
      under.mirrors().of({ ...under.remote(), repository: { ...repository, path: 'a/gone' }, cloneUrl: gone }),
    );
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).not.toContain('hunter2');
  });
});

describe('addresses', () => {
  test.each([
    'ext::sh -c "exit 1"',
    'ssh://git@example.test/x',
    'git@example.test:x.git',
    'git://example.test/x',
    '-x',
    '',
  ])('%j is refused', async (cloneUrl) => {
    expect(await failure(under.mirrors().of(under.remote(async () => secret, cloneUrl)))).toBeInstanceOf(Forbidden);
  });

  test('may change', async () => {
    const made = under.mirrors();
    const mirror = await made.of(under.remote());
    const moved = await GitHttpServer.start(under.origin, secret);
    const second = under.origin.change(under.first, { 'a.yaml': 'a: 2\n' });
    under.origin.setRef('refs/heads/main', second);
    under.server.beforeAnswer = async () => ({ status: 410 });
    expect(await made.of(under.remote(async () => secret, moved.cloneUrl))).toBe(mirror);
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(second);
    await moved.close();
  });
});
