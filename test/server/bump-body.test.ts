// What the body of an image bump may say, and the words for what it may not.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUMP, DIGEST, problemsOf } from './bump-requests.js';
import { HmacReader, ServerUnderTest, TOKEN } from './server-under-test.js';

describe('image bumps', () => {
  let under: ServerUnderTest;
  beforeEach(async () => {
    under = await ServerUnderTest.start();
  });
  afterEach(() => under.stop());

  describe('the body', () => {
    test('every problem is told at once', async () => {
      expect(
        await problemsOf(under, {
          repositroy: 'acme/config',
          forge: 'bitbucket',
          image: 'ghcr.io/acme/api:1.1.0',
          tag: 17,
          digest: 'sha256:abc',
          source: 'javascript:alert(1)',
          id: '../x',
          colour: 'red',
        }),
      ).toMatchInlineSnapshot(`
        {
          "colour": "This field is unknown. Known are forge, repository, image, tag, digest, source, id.",
          "digest": "This must be "sha256:" and 64 hexadecimal digits.",
          "forge": "This must be "github" or "gitlab", which is configured here.",
          "id": "This must be 1 to 200 letters, digits and . _ : @ / + = -, a letter or digit first.",
          "image": "This must not hold a tag. Send "ghcr.io/acme/api" as "image" and "1.1.0" as "tag".",
          "repository": "This field is required.",
          "repositroy": "This field is unknown. Did you mean "repository"?",
          "source": "This must be an http or https URL without a user name or password.",
          "tag": "This must be a string.",
        }
      `);
    });

    test.each([
      ['nothing', '', 'The body is empty; it must be a JSON object.'],
      ['no JSON', '{"tag": secret', 'The body is not JSON in UTF-8.'],
      ['a list', '[]', 'The body must be a JSON object.'],
      ['null', 'null', 'The body must be a JSON object.'],
      ['a string', '"x"', 'The body must be a JSON object.'],
    ])('%s is refused', async (_name, body, message) => {
      const answer = await under.bump(body);
      expect([answer.status, answer.json]).toEqual([
        400,
        { error: 'The image bump was refused.', problems: [{ field: null, message }] },
      ]);
    });

    test('bytes that are not UTF-8 are refused', async () => {
      const answer = await under.request('/api/v1/bumps', {
        method: 'POST',
        body: Buffer.from([0x7b, 0xff, 0x7d]),
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(400);
    });

    test('a key that every object has is unknown all the same', async () => {
      const body = JSON.stringify(BUMP).replace('{', '{"__proto__": {"tag": "2"}, "constructor": 1, ');
      expect(Object.keys((await under.bump(body)).json as object)).toContain('problems');
      expect(await problemsOf(under, body)).toHaveProperty('constructor');
    });

    test('another type than JSON: 415', async () => {
      expect((await under.bump(BUMP, { 'content-type': 'text/plain' })).status).toBe(415);
      expect((await under.bump(BUMP, { 'content-type': 'application/jsonp' })).status).toBe(415);
      expect((await under.bump(BUMP, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(202);
    });

    test('more than 64 KiB: 413', async () => {
      const answer = await under.bump({ ...BUMP, source: `https://ci.example/${'x'.repeat(65_536)}` });
      expect([answer.status, answer.json]).toEqual([413, { error: 'The body is larger than 65536 bytes.' }]);
    });

    test('what is null counts as not given', async () => {
      expect((await under.bump({ ...BUMP, digest: null, source: null, id: null })).status).toBe(202);
      expect(await problemsOf(under, { ...BUMP, tag: null })).toEqual({ tag: 'This field is required.' });
    });

    test('everything that is required is asked for', async () => {
      expect(Object.keys(await problemsOf(under, {}))).toEqual(['forge', 'repository', 'image', 'tag']);
    });
  });

  describe('forge', () => {
    test('need not be said where there is one only', async () => {
      under = await under.restart({ readers: [new HmacReader('gitlab')] });
      expect((await under.bump({ repository: 'a/b/c', image: 'api', tag: '1' })).status).toBe(202);
      expect((await under.inbox.waiting())[0]?.event).toMatchObject({ repository: { forge: 'gitlab', path: 'a/b/c' } });
    });

    test('must be one that is configured', async () => {
      under = await under.restart({ readers: [new HmacReader('gitlab')] });
      expect(await problemsOf(under, BUMP)).toEqual({ forge: 'This must be "gitlab", which is configured here.' });
    });

    test('must be said where there are two', async () => {
      const { forge: _forge, ...rest } = BUMP;
      expect(await problemsOf(under, rest)).toEqual({ forge: 'Say which forge: github or gitlab.' });
    });
  });

  describe('fields', () => {
    test.each([
      ['image', 'nginx'],
      ['image', 'library/nginx'],
      ['image', 'localhost:5000/acme/api'],
      ['image', 'registry.example.com:443/a/b__c/d-e.f'],
      ['image', '123456789.dkr.ecr.eu-west-1.amazonaws.com/api'],
      ['tag', 'v1.2.3_rc-1'],
      ['tag', 'a'.repeat(128)],
      ['digest', DIGEST],
      ['source', 'https://github.com/acme/api/actions/runs/1?a=b#c'],
      ['repository', 'acme/config.yaml_-1'],
    ])('%s is taken, case %#', async (field, value) => {
      expect((await under.bump({ ...BUMP, [field]: value })).status).toBe(202);
    });

    test.each([
      ['image', 'ghcr.io/acme/api:1.1.0', 'Send "ghcr.io/acme/api" as "image" and "1.1.0" as "tag".'],
      ['image', 'api:1.1.0', 'Send "api" as "image" and "1.1.0" as "tag".'],
      ['image', 'localhost:5000/api:1.1.0', 'Send "localhost:5000/api" as "image"'],
      ['image', `ghcr.io/acme/api@${DIGEST}`, 'must not hold a digest'],
      ['image', `ghcr.io/acme/api:1@${DIGEST}`, 'must not hold a digest'],
      ['image', 'ghcr.io/acme/api:', 'no image name'],
      ['image', 'ghcr.io/Acme/api', 'no image name'],
      ['image', 'ghcr.io//api', 'no image name'],
      ['image', '../api', 'no image name'],
      ['image', 'api\nimage: evil', 'no image name'],
      ['image', '', 'no image name'],
      ['image', `a/${'a'.repeat(254)}`, 'longer than 255'],
      ['image', ['api'], 'must be a string'],
      ['tag', '', 'no image tag'],
      ['tag', '1.0 ', 'no image tag'],
      ['tag', '-1', 'no image tag'],
      ['tag', '1.0\n', 'no image tag'],
      ['tag', 'a'.repeat(129), 'no image tag'],
      ['tag', '${{x}}', 'no image tag'],
      ['tag', `1.0@${DIGEST}`, 'must not hold a digest'],
      ['tag', 1.1, 'must be a string'],
      ['digest', 'sha256:ABC', '64 hexadecimal digits'],
      ['digest', `${DIGEST}\n`, '64 hexadecimal digits'],
      ['digest', 'sha512:' + 'a'.repeat(128), '64 hexadecimal digits'],
      ['source', 'ftp://x', 'http or https'],
      ['source', 'https://user@x/', 'without a user name'],
      ['source', 'https://:pass@x/', 'without a user name'],
      ['source', 'https://x/) [evil](https://y', 'http or https'],
      ['source', 'https://x/<script>', 'http or https'],
      ['source', '/relative', 'http or https'],
      ['source', `https://x/${'a'.repeat(2_048)}`, 'longer than 2048'],
      ['repository', 'acme', '"owner/name"'],
      ['repository', 'acme/config/more', '"owner/name"'],
      ['repository', 'acme/..', '"owner/name"'],
      ['repository', 'acme/con fig', '"owner/name"'],
      ['repository', `acme/${'a'.repeat(255)}`, 'longer than 255'],
      ['id', '', '1 to 200'],
      ['id', 'a'.repeat(201), '1 to 200'],
      ['id', 'a b', '1 to 200'],
    ])('%s is refused, case %#', async (field, value, words) => {
      const found = await problemsOf(under, { ...BUMP, [field]: value });
      expect(Object.keys(found)).toEqual([field]);
      expect(found[field]).toContain(words);
    });
  });
});
