import { expect, test } from 'vitest';
import { detectRenderer } from './detect-renderer.js';

const at = (...paths: string[]) => paths.map((path) => ({ path }));

test.each([
  ['kustomization.yaml', 'kustomize'],
  ['kustomization.yml', 'kustomize'],
  ['Kustomization', 'kustomize'],
  ['KUSTOMIZATION.yaml', 'plain'],
  ['deployment.yaml', 'plain'],
  ['base/kustomization.yaml', 'plain'],
] as const)('a directory with %s is rendered by %s', (name, expected) => {
  expect(detectRenderer(at(`apps/api/envs/dev/${name}`, 'apps/api/envs/dev/x.yaml'), 'apps/api/envs/dev')).toBe(
    expected,
  );
});

test('only the directory itself counts', () => {
  const entries = at('apps/api/base/kustomization.yaml', 'apps/api/envs/dev2/kustomization.yaml', 'kustomization.yaml');
  expect(detectRenderer(entries, 'apps/api/envs/dev')).toBe('plain');
  expect(detectRenderer(entries, '')).toBe('kustomize');
});
