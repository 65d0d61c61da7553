import { expect, test } from 'vitest';
import type { CommandRights } from '../configuration.js';
import type { PeopleRule } from '../people-rule.js';
import type { Command } from './commands.js';
import { demandedRights, type DemandFacts } from './demanded-rights.js';

const people: PeopleRule = { users: ['alice'], teams: [], permission: null };
const rights: CommandRights = { merge: { '*': people, prod: people }, 'merge-now': { prod: people } };
const planOf = (...envs: string[]): DemandFacts['plan'] => ({
  problems: [],
  targets: envs.map((env) => ({ target: { app: 'api', env } })),
});
const merge: Command = { name: 'merge', when: 'in-turn' };
const mergeNow: Command = { name: 'merge', when: 'now' };

test.each<[string, Command, DemandFacts['plan'], CommandRights, readonly string[]]>([
  ['the one it names', { name: 'unfreeze', env: 'prod' }, planOf('dev'), {}, ['unfreeze prod']],
  ['each that the plan touches, once', merge, planOf('dev', 'prod', 'dev'), rights, ['merge dev', 'merge prod']],
  ['none by name where no target is touched', merge, planOf(), rights, ['merge -']],
  ['all that have people of their own while there is no plan', merge, null, rights, ['merge -', 'merge prod']],
  [
    'all that have people of their own where the plan failed',
    merge,
    { ...planOf('dev'), problems: [{}] } as DemandFacts['plan'],
    rights,
    ['merge -', 'merge prod'],
  ],
  ['now: those of both rights', mergeNow, planOf('prod'), rights, ['merge prod', 'merge-now prod']],
  ['now: without a right of its own, that of merge', mergeNow, planOf('prod'), { merge: {} }, ['merge prod']],
  ['no environment for what changes none', { name: 'help' }, null, rights, ['help -']],
])('demands the right for %s', (_what, command, plan, given, expected) => {
  const demanded = demandedRights({ command, rights: given, plan });
  expect(demanded.map(({ right, environment }) => `${right} ${environment ?? '-'}`)).toEqual(expected);
});
