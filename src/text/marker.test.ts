import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { formatMarker, readMarker, type MarkerPlace } from './marker.js';

const signer = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest('base64url');
const sign = signer('key');
const here: MarkerPlace = { repository: { forge: 'github', path: 'acme/config' }, number: 7 };
const read = (body: string, place = here) => readMarker(body, 'state', place, sign);
const marker = formatMarker('state', { head: 'ä-->' }, here, sign);

describe('readMarker', () => {
  it('gives back what was put in, whatever follows', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.string(), (payload, rest) => {
        const written = formatMarker('state', payload, here, sign);
        expect(written.slice('<!--'.length, -'-->'.length)).not.toMatch(/>|\n/);
        expect(read(`${written}\n${rest}`)).toEqual(JSON.parse(JSON.stringify(payload)));
      }),
    );
  });

  test.each<[string, string, MarkerPlace]>([
    ['nothing', '', here],
    ['words before it', `x${marker}`, here],
    ['a line before it', `\n${marker}`, here],
    ['another pull request', marker, { ...here, number: 8 }],
    ['another repository', marker, { ...here, repository: { forge: 'github', path: 'acme/other' } }],
    ['another forge', marker, { ...here, repository: { forge: 'gitlab', path: 'acme/config' } }],
    ['a number that runs into the path', marker, { repository: { forge: 'github', path: 'acme/config#7' }, number: 7 }],
    ['another kind', marker.replace('state', 'answer'), here],
    ['another key', formatMarker('state', {}, here, signer('other')), here],
    ['an unfinished marker', marker.slice(0, -4), here],
    ['no signature', '<!-- lockkeeper:state e30. -->', here],
    ['no payload', `<!-- lockkeeper:state .${sign('')} -->`, here],
  ])('finds none in %s', (_what, body, place) => {
    expect(read(body, place)).toBeNull();
  });

  it('finds none once any character is another or missing', () => {
    const end = marker.length;
    for (let at = 0; at < end; at += 1) {
      expect(read(marker.slice(0, at) + marker.slice(at + 1)), `without ${at}`).toBeNull();
      expect(
        read(`${marker.slice(0, at)}${marker[at] === 'A' ? 'B' : 'A'}${marker.slice(at + 1)}`),
        `at ${at}`,
      ).toBeNull();
    }
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `<!-- lockkeeper:state ${text} -->`),
        ),
        (body) => {
          expect(read(body)).toBeNull();
        },
      ),
    );
    const signedNonsense = (encoded: string) =>
      `<!-- lockkeeper:state ${encoded}.${sign(`github:acme/config#7:state:${encoded}`)} -->`;
    for (const encoded of ['A', '____', 'bm90IGpzb24', 'gICA']) expect(read(signedNonsense(encoded))).toBeNull();
  });

  it('takes time in proportion to the length', () => {
    const started = performance.now();
    for (const body of [
      '<!-- lockkeeper:state '.repeat(50_000),
      `<!-- lockkeeper:state ${'A'.repeat(1_000_000)}`,
      `<!-- lockkeeper:state ${'A.'.repeat(500_000)}`,
    ])
      expect(read(body)).toBeNull();
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('reads what it wrote, however much', () => {
    const payload = { left: 'x'.repeat(20_000) };
    expect(read(formatMarker('state', payload, here, sign))).toEqual(payload);
  });
});
