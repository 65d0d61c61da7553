import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { config, secret } from './testing/objects.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

const SEALED = 'ENC[AES256_GCM,data:abc=,iv:x=,tag:y=,type:str]';
test.each<[string, Side, Side, string[]]>([
  ['one that comes', null, secret({ stringData: { p: 'x' } }), ['plain-secret']],
  ['one that changes', secret({ data: { p: 'eA==' } }), secret({ data: { p: 'eQ==', q: 'eQ==' } }), ['plain-secret']],
  ['one that goes', secret({ data: { p: 'eA==' } }), null, []],
  ['its label', secret({ data: { p: 'eA==' } }), secret({ data: { p: 'eA==' } }, { labels: { a: 'b' } }), []],
  ['one that was encrypted', secret({ data: { p: SEALED } }), secret({ data: { p: 'eA==' } }), ['plain-secret']],
  ['one that is encrypted', null, secret({ data: { p: SEALED }, sops: { mac: SEALED } }), []],
  ['one that says so only', null, secret({ data: { p: 'eA==' }, sops: {} }), ['plain-secret']],
  ['one that is encrypted in part', null, secret({ data: { p: SEALED, q: 'eA==' }, sops: {} }), ['plain-secret']],
  ['one whose values come from elsewhere', null, secret({ stringData: { p: '<path:secret/data/x#p>' } }), []],
  ['an empty one', null, secret({ type: 'Opaque' }), []],
  [
    'a sealed secret',
    null,
    object('bitnami.com/v1alpha1', 'SealedSecret', { spec: { encryptedData: { p: 'x' } } }),
    [],
  ],
  ['an external secret', null, object('external-secrets.io/v1', 'ExternalSecret', { spec: { data: [] } }), []],
  ['a config map', null, config({ data: { p: 'x' } }), []],
  [
    'one of another generated name',
    secret({ data: { p: 'eA==' } }, { name: 'x-4k2h79gmt5' }),
    secret({ data: { p: 'eQ==' } }, { name: 'x-72b8tc6k9d' }),
    ['plain-secret'],
  ],
])('secret: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});
