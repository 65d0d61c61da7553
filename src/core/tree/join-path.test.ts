import fc from 'fast-check';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { joinPath } from './join-path.js';

it('joins as POSIX does, without a slash at the end', () => {
  const part = fc.constantFrom('a', 'b', '..', '.', '');
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/').replace(/^\/+/, ''));
  fc.assert(
    fc.property(path, path, (directory, relative) => {
      const joined = posix.join(directory, relative).replace(/\/$/, '');
      expect(joinPath(directory, relative)).toBe(joined === '.' ? '' : joined);
    }),
  );
});
