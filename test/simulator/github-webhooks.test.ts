import { verify } from '@octokit/webhooks-methods';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import {
  acme,
  commitFiles,
  octokitOf,
  octokitOfApp,
  openPull,
  passCi,
  startGithubInRealTime,
} from './github-fixture.js';
import { problemsOfWebhook } from './github-schemas.js';
import type { Receiver } from './webhook-receiver.js';
import { startReceiver } from './webhook-receiver.js';

let receiver: Receiver;
let simulator: Simulator;
beforeEach(async () => {
  receiver = await startReceiver();
  simulator = await startGithubInRealTime(receiver.url);
  await simulator.deliveries.deliverAll();
  receiver.received.length = 0;
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const alice = () => octokitOf(simulator, 'alice');
const bob = () => octokitOf(simulator, 'bob');
const app = () => octokitOfApp(simulator, { installationId: 70 });

interface Told {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Sends what is waiting; gives what arrived. Each must be signed, be from the installation and be as GitHub describes. */
async function told(): Promise<readonly Told[]> {
  receiver.received.length = 0;
  await simulator.deliveries.deliverAll();
  const all: Told[] = [];
  for (const { headers, body } of receiver.received) {
    expect(await verify('hook secret', body, String(headers['x-hub-signature-256']))).toBe(true);
    const payload = JSON.parse(body) as Told['payload'];
    const event = String(headers['x-github-event']);
    expect({ event, problems: problemsOfWebhook(event, payload) }).toEqual({ event, problems: [] });
    expect(payload).toMatchObject({ repository: { full_name: 'acme/config' }, installation: { id: 70 } });
    all.push({ event, payload });
  }
  return all;
}

const names = (all: readonly Told[]): readonly string[] =>
  all.map(({ event, payload }) => (payload['action'] === undefined ? event : `${event}.${String(payload['action'])}`));

test('a pull request from branch to merge', async () => {
  const { number, sha } = await openPull(alice());
  expect(names(await told())).toEqual(['push', 'pull_request.opened']);
  const next = await commitFiles(alice(), { branch: 'aside', from: sha, files: { 'b.txt': 'b\n' } });
  await alice().git.updateRef({ ...acme, ref: 'heads/change', sha: next });
  const synchronized = await told();
  expect(names(synchronized)).toEqual(['push', 'push', 'pull_request.synchronize']);
  expect(synchronized[2]?.payload).toMatchObject({ before: sha, after: next, number });
  await bob().pulls.createReview({ ...acme, pull_number: number, event: 'APPROVE', body: 'good' });
  const [reviewed] = await told();
  expect(reviewed?.payload).toMatchObject({
    action: 'submitted',
    review: { state: 'approved', commit_id: next },
    sender: { login: 'bob' },
  });
  await passCi(alice(), next);
  expect(names(await told())).toEqual(['status']);
  await alice().pulls.merge({ ...acme, pull_number: number, sha: next });
  const merged = await told();
  expect(names(merged)).toEqual(['pull_request.closed', 'push']);
  expect(merged[0]?.payload).toMatchObject({ pull_request: { merged: true } });
});

test('comments, edits and deletions', async () => {
  const { number } = await openPull(alice());
  await told();
  const { data } = await bob().issues.createComment({ ...acme, issue_number: number, body: '/plan' });
  expect(names(await told())).toEqual(['issue_comment.created']);
  await bob().issues.updateComment({ ...acme, comment_id: data.id, body: '/why' });
  const [edited] = await told();
  expect(edited?.payload).toMatchObject({
    action: 'edited',
    changes: { body: { from: '/plan' } },
    comment: { body: '/why' },
    issue: { number, pull_request: {} },
  });
  await bob().issues.deleteComment({ ...acme, comment_id: data.id });
  expect(names(await told())).toEqual(['issue_comment.deleted']);
});

test('edits, labels, closing and reopening', async () => {
  const { number } = await openPull(alice());
  await told();
  await alice().pulls.update({ ...acme, pull_number: number, title: 'Other', body: 'Other' });
  await alice().issues.setLabels({ ...acme, issue_number: number, labels: ['one'] });
  await alice().issues.setLabels({ ...acme, issue_number: number, labels: [] });
  expect(names(await told())).toEqual(['pull_request.edited', 'pull_request.labeled', 'pull_request.unlabeled']);
  await alice().pulls.update({ ...acme, pull_number: number, state: 'closed' });
  expect(names(await told())).toEqual(['pull_request.closed']);
  await alice().pulls.update({ ...acme, pull_number: number, state: 'open' });
  expect(names(await told())).toEqual(['pull_request.reopened']);
});

test('check runs and their suite; a dismissed review', async () => {
  const { number, sha } = await openPull(alice());
  await told();
  const run = await app().checks.create({ ...acme, head_sha: sha, name: 'lockkeeper/plan', status: 'in_progress' });
  expect(names(await told())).toEqual(['check_run.created']);
  await app().checks.update({
    ...acme,
    check_run_id: run.data.id,
    conclusion: 'success',
    output: { title: 'ok', summary: 'ok' },
  });
  const done = await told();
  expect(names(done)).toEqual(['check_run.completed', 'check_suite.completed']);
  expect(done[0]?.payload).toMatchObject({ check_run: { conclusion: 'success', pull_requests: [{ number }] } });
  const review = await bob().pulls.createReview({ ...acme, pull_number: number, event: 'REQUEST_CHANGES', body: 'no' });
  await alice().pulls.dismissReview({ ...acme, pull_number: number, review_id: review.data.id, message: 'old' });
  expect(names(await told())).toEqual(['pull_request_review.submitted', 'pull_request_review.dismissed']);
});

test('a merge group from its building to its merge', async () => {
  const { number } = await openPull(alice());
  await told();
  const order = { repository: 'acme/config', actor: 'alice', numbers: [number], method: 'merge' } as const;
  const built = await simulator.forge.mergeGroups.build(order);
  const group = built.ok ? built.value[0] : undefined;
  if (group === undefined) throw new Error('no group');
  const [push, asked] = await told();
  expect([push?.payload['ref'], asked?.event]).toEqual([`refs/heads/${group.branch}`, 'merge_group']);
  const { headSha: head_sha, baseSha: base_sha } = group;
  const merge_group = { head_sha, base_sha, head_ref: `refs/heads/${group.branch}`, base_ref: 'refs/heads/main' };
  expect(asked?.payload).toMatchObject({ action: 'checks_requested', merge_group });
  expect(group.branch).toBe(`gh-readonly-queue/main/pr-${number}-${base_sha}`);

  simulator.forge.protections.remove('acme/config', 'main');
  expect(await simulator.forge.mergeGroups.settle('acme/config', group.branch)).toMatchObject({ value: 'merged' });
  const after = await told();
  expect(names(after)).toEqual(['pull_request.closed', 'push', 'push', 'merge_group.destroyed']);
  expect(after.at(-1)?.payload).toMatchObject({ reason: 'merged', merge_group });
  expect((await alice().repos.getBranch({ ...acme, branch: 'main' })).data.commit.sha).toBe(head_sha);
});

test('the payload tells the state at the time of sending', async () => {
  const { number } = await openPull(alice());
  await alice().pulls.update({ ...acme, pull_number: number, title: 'Newer' });
  const opened = (await told()).find(({ payload }) => payload['action'] === 'opened');
  expect(opened?.payload).toMatchObject({ pull_request: { title: 'Newer' } });
});

test('a redelivery keeps its id and its body, and the App reads of it', async () => {
  const { number } = await openPull(alice());
  await told();
  const [, first] = receiver.received;
  await alice().pulls.update({ ...acme, pull_number: number, title: 'Changed meanwhile' });
  const jwt = octokitOfApp(simulator);
  const deliveries = (await jwt.apps.listWebhookDeliveries()).data;
  const delivery = deliveries.find((one) => one.action === 'opened');
  expect(delivery).toMatchObject({ guid: first?.headers['x-github-delivery'], status_code: 202, redelivery: false });
  receiver.received.length = 0;
  await jwt.apps.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
  expect(receiver.received).toEqual([first]);
  expect((await jwt.apps.getWebhookDelivery({ delivery_id: delivery?.id ?? 0 })).data).toMatchObject({
    redelivery: true,
    request: { payload: { action: 'opened' } },
  });
});

test("a repository's own hook gets them too, without an installation", async () => {
  const other = await startReceiver();
  simulator.forge.repositories.addWebhook({ repository: 'acme/config', url: other.url, secret: 's' });
  await commitFiles(alice(), { branch: 'b', files: { 'x.txt': 'x\n' } });
  await simulator.deliveries.deliverAll();
  expect(other.received.map(({ headers }) => headers['x-github-event'])).toEqual(['push']);
  const [push] = other.received;
  expect(JSON.parse(push?.body ?? '')).not.toHaveProperty('installation');
  expect(JSON.parse(push?.body ?? '')).toMatchObject({ created: true, head_commit: { added: ['x.txt'] } });
  await other.close();
});
