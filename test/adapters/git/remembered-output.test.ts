import { beforeEach, describe, expect, test } from 'vitest';
import { RememberedOutput } from '../../../src/adapters/git/remembered-output.js';
import { Unavailable } from '../../../src/core/problem.js';
import type { ProcessOutcome, Processes } from '../../../src/ports/processes.js';

const stopping = { controller: new AbortController() };
let asked: string[];
let answer: (command: string) => Promise<ProcessOutcome>;

const ended = (text: string, status = 0): ProcessOutcome => ({
  kind: 'ended',
  status,
  stdout: new TextEncoder().encode(text),
  stderr: status === 0 ? '' : 'fatal: no',
});

beforeEach(() => {
  stopping.controller = new AbortController();
  asked = [];
  answer = async (command) => ended(`of ${command}`);
});

function remembered(capacity?: number): RememberedOutput {
  const { signal } = stopping.controller;
  const processes: Pick<Processes, 'run'> = {
    run: async ({ arguments: [, ...command] }) => {
      if (signal.aborted) return { kind: 'killed', why: 'aborted', stderr: '' };
      asked.push(command.join(' '));
      return answer(command.join(' '));
    },
  };
  const context = { processes: processes as Processes, directory: '/nowhere', label: 'github:acme/config', signal };
  return new RememberedOutput(context, capacity);
}

const text = async (output: Promise<Uint8Array>): Promise<string> => new TextDecoder().decode(await output);

describe('what git said of objects', () => {
  test('is asked for once for each command', async () => {
    const outputs = remembered();
    expect(await text(outputs.of(['ls-tree', 'a b']))).toBe('of ls-tree a b');
    expect(await text(outputs.of(['ls-tree', 'a b']))).toBe('of ls-tree a b');
    await outputs.of(['ls-tree', 'a', 'b']);
    expect(asked).toEqual(['ls-tree a b', 'ls-tree a b']);
  });

  test('is asked again after a failure', async () => {
    const outputs = remembered();
    answer = async () => ended('', 128);
    await expect(outputs.of(['log'])).rejects.toThrow(Unavailable);
    answer = async () => ended('now');
    expect(await text(outputs.of(['log']))).toBe('now');
  });

  test('is forgotten with the mirror, also what was on its way', async () => {
    const outputs = remembered();
    await outputs.of(['log']);
    let arrive = (_outcome: ProcessOutcome): void => undefined;
    answer = () => new Promise((resolve) => (arrive = resolve));
    const late = outputs.of(['diff-tree']);
    outputs.clear();
    arrive(ended('of the old one'));
    expect(await text(late)).toBe('of the old one');
    answer = async () => ended('of the new one');
    expect(await text(outputs.of(['diff-tree']))).toBe('of the new one');
    expect(await text(outputs.of(['log']))).toBe('of the new one');
  });

  test('makes room by what was not used for longest', async () => {
    const outputs = remembered(3 * 700);
    answer = async () => ended('x'.repeat(150));
    for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'b']) await outputs.of([name]);
    expect(asked.join('')).toBe('abcdb');
  });

  test('is not told to who is stopping', async () => {
    const outputs = remembered();
    await outputs.of(['log']);
    stopping.controller.abort();
    await expect(outputs.of(['log'])).rejects.toThrow('Lockkeeper is stopping');
  });
});
