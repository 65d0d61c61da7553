import { describe, expect, it, test } from 'vitest';
import { examine, type BotGrants, type BranchGuards, type Examined } from '../core/doctor/examine.js';
import { findingWords, type FindingWords } from './doctor-text.js';

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
const say = (examined: Examined): readonly FindingWords[] =>
  examine(examined).map((finding) => findingWords(finding, examined));

describe('the doctor’s words', () => {
  test.each<[string, Examined, string]>([
    [
      'a check',
      github({ required: { names: ['lockkeeper/plan'], extent: 'named-only' } }),
      'lockkeeper/policy is not required',
    ],
    ['pipelines', { ...github(), forge: 'gitlab' }, 'can be merged by hand'],
    ['checks of others', github({ reporters: 'whoever-may-write' }), 'in the bot’s place'],
    ['direct pushes', github({ directPushes: 'whoever-may-write' }), 'past the policy'],
    ['force pushes', github({ forcePushes: 'allowed' }), 'Force pushes to main are allowed'],
    ['deletion', github({ deletion: 'allowed' }), 'main can be deleted'],
    ['bypass', github({ bypass: ['administrators', 'team sre'] }), 'bypass the rules: administrators, team sre'],
    ['permissions', github({}, { missingPermissions: ['checks: write'] }), 'lacks permissions: checks: write'],
    ['events', github({}, { missingEvents: ['push'] }), 'not told of: push'],
  ])('says that %s are unsafe, and what to change', (_, examined, words) => {
    const unsafe = say(examined).filter(({ level }) => level === 'unsafe');
    expect(unsafe.map(({ what }) => what)).toEqual([expect.stringContaining(words)]);
    expect(unsafe[0]?.change).toMatch(/Settings|Members/);
  });

  it.each([
    ['github', 'requires GitHub’s merge queue', 'Require merge queue'],
    ['gitlab', 'Merge trains are on', 'Enable merge trains'],
  ] as const)('tells of the queue of %s, and how to do without', (forge, what, change) => {
    const { grants } = github();
    const notes = (guards: BranchGuards) =>
      say({ forge, branch: 'main', grants, guards }).filter(({ level }) => level === 'note');
    expect(notes(SAFE)).toHaveLength(1);
    const found = notes({ ...SAFE, ownQueue: 'required' }).find((finding) => finding.what.includes(what));
    expect(found?.change).toContain(change);
  });

  it('says what it could not read, and never that it is safe', () => {
    const nothing = {
      directPushes: 'unknown',
      forcePushes: 'unknown',
      deletion: 'unknown',
      bypass: 'unknown',
      upToDate: 'unknown',
      reporters: 'unknown',
    } as const;
    const found = say(github(nothing, { missingPermissions: 'unknown', missingEvents: 'unknown' }));
    const unknown = found.filter(({ level }) => level === 'unknown');
    expect(unknown).toHaveLength(8);
    expect(new Set(unknown.map(({ what }) => what)).size).toBe(8);
    expect(unknown.every(({ change }) => change === null)).toBe(true);
  });
});
