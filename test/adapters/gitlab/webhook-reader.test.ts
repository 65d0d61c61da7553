import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gitlabWebhookReader } from '../../../src/adapters/gitlab/webhook-reader.js';

const NOW = Date.parse('2026-04-17T12:00:00Z');
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SIGNING_TOKEN = `whsec_${KEY.toString('base64')}`;
const SHA = 'a'.repeat(40);
const repository = { forge: 'gitlab', path: 'acme/platform/config' } as const;
const project = { path_with_namespace: repository.path };

const byToken = gitlabWebhookReader({
  webhookSecret: 'a shared secret',
  signingToken: null,
  clock: { now: () => NOW },
  ownLogin: () => 'lockkeeper',
});
const bySignature = gitlabWebhookReader({
  webhookSecret: 'a shared secret',
  signingToken: SIGNING_TOKEN,
  clock: { now: () => NOW },
  ownLogin: () => 'lockkeeper',
});

const body = (payload: unknown) => Buffer.from(JSON.stringify(payload));
const tokenHeaders = { 'x-gitlab-token': 'a shared secret', 'idempotency-key': 'once' };
const mergeRequest = body({ object_kind: 'merge_request', project, object_attributes: { iid: 7, action: 'open' } });

function signed(content: Buffer, changes: { id?: string; at?: number; key?: Buffer } = {}) {
  const { id = 'msg-1', at = NOW, key = KEY } = changes;
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(content).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

describe('X-Gitlab-Token', () => {
  it('the right one is let in', async () => {
    expect(await byToken.read(tokenHeaders, mergeRequest)).toMatchObject({ kind: 'delivery' });
  });
  it('none is unsigned, a wrong one is a bad signature', async () => {
    expect(await byToken.read({}, mergeRequest)).toEqual({ kind: 'unsigned' });
    for (const token of ['', 'a shared secre', 'a shared secret ', 'A shared secret']) {
      expect(await byToken.read({ 'x-gitlab-token': token }, mergeRequest)).toEqual({ kind: 'bad-signature' });
    }
  });
  it('is checked before anything is parsed', async () => {
    expect(await byToken.read({ 'x-gitlab-token': 'wrong' }, Buffer.from('{'))).toEqual({ kind: 'bad-signature' });
  });
  it.each([null, ''])('without a secret of ours (%j) nobody is let in', async (webhookSecret) => {
    const open = gitlabWebhookReader({
      webhookSecret,
      signingToken: null,
      clock: { now: () => NOW },
      ownLogin: () => null,
    });
    expect(await open.read({ 'x-gitlab-token': '' }, mergeRequest)).toEqual({ kind: 'bad-signature' });
  });
});

describe('webhook-signature', () => {
  it('agrees with the test vector of Standard Webhooks', async () => {
    const reader = gitlabWebhookReader({
      webhookSecret: null,
      signingToken: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      clock: { now: () => 1_614_265_330_000 },
      ownLogin: () => null,
    });
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    // Let in, though it is no event of GitLab's.
    expect(await reader.read(headers, Buffer.from('{"test": 2432232314}'))).toMatchObject({ kind: 'malformed' });
  });
  it('one fitting signature of a list is enough', async () => {
    const headers = signed(mergeRequest);
    const list = `v1a,xxx v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`;
    expect(await bySignature.read({ ...headers, 'webhook-signature': list }, mergeRequest)).toMatchObject({
      kind: 'delivery',
      delivery: { id: 'msg-1' },
    });
  });
  it('a signature of other bytes, another id, another key or another version is bad', async () => {
    const headers = signed(mergeRequest);
    const bad = { kind: 'bad-signature' };
    expect(await bySignature.read(headers, Buffer.concat([mergeRequest, Buffer.from(' ')]))).toEqual(bad);
    expect(await bySignature.read({ ...headers, 'webhook-id': 'msg-2' }, mergeRequest)).toEqual(bad);
    expect(await bySignature.read(signed(mergeRequest, { key: Buffer.from('other') }), mergeRequest)).toEqual(bad);
    const other = headers['webhook-signature'].replace('v1,', 'v2,');
    expect(await bySignature.read({ ...headers, 'webhook-signature': other }, mergeRequest)).toEqual(bad);
  });
  it.each([-1, 1])('is good for five minutes (%i)', async (direction) => {
    const minutes = (count: number) => signed(mergeRequest, { at: NOW + direction * count * 60_000 });
    expect(await bySignature.read(minutes(5), mergeRequest)).toMatchObject({ kind: 'delivery' });
    expect(await bySignature.read(minutes(5.1), mergeRequest)).toEqual({ kind: 'bad-signature' });
  });
  it('the shared secret does not do instead', async () => {
    expect(await bySignature.read(tokenHeaders, mergeRequest)).toEqual({ kind: 'unsigned' });
  });
});

describe('what events mean', () => {
  const read = async (payload: unknown) => byToken.read(tokenHeaders, body(payload));
  const note = (user: string, noteable = 'MergeRequest') => ({
    object_kind: 'note',
    user: { username: user },
    project,
    object_attributes: { noteable_type: noteable, action: 'create', note: '/merge' },
    ...(noteable === 'MergeRequest' ? { merge_request: { iid: 7 } } : {}),
  });
  const push = (ref: string, after = SHA) => ({ object_kind: 'push', ref, after, project });
  const pipeline = (source: string, mr: unknown) => ({
    object_kind: 'pipeline',
    project,
    object_attributes: { sha: SHA, status: 'success', source },
    merge_request: mr,
  });

  it.each<[string, unknown, unknown]>([
    [
      'merge_request.open',
      { object_kind: 'merge_request', project, object_attributes: { iid: 7, action: 'open' } },
      { kind: 'pull-request', repository, number: 7 },
    ],
    [
      'merge_request',
      { object_kind: 'merge_request', project, object_attributes: { iid: 7 } },
      { kind: 'pull-request', repository, number: 7 },
    ],
    ['note.create', note('alice'), { kind: 'discussion', repository, number: 7 }],
    ['push', push('refs/heads/feature/x'), { kind: 'push', repository, branch: 'feature/x', after: SHA }],
    ['pipeline.success', pipeline('push', null), { kind: 'checks', repository, sha: SHA }],
    ['pipeline.success', pipeline('merge_request_event', { iid: 7 }), { kind: 'pull-request', repository, number: 7 }],
    [
      'build.failed',
      { object_kind: 'build', build_status: 'failed', sha: SHA, project },
      { kind: 'checks', repository, sha: SHA },
    ],
  ])('%s', async (name, payload, event) => {
    expect(await read(payload)).toEqual({
      kind: 'delivery',
      delivery: { id: 'once', source: 'gitlab', name, event },
    });
  });

  it.each<[string, string, unknown]>([
    ['our own comments', 'note.create', note('lockkeeper')],
    ['comments on issues', 'note.create', note('alice', 'Issue')],
    ['tags', 'push', push('refs/tags/v1')],
    ['jobs that name no project', 'build.failed', { object_kind: 'build', build_status: 'failed', sha: SHA }],
    ['reactions', 'emoji', { object_kind: 'emoji' }],
    ['what we do not know', 'milestone', { object_kind: 'milestone' }],
  ])('ignores %s', async (_what, name, payload) => {
    expect(await read(payload)).toEqual({ kind: 'ignored', id: 'once', name });
  });

  it.each<[unknown, string]>([
    [[], 'The payload should be an object'],
    [null, 'The payload should be an object'],
    [{}, 'object_kind should be a text'],
    [{ object_kind: 'merge_request', project }, 'object_attributes should be an object'],
    [
      { object_kind: 'merge_request', project, object_attributes: { iid: '7' } },
      'object_attributes.iid should be a number',
    ],
    [{ object_kind: 'merge_request', object_attributes: { iid: 7 } }, 'project should be an object'],
    [push('refs/heads/main', 'HEAD'), 'after should be a commit id'],
    [
      { object_kind: 'note', object_attributes: { noteable_type: 'MergeRequest' }, user: {} },
      'user.username should be a text',
    ],
  ])('%j is malformed', async (payload, reason) => {
    expect(await read(payload)).toEqual({ kind: 'malformed', reason });
  });

  it('what is not JSON is malformed', async () => {
    expect(await byToken.read(tokenHeaders, Buffer.from('{"a":'))).toMatchObject({ kind: 'malformed' });
  });
});

describe('the id of a delivery', () => {
  const idOf = async (headers: Record<string, string>, content = mergeRequest) => {
    const reading = await byToken.read({ 'x-gitlab-token': 'a shared secret', ...headers }, content);
    return reading.kind === 'delivery' ? reading.delivery.id : reading.kind;
  };
  const other = body({ object_kind: 'merge_request', project, object_attributes: { iid: 8 } });

  it('is the signed one, else the idempotency key', async () => {
    expect(await idOf({ 'webhook-id': 'signed', 'idempotency-key': 'key' })).toBe('signed');
    expect(await idOf({ 'idempotency-key': 'key', 'x-gitlab-event-uuid': 'event' })).toBe('key');
  });
  it('of old versions stays the same over attempts and differs between events that share an event id', async () => {
    const headers = { 'x-gitlab-event-uuid': 'event' };
    expect(await idOf(headers)).toBe(await idOf(headers));
    expect(await idOf(headers)).not.toBe(await idOf(headers, other));
    expect(await idOf(headers)).not.toBe(await idOf({ 'x-gitlab-event-uuid': 'another' }));
  });
});
