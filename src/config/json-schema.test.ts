import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from './json-schema.js';
import { FULL, SMALL, valid } from './testing/example-configuration.js';

describe('the JSON Schema', () => {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(configurationSchema());

  it.each([
    ['the example', FULL],
    ['a small file', SMALL],
  ])('accepts %s', (_, text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('accepts what the reader accepts, and the page shows a valid example', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const example = /```yaml\n([^`]+)```/.exec(page)?.[1] ?? '';
    expect(valid(example).policy.rules).toHaveLength(3);
    expect(validate(parse(example))).toBe(true);
  });

  it.each([
    'layuot: {}',
    'render: docker',
    'helm: { chart: /x }',
    'notify: [a]',
    'queue: { method: fast }',
    'commands: { promote: { prod: {}, x: 1 } }',
  ])('refuses %s', (line) => {
    expect(validate(parse(`${SMALL}${line}`))).toBe(false);
  });
});
