import { expect, test } from 'vitest';
import { listContext } from './list-rules.js';

test.each([
  ['v1', 'kubernetes'],
  ['apps/v1', 'kubernetes'],
  ['rbac.authorization.k8s.io/v1', 'kubernetes'],
  ['gateway.networking.k8s.io/v1', 'other'],
  ['argoproj.io/v1alpha1', 'other'],
  ['', 'other'],
])('%s is an API of %s', (apiVersion, expected) => {
  expect(listContext(apiVersion)).toBe(expected);
});
