import { describe, expect, test } from 'vitest';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { Unavailable } from '../../../src/core/problem.js';
import type { ProcessRequest } from '../../../src/ports/processes.js';
import { isAlive, until } from '../../tools/is-alive.js';

const processes = createProcesses({ path: process.env['PATH'] ?? '' });
const limits = { milliseconds: 20_000, outputBytes: 1_000 };

const shell = (script: string, more: Partial<ProcessRequest> = {}) =>
  processes.run({ program: 'sh', arguments: ['-c', script], environment: {}, limits, ...more });

describe('a process', () => {
  test('answers with its status and both outputs', async () => {
    const outcome = await shell('cat; echo no >&2; exit 3', { input: 'yes' });
    expect(outcome).toEqual({ kind: 'ended', status: 3, stdout: Buffer.from('yes'), stderr: 'no\n' });
  });

  test('sees nothing but what it is given', async () => {
    const outcome = await shell('env', { environment: { GIVEN: '1' } });
    const names =
      outcome.kind === 'ended'
        ? Buffer.from(outcome.stdout)
            .toString()
            .match(/^\w+(?==)/gm)
        : null;
    const bySelf = ['PWD', 'OLDPWD', '_', 'SHLVL'];
    expect(names?.filter((name) => !bySelf.includes(name)).toSorted()).toEqual(['GIVEN', 'LC_ALL', 'PATH']);
  });

  test('may end without reading its input', async () => {
    expect(await shell('exit 0', { input: 'x'.repeat(10_000_000) })).toMatchObject({ kind: 'ended', status: 0 });
  });

  test('that does not exist is not found', async () => {
    const request = { program: 'lockkeeper-no-such-program', arguments: [], environment: {}, limits };
    expect(await processes.run(request)).toEqual({ kind: 'not-found' });
  });

  test('is ended after its time, with what it started, even where that does not want to', async () => {
    const script = `trap '' TERM; sh -c "trap '' TERM; echo \\$\\$ >&2; while :; do sleep 1; done" & wait; sleep 600`;
    const outcome = await shell(script, { limits: { ...limits, milliseconds: 300 } });
    if (outcome.kind !== 'killed') throw new Error(outcome.kind);
    expect(outcome.why).toBe('time');
    const grandchild = Number(outcome.stderr.trim());
    expect(grandchild).toBeGreaterThan(0);
    await until(() => !isAlive(grandchild));
  });

  test('is ended when it says too much, on either output', async () => {
    expect(await shell('yes')).toMatchObject({ kind: 'killed', why: 'output' });
    expect(await shell('yes >&2')).toMatchObject({ kind: 'killed', why: 'output' });
    expect(await shell('yes | head -c 1000')).toMatchObject({ kind: 'ended' });
  });

  test('is ended on demand, or not started', async () => {
    const stop = new AbortController();
    const running = shell('sleep 600', { signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ kind: 'killed', why: 'aborted' });
    expect(await shell('exit 0', { signal: stop.signal })).toMatchObject({ kind: 'killed', why: 'aborted' });
  });

  test('takes what it left running with it', async () => {
    const outcome = await shell('sleep 600 & echo $!');
    const left = outcome.kind === 'ended' ? Number(Buffer.from(outcome.stdout).toString()) : 0;
    expect(left).toBeGreaterThan(0);
    await until(() => !isAlive(left));
  });

  test('that ends by a signal says so', async () => {
    expect(await shell('kill -9 $$')).toMatchObject({ kind: 'killed', why: 'signal' });
  });
});

describe('when what starts programs ends', () => {
  test('a run is to be tried again, and the next one works', async () => {
    await expect(shell('kill -9 $PPID; sleep 600')).rejects.toThrow(Unavailable);
    expect(await shell('echo again')).toMatchObject({ kind: 'ended', stdout: Buffer.from('again\n') });
  });

  test('a live process has ended', async () => {
    const live = processes.start({
      program: 'sh',
      arguments: ['-c', 'kill -9 $PPID; sleep 600'],
      environment: {},
      onOutput: () => undefined,
    });
    expect(await live.ended).toMatchObject({ kind: 'killed', why: 'signal' });
  });
});

describe('a live process', () => {
  test('answers as long as it is needed', async () => {
    const heard: string[] = [];
    const onOutput = (chunk: Uint8Array): void => void heard.push(Buffer.from(chunk).toString());
    const live = processes.start({ program: 'cat', arguments: [], environment: {}, onOutput });
    live.write('one\n');
    await until(() => heard.join('') === 'one\n');
    live.write('two\n');
    await until(() => heard.join('') === 'one\ntwo\n');
    live.stop();
    expect(await live.ended).toMatchObject({ kind: 'killed', why: 'aborted' });
  });

  test('that is not there ends as not found', async () => {
    const request = { program: 'lockkeeper-no-such-program', arguments: [], environment: {} };
    const live = processes.start({ ...request, onOutput: () => undefined });
    live.write('hello\n');
    expect(await live.ended).toEqual({ kind: 'not-found' });
  });
});
