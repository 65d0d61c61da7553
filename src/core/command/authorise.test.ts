import { describe, expect, it } from 'vitest';
import type { CommandRights } from '../configuration.js';
import type { PeopleRule } from '../people-rule.js';
import type { PersonFacts } from '../policy/among-people.js';
import { authorise, peopleFor } from './authorise.js';

const people = (rule: Partial<PeopleRule>): PeopleRule => ({ users: [], teams: [], permission: null, ...rule });
const person = (facts: Partial<PersonFacts>): PersonFacts => ({
  login: 'alice',
  permission: 'write',
  teams: {},
  ...facts,
});
const RELEASE = people({ teams: ['acme/release'] });
const rights: CommandRights = { promote: { prod: RELEASE, '*': people({ permission: 'maintain' }) } };

describe('authorise', () => {
  it.each([
    ['named', people({ users: ['Alice'] }), person({ permission: 'read' }), 'allowed', { kind: 'name' }],
    [
      'named without access',
      people({ users: ['alice'] }),
      person({ permission: 'none' }),
      'refused',
      { kind: 'no-access' },
    ],
    [
      'permission unknown',
      people({ users: ['alice'] }),
      person({ permission: 'unknown' }),
      'refused',
      { kind: 'permission-unknown' },
    ],
    [
      'enough permission',
      people({ permission: 'write' }),
      person({ permission: 'maintain' }),
      'allowed',
      { kind: 'permission', permission: 'maintain' },
    ],
    [
      'too little permission',
      people({ permission: 'write' }),
      person({ permission: 'triage' }),
      'refused',
      { kind: 'not-among' },
    ],
    [
      'of the team',
      RELEASE,
      person({ teams: { 'acme/release': 'member' } }),
      'allowed',
      { kind: 'team', team: 'acme/release' },
    ],
    [
      'not of the team',
      RELEASE,
      person({ permission: 'admin', teams: { 'acme/release': 'not-member' } }),
      'refused',
      { kind: 'not-among' },
    ],
    [
      'team unknown',
      RELEASE,
      person({ teams: { 'acme/release': 'unknown' } }),
      'refused',
      { kind: 'team-unknown', team: 'acme/release' },
    ],
    ['team never asked for', RELEASE, person({}), 'refused', { kind: 'team-unknown', team: 'acme/release' }],
    [
      'one team unknown, of another',
      people({ teams: ['a', 'b'] }),
      person({ teams: { a: 'unknown', b: 'member' } }),
      'allowed',
      { kind: 'team', team: 'b' },
    ],
  ] as const)('%s', (_, rule, who, kind, because) => {
    const answer = authorise({ command: 'merge', environment: null, rights: { merge: { '*': rule } }, person: who });
    expect(answer).toMatchObject({ kind, because });
    if (answer.kind === 'refused') expect(answer.whoIs).toBe(rule);
  });

  it('takes the right of the environment, else of every one, else write permission', () => {
    expect(peopleFor(rights, 'promote', 'prod')).toBe(RELEASE);
    expect(peopleFor(rights, 'promote', 'test').permission).toBe('maintain');
    expect(peopleFor(rights, 'promote', null).permission).toBe('maintain');
    expect(peopleFor(rights, 'merge', 'prod').permission).toBe('write');
    expect(peopleFor({ promote: { prod: RELEASE } }, 'promote', 'constructor').permission).toBe('write');
  });
});
