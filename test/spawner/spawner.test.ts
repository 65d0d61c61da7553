import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Child, ChildEnd } from '../../src/spawner/child.js';
import { Spawner } from '../../src/spawner/spawner.js';
import { PATIENCE, type Every } from '../../src/spawner/watchdog.js';
import { builtPrograms } from '../processes/programs.js';
import { isAlive, until } from '../tools/is-alive.js';

/** Each test has one of its own: some kill it. */
const shell = (spawner: Spawner, script: string, environment: Readonly<Record<string, string>> = {}): Child =>
  spawner.start({ program: 'sh', arguments: ['-c', script], environment });

interface Said {
  readonly end: ChildEnd;
  readonly stdout: string;
  readonly stderr: string;
}

async function said(child: Child, input: string | Buffer = ''): Promise<Said> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.end(input);
  const end = await child.ended;
  return { end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** The spawner's own process: the parent of all that it starts. */
async function processOf(spawner: Spawner): Promise<number> {
  return Number((await said(shell(spawner, 'echo $PPID'))).stdout);
}

/** The first thing a child says. */
async function firstLine(child: Child): Promise<string> {
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return chunk.toString().trim();
}

const WELL: ChildEnd = { kind: 'ended', status: 0 };

describe('a child of the spawner', () => {
  test('keeps its words apart from those of others that run at the same time', async () => {
    const spawner = new Spawner();
    const letters = [...'abcdefghijkl'];
    const each = letters.map((letter) => said(shell(spawner, `head -c 300000 /dev/zero | tr '\\0' ${letter}`)));
    expect(await Promise.all(each)).toEqual(
      letters.map((letter) => ({ end: WELL, stdout: letter.repeat(300_000), stderr: '' })),
    );
  });

  test('is given all of a large input, and nothing of an input that it does not read holds up others', async () => {
    const spawner = new Spawner();
    const deaf = shell(spawner, 'echo here; sleep 600');
    await firstLine(deaf);
    let taken = false;
    deaf.stdin.write(Buffer.alloc(8_000_000), () => (taken = true));
    const counted = await said(shell(spawner, 'wc -c'), Buffer.alloc(8_000_000));
    expect(counted.stdout.trim()).toBe('8000000');
    expect(taken).toBe(false);
    deaf.signal('SIGKILL');
    expect(await said(deaf)).toMatchObject({ end: { kind: 'ended', status: null } });
  });

  test('waits with its output until that is read, and others do not', async () => {
    const spawner = new Spawner();
    const child = shell(spawner, 'head -c 8000000 /dev/zero; echo written >&2');
    const told: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => told.push(chunk.toString()));
    // Starts reading, and stops.
    await once(child.stdout, 'readable');
    // Takes longer to come than what waits would.
    expect((await said(shell(spawner, 'head -c 40000000 /dev/zero'))).stdout.length).toBe(40_000_000);
    expect(told).toEqual([]);
    let length = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) length += chunk.length;
    expect(await child.ended).toEqual(WELL);
    expect([length, told]).toEqual([8_000_000, ['written\n']]);
  });

  test('ends also where nobody wants to read on', async () => {
    const child = shell(new Spawner(), 'head -c 8000000 /dev/zero; exit 3');
    child.stderr.resume();
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) if (chunk.length > 0) break;
    expect(await child.ended).toEqual({ kind: 'ended', status: 3 });
  });

  test('that can’t be started says why', async () => {
    const spawner = new Spawner();
    const start = async (program: string, directory = '/', ...args: string[]) =>
      said(spawner.start({ program, arguments: args, environment: {}, directory }), 'input');
    const failed = (code: string) => ({ end: { kind: 'failed', code }, stdout: '', stderr: '' });
    expect(await start('lockkeeper-no-such-program')).toMatchObject(failed('ENOENT'));
    expect(await start('sh', '/no/such/directory')).toMatchObject(failed('ENOENT'));
    expect(await start('/etc/passwd')).toMatchObject(failed('EACCES'));
    expect(await start('sh', '/', 'a zero \0 byte')).toMatchObject(failed('ERR_INVALID_ARG_VALUE'));
    expect(await said(shell(spawner, 'exit 0'))).toMatchObject({ end: WELL });
  });

  test('sees what it is given, and the spawner nothing', async () => {
    const spawner = new Spawner();
    process.env['SPAWNER_TEST_SECRET'] = 'secret';
    const { stdout } = await said(shell(spawner, 'cat /proc/$PPID/environ; env', { GIVEN: 'yes' }));
    delete process.env['SPAWNER_TEST_SECRET'];
    expect(stdout).not.toContain('secret');
    expect(stdout).toContain('GIVEN=yes');
    expect(stdout).toContain(`PATH=${process.env['PATH']}`);
  });
});

