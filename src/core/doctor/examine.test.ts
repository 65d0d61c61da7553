import { expect, test } from 'vitest';
import { examine, type BotGrants, type BranchGuards, type Examined, type Finding } from './examine.js';

const SAFE: BranchGuards = {
  required: { names: ['lockkeeper/plan', 'lockkeeper/policy'], extent: 'named-only' },
  directPushes: 'nobody',
  forcePushes: 'forbidden',
  deletion: 'forbidden',
  bypass: [],
  upToDate: 'not-demanded',
  reporters: 'bot',
  ownQueue: 'not-required',
};
const GRANTED: BotGrants = { missingPermissions: [], missingEvents: [] };
const github = (guards: Partial<BranchGuards> = {}, grants: Partial<BotGrants> = {}): Examined => ({
  forge: 'github',
  branch: 'main',
  guards: { ...SAFE, ...guards },
  grants: { ...GRANTED, ...grants },
});
const found = (examined: Examined, wanted: readonly Finding['level'][]): readonly string[] =>
  examine(examined)
    .filter(({ level }) => wanted.includes(level))
    .map(({ level, topic }) => `${level} ${Object.values(topic).join(' ')}`);

test('finds nothing wrong where nothing is', () => {
  expect(found(github(), ['unsafe', 'unknown'])).toEqual([]);
  const required = { names: [], extent: 'every-reported' } as const;
  expect(found({ ...github({ required }), forge: 'gitlab' }, ['unsafe', 'unknown'])).toEqual([]);
});

const planOnly = { names: ['lockkeeper/plan'], extent: 'named-only' } as const;

test.each<[string, Examined, string]>([
  ['a check that is not required', github({ required: planOnly }), 'own-check lockkeeper/policy'],
  ['pipelines that may fail', { ...github(), forge: 'gitlab' }, 'pipelines'],
  ['checks that others may report', github({ reporters: 'whoever-may-write' }), 'reporters whoever-may-write'],
  ['direct pushes', github({ directPushes: 'whoever-may-write' }), 'direct-pushes'],
  ['force pushes', github({ forcePushes: 'allowed' }), 'force-pushes'],
  ['deletion', github({ deletion: 'allowed' }), 'deletion'],
  ['who goes past the rules', github({ bypass: ['administrators', 'team sre'] }), 'bypass administrators,team sre'],
  ['missing permissions', github({}, { missingPermissions: ['checks: write'] }), 'permissions checks: write'],
  ['missing events', github({}, { missingEvents: ['push'] }), 'events push'],
])('%s: unsafe', (_what, examined, expected) => {
  expect(found(examined, ['unsafe'])).toEqual([`unsafe ${expected}`]);
});

test.each<[string, Partial<BranchGuards>, readonly string[]]>([
  ['branches that need not be up to date', {}, ['note up-to-date not-demanded']],
  ['branches that must be', { upToDate: 'demanded' }, ['note up-to-date demanded']],
  ['a queue of the forge', { ownQueue: 'required' }, ['note up-to-date not-demanded', 'note own-queue']],
  ['statuses', { reporters: 'anyone' }, ['note reporters anyone', 'note up-to-date not-demanded']],
  ['no checks to report', { reporters: 'not-required' }, ['note up-to-date not-demanded']],
])('%s: good to know', (_what, guards, expected) => {
  expect(found(github(guards), ['note'])).toEqual(expected);
});

test('what could not be read is never safe', () => {
  const guards = {
    directPushes: 'unknown',
    forcePushes: 'unknown',
    deletion: 'unknown',
    bypass: 'unknown',
    upToDate: 'unknown',
    reporters: 'unknown',
  } as const;
  const examined = github(guards, { missingPermissions: 'unknown', missingEvents: 'unknown' });
  expect(found(examined, ['unknown'])).toHaveLength(8);
  expect(found(examined, ['ok'])).toEqual(['ok own-check lockkeeper/plan', 'ok own-check lockkeeper/policy']);
});
