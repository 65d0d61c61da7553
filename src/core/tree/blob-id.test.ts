import { expect, test } from 'vitest';
import { blobId } from './blob-id.js';

test.each([
  // `git hash-object` of "a\n" in a repository of either kind.
  ['1'.repeat(40), '78981922613b2afb6025042ff6bd878ac1994e85'],
  ['1'.repeat(64), 'f8625e43f9e04f24291f77cdbe4c71b3c2a3b0003f60419b3ed06a058d766c8b'],
])('names a file as the repository of %s does', (like, name) => {
  expect(blobId(Buffer.from('a\n'), like)).toBe(name);
});
