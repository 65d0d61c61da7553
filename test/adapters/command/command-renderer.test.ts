import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCommandRenderer, type RenderCommands } from '../../../src/adapters/command/create-command-renderer.js';
import type { RenderResult, RenderSource } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { renderedText, RenderWorld } from '../../contract/renderer-contract.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

function run(commands: RenderCommands, more: Partial<RenderSource> = {}): Promise<RenderResult> {
  const renderer = createCommandRenderer({
    processes,
    commands,
    temporaryDirectory: world.temporaryDirectory,
    limits: { milliseconds: 5_000, outputBytes: 10_000 },
  });
  return world.render(renderer, { 'app/a.txt': 'x', 'lib/b.txt': 'y' }, { command: 'show', ...more });
}

test('gets the target in its arguments, no shell, and the whole tree', async () => {
  const show = [
    'sh',
    '-c',
    'printf "%s\\n" "$@"; cat lib/b.txt',
    'sh',
    '{app}/{env}',
    '{directory}',
    '$(id); {x}',
  ] as const;
  expect(renderedText(await run({ show }))).toBe('api/dev\n./app\n$(id); {x}\ny');
});

test('that no setting defines is named, with those that are', async () => {
  const result = { kind: 'failed', file: '.lockkeeper.yaml', message: expect.stringContaining('it defines `other`') };
  expect(await run({ other: ['true'] })).toMatchObject(result);
  expect(await run({ other: ['true'] }, { command: 'constructor' })).toMatchObject(result);
});

test('that is not installed is a missing tool', async () => {
  expect(await run({ show: ['no-such-program'] })).toMatchObject({ kind: 'tool-missing', tool: 'no-such-program' });
});

test.each([
  [['sh', '-c', 'echo no >&2; pwd >&2; exit 3'], 'no\n.'],
  [['yes'], 'the command show printed too much and was ended'],
  [['sh', '-c', 'printf "\\377"'], 'the command show printed what is no UTF-8 text'],
] as const)('%j fails with words', async (show, message) => {
  expect(await run({ show })).toEqual({ kind: 'failed', file: null, message });
  expect(await world.leftovers()).toEqual([]);
});

test('is not given a name that would be an option', async () => {
  expect(await run({ show: ['echo', '{app}'] }, { target: { app: '-x', env: 'dev' } })).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('option'),
  });
});
