/** Attempts to get out: each succeeds without the sandbox, which shows that it is the sandbox that holds it. */
import { readdir, readFile, rm, symlink, writeFile, mkdir, mkdtemp, realpath, access } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { sandboxed } from '../../../src/adapters/sandbox/sandboxed.js';
import type { ProcessOutcome, ProcessRequest, Processes } from '../../../src/ports/processes.js';
import { describeWithTool } from '../../tools/require-tool.js';

const path = process.env['PATH'] ?? '';
const bare = createProcesses({ path });
const confined = sandboxed(bare, { path, parallel: 2 });
const limited = sandboxed(bare, { path, parallel: 2, bubblewrap: 'off' });
const SECRET = 'secret-of-the-sandbox-test';

let folder = '';
let tree = '';
let home = '';
let outside = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sandbox-test-')));
  [tree, home, outside] = [join(folder, 'tree'), join(folder, 'home'), join(folder, 'outside')];
  await Promise.all([tree, home, outside].map((directory) => mkdir(directory)));
  await writeFile(join(outside, 'secret'), SECRET);
  await writeFile(join(tree, 'file.yaml'), 'in: tree\n');
  await symlink(join(outside, 'secret'), join(tree, 'link.yaml'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(
  processes: Processes,
  script: string,
  more: Partial<ProcessRequest['limits']> = {},
): Promise<ProcessOutcome> {
  return processes.run({
    program: 'bash',
    arguments: ['-c', script],
    directory: tree,
    environment: { HOME: home },
    limits: { milliseconds: 20_000, outputBytes: 100_000, ...more },
    disk: { read: [tree], write: [], scratch: [home], programs: [] },
  });
}

/** What a script printed, failing or not. */
async function printed(processes: Processes, script: string): Promise<string> {
  const outcome = await run(processes, script);
  if (outcome.kind !== 'ended') throw new Error(JSON.stringify(outcome));
  return Buffer.from(outcome.stdout).toString();
}

/** Programs that run with this text among their arguments. */
async function running(text: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(Number(name));
  }
  return found;
}

async function gone(text: string): Promise<boolean> {
  for (let looks = 0; looks < 200; looks += 1) {
    if ((await running(text)).length === 0) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

describeWithTool('bubblewrap', 'in bubblewrap', () => {
  test('says so', async () => {
    expect(await confined.describe()).toBe('bubblewrap');
  });

  test('a program sees the tree, a home of its own and the system’s programs', async () => {
    const look = 'cat file.yaml; pwd; echo ok > "$HOME/x"; cat "$HOME/x"; ls ..; ls /etc/passwd /home /var 2>/dev/null';
    expect(await printed(confined, look)).toBe(`in: tree\n${tree}\nok\nhome\ntree\n`);
    expect(await readdir(home)).toEqual([]);
  });

  test.each([
    ['reads a file beside the tree', () => `cat ${outside}/secret`],
    ['follows a link out of the tree', () => 'cat link.yaml'],
    ['climbs out of the tree', () => 'cat ../outside/secret'],
    ['looks below the root of the parent', () => `cat /proc/${process.pid}/root${outside}/secret`],
    ['reads through the working directory of the parent', () => `cat /proc/${process.ppid}/root${outside}/secret`],
  ])('nothing %s', async (_, script) => {
    expect(await printed(bare, script())).toBe(SECRET);
    expect(await printed(confined, script())).toBe('');
  });

  test('nothing is written outside, nor in the tree', async () => {
    for (const place of [`${outside}/written`, `${tree}/written`, '/usr/written-by-the-sandbox-test']) {
      expect(await printed(confined, `echo x > ${place} && echo done`)).toBe('');
      await expect(access(place)).rejects.toThrow('ENOENT');
    }
    expect(await printed(bare, `echo x > ${outside}/written && echo done`)).toBe('done\n');
    await rm(join(outside, 'written'));
  });

  test('nothing reaches a server on this machine', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const call = `exec 3<>/dev/tcp/127.0.0.1/${(server.address() as AddressInfo).port} && cat <&3; echo tried`;
    expect(await printed(confined, call)).not.toContain('connected');
    expect(calls).toBe(0);
    await printed(bare, call);
    expect(calls).toBe(1);
    await new Promise((resolve) => server.close(resolve));
  });

  test('no environment of another program is read, and no other program is seen or ended', async () => {
    let hear = (): void => undefined;
    const started = new Promise<void>((resolve) => (hear = resolve));
    const other = bare.start({
      program: 'sh',
      arguments: ['-c', 'echo started; exec sleep 4242.01'],
      environment: { SECRET },
      onOutput: hear,
    });
    await started;
    const attack = `cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c '^SECRET=${SECRET}'; true`;
    const [pid = 0] = await running('4242.01');
    expect(Number(await printed(bare, attack))).toBeGreaterThan(0);
    expect(Number(await printed(confined, attack))).toBe(0);
    expect(await printed(confined, `kill -9 ${pid} 2>/dev/null && echo killed; kill -9 -1 2>/dev/null; true`)).toBe('');
    expect(await running('4242.01')).toEqual([pid]);
    other.stop();
    await other.ended;
  });

  test('what detaches itself ends with the rest', async () => {
    const attack = (length: string) => `setsid sleep ${length} >/dev/null 2>&1 </dev/null & sleep 0.1`;
    await printed(bare, attack('4242.02'));
    const survivors = await running('4242.02');
    expect(survivors.length).toBe(1);
    for (const pid of survivors) process.kill(pid, 'SIGKILL');
    await printed(confined, attack('4242.03'));
    expect(await gone('4242.03')).toBe(true);
  });

  test('a program outside the system’s places is seen, and what lies beside the tree is not', async () => {
    const tools = join(folder, 'tools');
    await mkdir(tools);
    await writeFile(join(tools, 'my-tool'), '#!/bin/sh\necho my-tool ran; ls ../outside\n', { mode: 0o755 });
    const own = `${tools}:${path}`;
    const processes = sandboxed(createProcesses({ path: own }), { path: own, parallel: 1 });
    const request = { arguments: [], environment: {}, limits: { milliseconds: 10_000, outputBytes: 1000 } };
    const outcome = await processes.run({ ...request, program: 'my-tool' });
    expect(outcome.kind === 'ended' && Buffer.from(outcome.stdout).toString()).toBe('my-tool ran\n');
  });
});

describe.each([
  ['bubblewrap, or limits where it does not work', confined],
  ['limits only', limited],
])('with %s', (_, processes) => {
  test('nothing of our environment is there', async () => {
    process.env['SANDBOX_TEST_SECRET'] = SECRET;
    expect(await printed(processes, 'env')).not.toContain(SECRET);
    delete process.env['SANDBOX_TEST_SECRET'];
  });

  test('what sleeps for ever is ended, with what it started', async () => {
    const outcome = await run(processes, 'sleep 4242.04 & sleep 4242.04', { milliseconds: 300 });
    expect(outcome).toMatchObject({ kind: 'killed', why: 'time' });
    expect(await gone('4242.04')).toBe(true);
  });

  test('what prints without end is ended', async () => {
    expect(await run(processes, 'yes', { outputBytes: 10_000 })).toMatchObject({ kind: 'killed', why: 'output' });
  });

  test('what multiplies is ended', async () => {
    const bomb = 'for i in $(seq 150); do sleep 4242.05 & done; sleep 4242.05';
    expect(await run(processes, bomb, { processes: 100 })).toMatchObject({ kind: 'killed', why: 'processes' });
    expect(await gone('4242.05')).toBe(true);
    // A handful is let be.
    const few = await run(processes, 'for i in 1 2 3; do sleep 0.3 & done; wait; echo done', { processes: 100 });
    expect(few).toMatchObject({ kind: 'ended', status: 0 });
  });

  test('memory, CPU and the size of files are capped', async () => {
    const limits = await printed(
      processes,
      'ulimit -v; ulimit -t; ulimit -c; truncate -s 300M "$HOME/big" && echo made',
    );
    expect(limits).toBe('4194304\n300\n0\n');
    expect(await printed(bare, 'truncate -s 300M "$HOME/big" && echo made && rm "$HOME/big"')).toBe('made\n');
  });

  test('a program that is not there is said to be so', async () => {
    const request = { program: 'no-such-tool', arguments: [], environment: {} };
    const outcome = await processes.run({ ...request, limits: { milliseconds: 1000, outputBytes: 1000 } });
    expect(outcome).toEqual({ kind: 'not-found' });
  });

  test('no more run at once than there are places', async () => {
    const two = sandboxed(bare, { path, parallel: 2, ...(processes === limited ? { bubblewrap: 'off' } : {}) });
    const place = join(folder, 'running');
    await mkdir(place, { recursive: true });
    const most = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const mark = join(place, String(index));
        const outcome = await two.run({
          program: 'bash',
          arguments: ['-c', `touch ${mark}; ls ${place} | wc -l; sleep 0.05; rm ${mark}`],
          environment: {},
          limits: { milliseconds: 10_000, outputBytes: 1000 },
          disk: { read: [], write: [place], scratch: [], programs: [] },
        });
        return outcome.kind === 'ended' ? Number(Buffer.from(outcome.stdout).toString()) : Infinity;
      }),
    );
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
  });
});

test('without bubblewrap it says limits only', async () => {
  expect(await limited.describe()).toBe('limits-only');
  expect(await sandboxed(createProcesses({ path: '/bin' }), { path: '/nowhere', parallel: 1 }).describe()).toMatch(
    /^(bubblewrap|limits-only)$/,
  );
});
