import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, octokitOf, openPull, refusalOf, startGithub } from './github-fixture.js';

let simulator: Simulator;
let issue: { readonly owner: 'acme'; readonly repo: 'config'; readonly issue_number: number };
beforeEach(async () => {
  simulator = await startGithub();
  issue = { ...acme, issue_number: (await openPull(octokitOf(simulator, 'alice'))).number };
});
afterEach(() => simulator.close());

const alice = () => octokitOf(simulator, 'alice');
const dave = () => octokitOf(simulator, 'dave');

test('bodies are kept as sent; blank and too long ones are refused', async () => {
  const body = 'a\r\n<!-- marker -->\n\n  é  ';
  const { data } = await dave().issues.createComment({ ...issue, body });
  expect((await alice().issues.getComment({ ...acme, comment_id: data.id })).data.body).toBe(body);
  expect((await dave().issues.createComment({ ...issue, body: 'x'.repeat(65_536) })).status).toBe(201);
  expect(await refusalOf(dave().issues.createComment({ ...issue, body: 'x'.repeat(65_537) }))).toMatchObject({
    status: 422,
    errors: [{ message: 'Body is too long (maximum is 65536 characters)' }],
  });
  expect(await refusalOf(dave().issues.createComment({ ...issue, body: ' ' }))).toMatchObject({ status: 422 });
  expect(await refusalOf(octokitOf(simulator, 'stranger').issues.createComment({ ...issue, body: 'x' }))).toMatchObject(
    { status: 404 },
  );
});

test('a comment is changed by its author or a writer, by nobody else, and then is in `since`', async () => {
  const first = (await alice().issues.createComment({ ...issue, body: 'first' })).data;
  const second = (await dave().issues.createComment({ ...issue, body: 'second' })).data;
  expect(await refusalOf(dave().issues.updateComment({ ...acme, comment_id: first.id, body: 'mine' }))).toMatchObject({
    status: 403,
  });
  await dave().issues.updateComment({ ...acme, comment_id: second.id, body: 'second, edited' });
  const edited = (await alice().issues.updateComment({ ...acme, comment_id: second.id, body: 'by a writer' })).data;
  const since = await alice().issues.listComments({ ...issue, since: edited.updated_at });
  expect(since.data.map((one) => one.body)).toEqual(['by a writer']);
  expect((await alice().issues.listComments(issue)).data.map((one) => one.id)).toEqual([first.id, second.id]);
  await alice().issues.deleteComment({ ...acme, comment_id: first.id });
  expect(await refusalOf(alice().issues.getComment({ ...acme, comment_id: first.id }))).toMatchObject({ status: 404 });
});

test('the same reaction twice is one: 201, then 200', async () => {
  const { id } = (await alice().issues.createComment({ ...issue, body: '/plan' })).data;
  const react = () => dave().reactions.createForIssueComment({ ...acme, comment_id: id, content: 'eyes' });
  const first = await react();
  const second = await react();
  expect([first.status, second.status, second.data.id]).toEqual([201, 200, first.data.id]);
  await alice().reactions.createForIssueComment({ ...acme, comment_id: id, content: '+1' });
  const all = await alice().reactions.listForIssueComment({ ...acme, comment_id: id });
  expect(all.data.map((one) => [one.user?.login, one.content])).toEqual([
    ['dave', 'eyes'],
    ['alice', '+1'],
  ]);
  expect((await alice().issues.getComment({ ...acme, comment_id: id })).data.reactions).toMatchObject({
    total_count: 2,
    eyes: 1,
    '+1': 1,
  });
  expect(
    await refusalOf(
      alice().request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
        ...acme,
        comment_id: id,
        content: 'tada' as 'eyes',
      }),
    ),
  ).toMatchObject({ status: 422 });
});

test('labels, and pull requests as issues', async () => {
  await alice().issues.addLabels({ ...issue, labels: ['promotion', 'prod'] });
  expect((await alice().issues.listLabelsOnIssue(issue)).data.map((one) => one.name)).toEqual(['promotion', 'prod']);
  await alice().issues.removeLabel({ ...issue, name: 'prod' });
  expect(await refusalOf(alice().issues.removeLabel({ ...issue, name: 'prod' }))).toMatchObject({ status: 404 });
  expect(await refusalOf(dave().issues.addLabels({ ...issue, labels: ['x'] }))).toMatchObject({ status: 403 });
  const listed = await alice().issues.listForRepo({ ...acme, labels: 'promotion' });
  expect(listed.data.map((one) => one.pull_request?.url)).toEqual([`${simulator.apiUrl}/repos/acme/config/pulls/1`]);
  expect((await alice().issues.get(issue)).data.labels).toHaveLength(1);
});
