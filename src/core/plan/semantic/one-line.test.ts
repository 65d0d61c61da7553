import { expect, test } from 'vitest';
import { oneLineYaml } from './one-line.js';

test.each<[unknown, number, string, string]>([
  ['abc', 10, 'abc', 'whole'],
  ['abcdefghijk', 10, 'abcdefghi…', 'cut'],
  [['a', 'b', 'c', 'd', 'e'], 8, '[a, b, …', 'cut'],
  [{ b: 1n, a: null }, 20, '{a: null, b: 1}', 'whole'],
  ['é😀😀😀', 5, 'é😀…', 'cut'],
  [[], 10, '[]', 'whole'],
  ['', 10, '""', 'whole'],
])('%s in %i characters', (value, limit, text, extent) => {
  expect(oneLineYaml(value, limit)).toEqual({ text, extent });
});
