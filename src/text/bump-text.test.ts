import { expect, test } from 'vitest';
import { bumpBody, bumpTitle } from './bump-text.js';

test('a bump', () => {
  const image = {
    app: 'api',
    image: 'ghcr.io/acme/api',
    version: '1.1.0@sha256:abc',
    source: 'https://ci.example/run/1',
  };
  expect(bumpTitle('dev', [image, { ...image, app: 'web' }])).toBe('Bump api to 1.1.0 and web to 1.1.0 in dev');
  expect(bumpTitle('dev', Array(9).fill(image) as (typeof image)[])).toBe(
    'Bump api to 1.1.0, api to 1.1.0, api to 1.1.0 and 6 more in dev',
  );
  expect(bumpBody('dev', [image])).toMatchInlineSnapshot(`
    "New images for **dev**:

    - **api**: \`ghcr.io/acme/api\` to \`1.1.0@sha256:abc\` (from \`https://ci.example/run/1\`)

    Further bumps of this moment join this pull request until it is merged."
  `);
  expect(bumpBody('dev', Array(5000).fill(image) as (typeof image)[]).length).toBeLessThan(65_000);
});