describe('the spawner', () => {
  test('does not end by the signals of a terminal or a service manager', async () => {
    const spawner = new Spawner();
    const child = shell(spawner, 'echo $PPID; read line; echo "$line"');
    const program = Number(await firstLine(child));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(program, signal);
    expect(await said(child, 'still here\n')).toMatchObject({ end: WELL, stdout: 'still here\n' });
    expect(await processOf(spawner)).toBe(program);
  });

  test('is replaced when it was killed, and what it ran is told to be lost and ends', async () => {
    const spawner = new Spawner();
    const child = shell(spawner, 'sleep 600 & echo $PPID $!; wait');
    const [program = 0, sleeper = 0] = (await firstLine(child)).split(' ').map(Number);
    process.kill(program, 'SIGKILL');
    expect(await said(child)).toMatchObject({
      end: { kind: 'lost', why: 'The program that starts others has ended (SIGKILL)' },
    });
    await until(() => !isAlive(sleeper));
    expect(await said(shell(spawner, 'exit 0'))).toMatchObject({ end: WELL });
    expect(await processOf(spawner)).not.toBe(program);
  });
});

describe('a spawner that does not answer', () => {
  /** Beats when it is told to. */
  const beating = () => {
    const beats = new Set<() => void>();
    const every: Every = (beat) => {
      beats.add(beat);
      return () => void beats.delete(beat);
    };
    return { spawner: new Spawner(every), beat: () => beats.forEach((beat) => beat()), watches: () => beats.size };
  };

  test('is replaced, and what it ran is told to be lost and ends', async () => {
    const { spawner, beat } = beating();
    const child = shell(spawner, 'sleep 600 & echo $PPID $!; wait');
    const [program = 0, sleeper = 0] = (await firstLine(child)).split(' ').map(Number);
    process.kill(program, 'SIGSTOP');
    for (let beats = 0; beats <= PATIENCE; beats += 1) beat();
    expect(await said(child)).toMatchObject({
      end: { kind: 'lost', why: 'The program that starts others did not answer any more' },
    });
    await until(() => !isAlive(sleeper) && !isAlive(program));
    expect(await said(shell(spawner, 'exit 0'))).toMatchObject({ end: WELL });
    expect(await processOf(spawner)).not.toBe(program);
  });

  test('is one that says nothing when it is asked, and not one that has nothing to say', async () => {
    const { spawner, beat, watches } = beating();
    const child = shell(spawner, 'echo $PPID; read line');
    const program = Number(await firstLine(child));
    for (let beats = 0; beats < PATIENCE; beats += 1) beat();
    // Its answers come before that of what it is told next.
    expect(await processOf(spawner)).toBe(program);
    for (let beats = 0; beats < PATIENCE; beats += 1) beat();
    expect(await said(child, 'now\n')).toMatchObject({ end: WELL });
    expect(watches()).toBe(0);
  });
});

describe('a program that starts children', () => {
  test('leaves nothing behind when it is killed', async () => {
    const program = spawn(process.execPath, [builtPrograms().startsChildren, 'wait'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    const running = line.toString().trim().split(' ').map(Number);
    expect(running.map(isAlive)).toEqual([true, true, true]);
    program.kill('SIGKILL');
    await until(() => !running.some(isAlive));
  });

  test('ends by itself once they have, and the spawner with it', async () => {
    const program = spawn(process.execPath, [builtPrograms().startsChildren], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    expect(await once(program, 'close')).toEqual([0, null]);
    const [spawner = 0] = line.toString().split(' ').map(Number);
    expect(spawner).toBeGreaterThan(0);
    await until(() => !isAlive(spawner));
  });
});
