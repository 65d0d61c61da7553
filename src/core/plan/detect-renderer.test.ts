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
  ['Chart.yaml', 'helm'],
  ['charts/x/Chart.yaml', 'plain'],
  ['main.tf', 'terraform'],
  ['prod.tfplan.json', 'terraform'],
  ['modules/main.tf', 'plain'],
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

test('a kustomization comes before a chart, a chart before Terraform files', () => {
  expect(detectRenderer(at('a/Chart.yaml', 'a/kustomization.yaml'), 'a')).toBe('kustomize');
  expect(detectRenderer(at('a/Chart.yaml', 'a/main.tf'), 'a')).toBe('helm');
});

test('the chart that the configuration names counts where it is there', () => {
  const entries = at('charts/api/Chart.yaml', 'envs/dev/values.yaml');
  expect(detectRenderer(entries, 'envs/dev', 'charts/api')).toBe('helm');
  expect(detectRenderer(entries, 'envs/dev', 'charts/web')).toBe('plain');
});
