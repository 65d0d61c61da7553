import { expect, test } from 'vitest';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import { createSealedCache } from '../../../src/adapters/sealed/sealed-cache.js';

const secret = 'password: hunter-two\n'.repeat(100);

test('gives back what was put, and nothing for what was not', async () => {
  const cache = createSealedCache(new MemoryCache(), 'key');
  for (const value of ['', secret, 'a\0b ü 😀']) {
    await cache.put('a', value);
    expect(await cache.get('a')).toBe(value);
  }
  expect(await cache.get('b')).toBeNull();
});

test('leaves nothing readable, and less than was put', async () => {
  const inner = new MemoryCache();
  await createSealedCache(inner, 'key').put('a', secret);
  const stored = (await inner.get('a')) ?? '';
  for (const text of [stored, Buffer.from(stored, 'base64').toString('latin1')]) expect(text).not.toContain('hunter');
  expect(stored.length).toBeLessThan(secret.length / 2);
});

test('is not opened with another key, in another place, or after it was touched', async () => {
  const inner = new MemoryCache();
  const cache = createSealedCache(inner, 'key');
  await cache.put('a', secret);
  const stored = (await inner.get('a')) ?? '';
  expect(await createSealedCache(inner, 'other').get('a')).toBeNull();
  await inner.put('b', stored);
  expect(await cache.get('b')).toBeNull();
  const touched = Buffer.from(stored, 'base64');
  touched[20] = (touched[20] ?? 0) ^ 1;
  await inner.put('a', touched.toString('base64'));
  expect(await cache.get('a')).toBeNull();
  await inner.put('a', 'text of an older version');
  expect(await cache.get('a')).toBeNull();
});
