import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitlabUnderTest } from './gitlab-harness.js';
import { api, project, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
beforeAll(async () => {
  gitlab = await startGitlab();
});
afterAll(() => gitlab.close());

describe('users', () => {
  it('tells who the token is, in each of the ways a token can be sent', async () => {
    expect(await gitlab.client('bot').Users.showCurrentUser()).toMatchObject({ username: 'bot', name: 'Bot' });
    const bearer = await fetch(`${gitlab.url}/api/v4/user`, { headers: { authorization: 'Bearer alice-token' } });
    expect(await bearer.json()).toMatchObject({ username: 'alice' });
    const inQuery = await fetch(`${gitlab.url}/api/v4/user?private_token=bob-token`);
    expect(await inQuery.json()).toMatchObject({ username: 'bob' });
    expect(await gitlab.call('nobody', 'GET /user')).toMatchObject({
      status: 401,
      body: { message: '401 Unauthorized' },
    });
    expect((await gitlab.call('', 'GET /version')).status).toBe(401);
    expect((await gitlab.call('bot', 'GET /version')).body).toMatchObject({ version: expect.stringMatching(/^\d+\./) });
  });

  it('finds people by username', async () => {
    const { Users } = gitlab.client('bot');
    const [alice] = await Users.all({ username: 'Alice' });
    expect(alice).toMatchObject({ username: 'alice', state: 'active' });
    expect(await Users.all({ username: 'nobody' })).toEqual([]);
    expect(await Users.show(alice?.id ?? 0)).toMatchObject({ username: 'alice' });
  });
});

describe('members', () => {
  it('shows levels as GitLab’s numbers', async () => {
    const { ProjectMembers } = gitlab.client('bot');
    const members = await ProjectMembers.all(project, { includeInherited: true });
    const levels = Object.fromEntries(members.map((one) => [one.username, one.access_level]));
    expect(levels).toEqual({ alice: 30, bob: 30, carol: 50, dave: 20, bot: 40 });
    const bob = members.find((one) => one.username === 'bob');
    const shown = await ProjectMembers.show(project, bob?.id ?? 0, { includeInherited: true });
    expect(shown).toMatchObject({ username: 'bob', access_level: 30 });
    expect(await gitlab.call('bot', `GET ${api}/members/all/1`)).toMatchObject({ status: 404 });
  });

  it('shows a team as a subgroup; its owners from above only in `all`', async () => {
    const { GroupMembers } = gitlab.client('bot');
    const names = (members: readonly { username: string }[]) => members.map((one) => one.username);
    expect(names(await GroupMembers.all('acme/sre'))).toEqual(['alice', 'bob']);
    expect(names(await GroupMembers.all('acme/sre', { includeInherited: true }))).toEqual(['alice', 'bob', 'carol']);
    expect(await gitlab.call('bot', 'GET /groups/acme%2Fnobody/members')).toMatchObject({
      status: 404,
      body: { message: '404 Group Not Found' },
    });
    expect(await gitlab.call('eve', 'GET /groups/acme%2Fsre/members')).toMatchObject({ status: 404 });
  });
});

describe('pages of lists', () => {
  it('says totals and neighbours in headers, and gitbeaker follows them', async () => {
    const first = await gitlab.call('bot', `GET ${api}/members/all?per_page=2`);
    expect(first.body).toHaveLength(2);
    const headers = Object.fromEntries(first.headers);
    expect(headers).toMatchObject({
      'x-total': '5',
      'x-total-pages': '3',
      'x-per-page': '2',
      'x-page': '1',
      'x-prev-page': '',
      'x-next-page': '2',
    });
    expect(headers['link']).toContain('page=2');
    expect(headers['link']).toMatch(/rel="next".*rel="first".*rel="last"/);
    const last = await gitlab.call('bot', `GET ${api}/members/all?per_page=2&page=3`);
    expect(last.body).toHaveLength(1);
    expect(last.headers.get('x-next-page')).toBe('');
    const all = await gitlab.client('bot').ProjectMembers.all(project, { includeInherited: true, perPage: 2 });
    expect(all).toHaveLength(5);
  });

  it('never gives more than a hundred, and pages trees by keyset', async () => {
    const wide = await gitlab.call('bot', '/users?per_page=1000'.replace(/^/, 'GET '));
    expect(wide.headers.get('x-per-page')).toBe('100');
    const { Repositories } = gitlab.client('bot');
    const tree = await Repositories.allRepositoryTrees(project, {
      recursive: true,
      pagination: 'keyset',
      perPage: 3,
    });
    expect(new Set(tree.map((one) => one.path)).size).toBe(tree.length);
    expect(tree).toHaveLength(8);
  });
});
