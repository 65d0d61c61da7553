/** Control: what there is, accounts, permissions, teams. */
import { accessLevels } from '../forge/access-level.js';
import { accepted } from './control-call.js';
import type { ControlContext, ControlRoute } from './control-call.js';

export const peopleRoutes: readonly ControlRoute[] = [
  { method: 'GET', path: '', handle: (_call, context) => overview(context) },
  {
    method: 'POST',
    path: '/users',
    handle: (call, { forge }) => {
      const [login, name] = [call.text('login'), call.optionalText('name')];
      const token = call.optionalText('token') ?? `${login}-token`;
      forge.people.addUser(name === undefined ? { login } : { login, name });
      forge.people.addToken({ value: token, login, kind: 'personal' });
      return { login, token };
    },
  },
  {
    method: 'POST',
    path: '/repositories/:owner/:repository/permissions',
    handle: (call, { forge }) =>
      accepted(forge.people.setCollaborator(call.repository, call.text('login'), call.word('level', accessLevels))),
  },
  {
    method: 'POST',
    path: '/teams/:organisation/:slug',
    handle: (call, { forge }) => {
      const team = `${call.parameter('organisation')}/${call.parameter('slug')}`;
      accepted(forge.people.setTeamMember(team, call.text('login'), call.word('membership', ['in', 'out'])));
    },
  },
];

function overview({ forge, url }: ControlContext): unknown {
  const { state } = forge;
  const tokens = [...state.tokens.values()].filter((token) => token.kind === 'personal');
  return {
    forge: forge.dialect,
    url: url(),
    apiUrl: `${url()}/api/${forge.dialect === 'github' ? 'v3' : 'v4'}`,
    repositories: [...state.repositories.values()].map((one) => ({
      name: one.fullName,
      defaultBranch: one.defaultBranch,
    })),
    users: [...state.users.values()].map(({ login, name, kind }) => ({
      login,
      name,
      kind,
      token: tokens.find((token) => token.login === login)?.value ?? null,
    })),
    teams: [...state.teams].map(([name, team]) => ({ name, members: [...team.members] })),
  };
}
