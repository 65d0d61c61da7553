/** How `.lockkeeper.yaml` names people. */
import type { PeopleRule } from '../core/people-rule.js';
import { choice, fields, list, optional, text, type Complaint, type Produced } from './shape.js';
import { login, team } from './text-formats.js';

const SOME = { min: 1, max: 100 };

export const PEOPLE_KEYS = ['users', 'teams', 'permission'];

/** For other shapes that name people and more. */
export const peopleFields = {
  users: optional(list(text(login), SOME), 'Logins.', 'nobody by name'),
  teams: optional(list(text(team), SOME), "`org/team` on GitHub, a group's full path on GitLab.", 'nobody by team'),
  permission: optional(
    choice(['read', 'triage', 'write', 'maintain', 'admin']),
    'Everyone with at least this permission on the repository.',
    'nobody by permission',
  ),
};

export const people = fields('people', peopleFields, {
  check: ({ users, teams, permission }): readonly Complaint[] =>
    users === null && teams === null && permission === null
      ? [{ key: null, message: 'This names nobody: give `users`, `teams` or `permission`.' }]
      : [],
});

type PeopleInFile = Produced<typeof people>;

export function peopleOf({ users, teams, permission }: PeopleInFile): PeopleRule {
  return { users: users ?? [], teams: teams ?? [], permission };
}
