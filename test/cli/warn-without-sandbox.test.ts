import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { warnWithoutSandbox } from '../../src/cli/warn-without-sandbox.js';
import type { SandboxKind } from '../../src/ports/processes.js';
import type { Log } from '../../src/ports/log.js';

it.each([
  ['bubblewrap', []],
  ['limits-only', [expect.stringMatching(/^Rendering has limits but no sandbox: bubblewrap is not installed/)]],
] as const)('says at the start where there is no sandbox: %s', async (kind: SandboxKind, said) => {
  const warned: string[] = [];
  const ignore = (): void => undefined;
  const log: Log = {
    debug: ignore,
    info: ignore,
    warn: (_, message) => warned.push(message),
    error: ignore,
    child: () => log,
  };
  const renderers = { all: [], parallel: availableParallelism(), sandbox: () => Promise.resolve(kind) };
  await warnWithoutSandbox({ renderers, log });
  expect(warned).toEqual(said);
});
