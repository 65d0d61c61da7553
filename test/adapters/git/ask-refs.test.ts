import { expect, test } from 'vitest';
import { parseRefs } from '../../../src/adapters/git/ask-refs.js';

const sha = 'a'.repeat(40);
const line = (text: string): string => `${(Buffer.byteLength(text) + 5).toString(16).padStart(4, '0')}${text}\n`;
const parse = (text: string) => parseRefs(Buffer.from(text));

test('refs are told by name, whatever else is said of them', () => {
  const answer = `${line(`${sha} HEAD symref-target:refs/heads/main`)}${line(`${sha} refs/heads/grün`)}0000`;
  expect(parse(answer)).toEqual(
    new Map([
      ['HEAD', sha],
      ['refs/heads/grün', sha],
    ]),
  );
  expect(parse('0000')).toEqual(new Map());
});

test.each([
  ['nothing', ''],
  ['a page', '<!doctype html><title>Sign in</title>'],
  ['an error', line('ERR access denied')],
  ['another protocol', `${line('# service=git-upload-pack')}0000`],
  ['a list that was cut off', line(`${sha} refs/heads/main`)],
  ['a line that was cut off', `${line(`${sha} refs/heads/main`).slice(0, 30)}`],
  ['something after the end', `0000${line(`${sha} refs/heads/main`)}`],
  ['a length of nothing', '0004'],
  ['no ids', `${line('unborn HEAD symref-target:refs/heads/main')}0000`],
])('%s is no list of refs', (_, answer) => {
  expect(parse(answer)).toBeNull();
});
