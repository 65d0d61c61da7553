import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { GithubWebhookReader } from '../../../src/adapters/github/webhook-reader.js';
import type { Log } from '../../../src/ports/log.js';
import type { WebhookReading } from '../../../src/ports/webhooks.js';

const secret = 'it stays between us';
const sha = 'a'.repeat(40);
const repository = { full_name: 'acme/config' };
const id = { forge: 'github', path: 'acme/config' };
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
const reader = new GithubWebhookReader({
  secret,
  log,
  self: () => Promise.resolve({ login: 'lockkeeper[bot]', kind: 'bot' }),
});

function sign(body: string | Buffer, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

function read(event: string, payload: unknown, by = reader): Promise<WebhookReading> {
  const body = JSON.stringify(payload);
  return by.read(
    { 'x-hub-signature-256': sign(body), 'x-github-delivery': 'd-1', 'x-github-event': event },
    Buffer.from(body),
  );
}

describe('what nudges', () => {
  it.each([
    [
      'pull_request',
      { action: 'opened', number: 7, pull_request: { number: 7 }, repository },
      'pull_request.opened',
      { kind: 'pull-request', repository: id, number: 7 },
    ],
    [
      'pull_request_review',
      { action: 'submitted', pull_request: { number: 7 }, repository, sender: { login: 'bob' } },
      'pull_request_review.submitted',
      { kind: 'discussion', repository: id, number: 7 },
    ],
    [
      'issue_comment',
      { action: 'created', issue: { number: 7, pull_request: {} }, repository, sender: { login: 'bob' } },
      'issue_comment.created',
      { kind: 'discussion', repository: id, number: 7 },
    ],
    [
      'push',
      { ref: 'refs/heads/env/prod', after: '0'.repeat(40), repository },
      'push',
      { kind: 'push', repository: id, branch: 'env/prod', after: '0'.repeat(40) },
    ],
    ['status', { context: 'ci/build', sha, repository }, 'status', { kind: 'checks', repository: id, sha }],
    [
      'check_run',
      { action: 'completed', check_run: { name: 'ci', head_sha: sha }, repository },
      'check_run.completed',
      { kind: 'checks', repository: id, sha },
    ],
    [
      'check_run',
      {
        action: 'rerequested',
        check_run: { name: 'x', head_sha: sha, app: { slug: 'lockkeeper' }, pull_requests: [{ number: 7 }] },
        repository,
      },
      'check_run.rerequested',
      { kind: 'rerun', repository: id, sha, numbers: [7] },
    ],
    [
      'merge_group',
      {
        action: 'checks_requested',
        merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${sha}`, head_sha: sha },
        repository,
      },
      'merge_group.checks_requested',
      { kind: 'push', repository: id, branch: `gh-readonly-queue/main/pr-7-${sha}`, after: sha },
    ],
    [
      'check_suite',
      { action: 'rerequested', check_suite: { head_sha: sha, app: { slug: 'lockkeeper' } }, repository },
      'check_suite.rerequested',
      { kind: 'rerun', repository: id, sha, numbers: [] },
    ],
    [
      'check_suite',
      { action: 'completed', check_suite: { head_sha: sha, app: { slug: 'ci' } }, repository },
      'check_suite.completed',
      { kind: 'checks', repository: id, sha },
    ],
    [
      'installation',
      { action: 'created', repositories: [{ full_name: 'acme/config' }, { full_name: 'acme/more' }] },
      'installation.created',
      { kind: 'repositories', repositories: [id, { forge: 'github', path: 'acme/more' }] },
    ],
    [
      'installation_repositories',
      { action: 'added', repositories_added: [{ full_name: 'acme/config' }], repositories_removed: [] },
      'installation_repositories.added',
      { kind: 'repositories', repositories: [id] },
    ],
  ])('%s', async (event, payload, name, expected) => {
    expect(await read(event, payload)).toEqual({
      kind: 'delivery',
      delivery: { id: 'd-1', source: 'github', name, event: expected },
    });
  });
});

describe('what does not', () => {
  const issue = { number: 7, pull_request: {} };
  it.each([
    ['ping', { zen: 'Design for failure.' }],
    ['star', { action: 'created', repository }],
    ['constructor', {}],
    ['issue_comment', { action: 'created', issue: { number: 7 }, repository, sender: { login: 'bob' } }],
    ['issue_comment', { action: 'edited', issue, repository, sender: { login: 'lockkeeper[bot]' } }],
    ['push', { ref: 'refs/tags/v1', after: sha, repository }],
    ['status', { context: 'lockkeeper/plan', sha, repository }],
    ['check_run', { action: 'completed', check_run: { name: 'lockkeeper/policy', head_sha: sha }, repository }],
    ['check_run', { action: 'rerequested', check_run: { head_sha: sha, app: { slug: 'ci' } }, repository }],
    ['check_suite', { action: 'requested', check_suite: { head_sha: sha }, repository }],
    ['check_suite', { action: 'completed', check_suite: { head_sha: sha, app: { slug: 'lockkeeper' } }, repository }],
    ['merge_group', { action: 'destroyed', merge_group: { head_sha: sha }, reason: 'merged', repository }],
    ['installation', { action: 'deleted', repositories: [{ full_name: 'acme/config' }] }],
    ['installation_repositories', { action: 'removed', repositories_added: [] }],
  ])('%s %o', async (event, payload) => {
    expect(await read(event, payload)).toMatchObject({ kind: 'ignored', id: 'd-1' });
  });
});

describe('signatures', () => {
  const body = Buffer.from(JSON.stringify({ action: 'opened', pull_request: { number: 7 }, repository }));
  const headers = { 'x-github-delivery': 'd-1', 'x-github-event': 'pull_request' };

  it('none at all is unsigned, the old SHA-1 one too', async () => {
    expect(await reader.read(headers, body)).toEqual({ kind: 'unsigned' });
    expect(await reader.read({ ...headers, 'x-hub-signature': 'sha1=00' }, body)).toEqual({ kind: 'unsigned' });
  });

  it.each([
    ['with another secret', sign(body, 'guessed')],
    ['of another body', sign('{}')],
    ['without its prefix', sign(body).slice('sha256='.length)],
    ['cut short', sign(body).slice(0, -1)],
    ['empty', ''],
  ])('%s is bad', async (_name, signature) => {
    expect(await reader.read({ ...headers, 'x-hub-signature-256': signature }, body)).toEqual({
      kind: 'bad-signature',
    });
  });

  it('is checked over the bytes as they came', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    for (const signature of [sign(bytes), sign(bytes.toString('utf8'))])
      expect(await reader.read({ ...headers, 'x-hub-signature-256': signature }, bytes)).toEqual({
        kind: 'bad-signature',
      });
  });

  it('an empty body is never signed', async () => {
    const signed = { ...headers, 'x-hub-signature-256': sign('') };
    expect(await reader.read(signed, Buffer.alloc(0))).toEqual({ kind: 'bad-signature' });
  });
});

describe('hostile shapes are malformed, and their words stay out of the answer', () => {
  const evil = '<script>';
  it.each([
    ['pull_request', []],
    ['pull_request', null],
    ['pull_request', evil],
    ['pull_request', { repository }],
    ['pull_request', { pull_request: { number: '7' }, repository }],
    ['pull_request', { pull_request: { number: -1 }, repository }],
    ['pull_request', { pull_request: { number: 1.5 }, repository }],
    ['pull_request', { pull_request: { number: 7 } }],
    ['pull_request', { pull_request: { number: 7 }, repository: { full_name: `acme/../${evil}` } }],
    ['pull_request', { pull_request: { number: 7 }, repository: { full_name: 7 } }],
    ['pull_request', { pull_request: { number: 7 }, repository: { full_name: 'acme/config/more' } }],
    ['push', { ref: 'refs/heads/main', after: evil, repository }],
    ['push', { ref: ['refs/heads/main'], after: sha, repository }],
    ['push', { ref: `refs/heads/${'x'.repeat(2000)}`, after: sha, repository }],
    ['status', { context: 'ci', sha: 'main', repository }],
    ['check_run', { check_run: null, repository }],
    ['check_suite', { action: 'completed', check_suite: 7, repository }],
    ['installation', { action: 'created', repositories: evil }],
    ['installation', { action: 'created', repositories: [evil] }],
    ['issue_comment', { issue: { number: {}, pull_request: {} }, repository }],
  ])('%s %o', async (event, payload) => {
    const reading = await read(event, payload);
    expect(reading).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(/\w/) });
    expect(JSON.stringify(reading)).not.toContain(evil);
  });

  it('not JSON, a form, and headers that are missing', async () => {
    const form = 'payload=%7B%7D';
    const headers = { 'x-hub-signature-256': sign(form), 'x-github-delivery': 'd-1', 'x-github-event': 'push' };
    const asForm = await reader.read(headers, Buffer.from(form));
    expect(asForm).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('application/json') });
    for (const header of ['x-github-delivery', 'x-github-event']) {
      const reading = await reader.read({ ...headers, [header]: undefined }, Buffer.from(form));
      expect(reading.kind).toBe('malformed');
    }
  });

  it('a strange action is left out of the name', async () => {
    const payload = { action: evil, pull_request: { number: 7 }, repository };
    expect(await read('pull_request', payload)).toMatchObject({ delivery: { name: 'pull_request' } });
  });
});

describe('who the bot is', () => {
  const comment = { action: 'created', issue: { number: 7, pull_request: {} }, repository, sender: { login: 'alice' } };

  it('does not matter where its account may be a person, too', async () => {
    const self = () => Promise.resolve({ login: 'alice', kind: 'human' } as const);
    expect((await read('issue_comment', comment, new GithubWebhookReader({ secret, log, self }))).kind).toBe(
      'delivery',
    );
  });

  it('may be unknown while the forge is away', async () => {
    const self = () => Promise.reject(new Error('away'));
    expect((await read('issue_comment', comment, new GithubWebhookReader({ secret, log, self }))).kind).toBe(
      'delivery',
    );
  });
});
