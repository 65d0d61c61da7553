import { expect, test } from 'vitest';
import type { PullRequestKind } from '../configuration.js';
import { mergeMode, type MergeModeFacts } from './merge-mode.js';

const environments: MergeModeFacts['environments'] = [
  { name: 'dev', merge: 'auto' },
  { name: 'test', merge: 'auto' },
  { name: 'prod', merge: 'manual' },
];

test.each<[string, PullRequestKind, readonly string[] | null, 'auto' | 'manual']>([
  ['a bump', 'bump', ['dev'], 'auto'],
  ['a promotion', 'promotion', ['test'], 'auto'],
  ['a bump of two such environments', 'bump', ['dev', 'test'], 'auto'],
  ['a promotion into one that waits for people', 'promotion', ['prod'], 'manual'],
  ['a bump that one of its environments has wait', 'bump', ['dev', 'prod'], 'manual'],
  ['a bump of an environment that nobody configured', 'bump', ['qa'], 'manual'],
  ['a rollback', 'rollback', ['dev'], 'manual'],
  ['a pull request of people', 'other', ['dev'], 'manual'],
  ['a bump without a plan yet', 'bump', null, 'manual'],
  ['a bump that touches no target', 'bump', [], 'manual'],
])('%s', (_what, kind, envs, expected) => {
  const plan = envs === null ? null : { targets: envs.map((env) => ({ target: { app: 'api', env } })) };
  expect(mergeMode({ environments, kind, plan })).toBe(expected);
});
