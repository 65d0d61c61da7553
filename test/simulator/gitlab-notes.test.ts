import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitlabUnderTest } from './gitlab-harness.js';
import { api, openMergeRequest, project, startGitlab } from './gitlab-harness.js';

let gitlab: GitlabUnderTest;
let iid: number;
beforeAll(async () => {
  gitlab = await startGitlab();
  ({ iid } = await openMergeRequest(gitlab));
});
afterAll(() => gitlab.close());

describe('notes', () => {
  it('keeps bodies byte for byte, newest first, edited in place', async () => {
    const { MergeRequestNotes } = gitlab.client('bot');
    const body = '<!-- lockkeeper -->\r\n  plan: **ready**  \n';
    const note = await MergeRequestNotes.create(project, iid, body);
    expect(note).toMatchObject({ body, system: false, noteable_type: 'MergeRequest', noteable_iid: iid });
    await gitlab.client('alice').MergeRequestNotes.create(project, iid, '/promote prod');
    const edited = await MergeRequestNotes.edit(project, iid, note.id, { body: 'changed' });
    expect(edited.id).toBe(note.id);
    expect(Date.parse(edited.updated_at)).toBeGreaterThan(Date.parse(note.created_at));
    const newestFirst = await MergeRequestNotes.all(project, iid);
    expect(newestFirst.map((one) => one.body)).toEqual(['/promote prod', 'changed']);
    const oldestFirst = await MergeRequestNotes.all(project, iid, { sort: 'asc' });
    expect(oldestFirst.map((one) => one.body)).toEqual(['changed', '/promote prod']);
    expect(await MergeRequestNotes.show(project, iid, note.id)).toMatchObject({ body: 'changed' });
  });

  it('lets only authors and maintainers change them', async () => {
    const note = await gitlab.client('alice').MergeRequestNotes.create(project, iid, 'mine');
    const path = `${api}/merge_requests/${iid}/notes/${note.id}`;
    expect(await gitlab.call('bob', `PUT ${path}`, { body: 'stolen' })).toMatchObject({ status: 403 });
    expect(await gitlab.call('eve', `PUT ${path}`, { body: 'stolen' })).toMatchObject({ status: 404 });
    expect((await gitlab.call('alice', `DELETE ${path}`)).status).toBe(204);
    expect(await gitlab.call('alice', `GET ${path}`)).toMatchObject({
      status: 404,
      body: { message: '404 Not found' },
    });
  });

  it('refuses empty and endless ones', async () => {
    const path = `POST ${api}/merge_requests/${iid}/notes`;
    expect(await gitlab.call('alice', path, {})).toMatchObject({ status: 400, body: { error: 'body is missing' } });
    const endless = await gitlab.call('alice', path, { body: 'x'.repeat(1_000_001) });
    expect(endless).toMatchObject({ status: 400 });
    expect(JSON.stringify(endless.body)).toContain('is too long (maximum is 1000000 characters)');
  });

  it('marks what GitLab writes itself as system notes', async () => {
    await gitlab.client('bob').MergeRequestApprovals.approve(project, iid);
    const { MergeRequestNotes } = gitlab.client('bot');
    const system = (await MergeRequestNotes.all(project, iid)).filter((one) => one.system);
    expect(system).toMatchObject([{ body: 'approved this merge request', author: { username: 'bob' } }]);
    const { user_notes_count: count } = await gitlab.client('bot').MergeRequests.show(project, iid);
    expect(count).toBe((await MergeRequestNotes.all(project, iid)).length - 1);
  });
});

describe('discussions', () => {
  it('keeps an answer in the discussion it belongs to', async () => {
    const { MergeRequestDiscussions } = gitlab.client('alice');
    const started = await MergeRequestDiscussions.create(project, iid, 'Why is it waiting?');
    expect(started.notes).toHaveLength(1);
    await gitlab.client('bot').MergeRequestDiscussions.addNote(project, iid, started.id, 'For the soak.');
    const shown = await MergeRequestDiscussions.show(project, iid, started.id);
    expect(shown.individual_note).toBe(false);
    expect(shown.notes?.map((one) => one.body)).toEqual(['Why is it waiting?', 'For the soak.']);
    expect((await MergeRequestDiscussions.all(project, iid)).some((one) => one.individual_note)).toBe(true);
    expect(
      await gitlab.call('bot', `POST ${api}/merge_requests/${iid}/discussions/${'0'.repeat(40)}/notes`, { body: 'x' }),
    ).toMatchObject({
      status: 404,
      body: { message: '404 Discussion Not Found' },
    });
  });
});

describe('emoji', () => {
  it('keeps its own quick actions to itself, and lets those through that are addressed to somebody', async () => {
    const path = `POST ${api}/merge_requests/${iid}/notes`;
    expect(await gitlab.call('alice', path, { body: 'Fine.\n/merge' })).toMatchObject({ status: 400 });
    expect((await gitlab.call('alice', path, { body: '@lockkeeper /merge' })).status).toBe(201);
  });

  it('awards each once for each person', async () => {
    const note = await gitlab.client('alice').MergeRequestNotes.create(project, iid, '/promote prod');
    const { MergeRequestNoteAwardEmojis } = gitlab.client('bot');
    const award = await MergeRequestNoteAwardEmojis.award(project, iid, note.id, 'thumbsup');
    expect(award).toMatchObject({
      name: 'thumbsup',
      user: { username: 'bot' },
      awardable_type: 'Note',
      awardable_id: note.id,
    });
    const path = `${api}/merge_requests/${iid}/notes/${note.id}/award_emoji`;
    expect(await gitlab.call('bot', `POST ${path}`, { name: 'thumbsup' })).toMatchObject({
      status: 404,
      body: { message: '404 Award Emoji Name has already been taken Not Found' },
    });
    expect((await gitlab.call('alice', `POST ${path}`, { name: 'eyes' })).status).toBe(201);
    const names = (await MergeRequestNoteAwardEmojis.all(project, iid, note.id)).map((one) => one.name);
    expect(names).toEqual(['thumbsup', 'eyes']);
    expect((await gitlab.call('alice', `DELETE ${path}/${award.id}`)).status).toBe(403);
    expect((await gitlab.call('bot', `DELETE ${path}/${award.id}`)).status).toBe(204);
    await gitlab.call('alice', `POST ${api}/merge_requests/${iid}/award_emoji`, { name: 'thumbsup' });
    expect(await gitlab.client('bot').MergeRequests.show(project, iid)).toMatchObject({ upvotes: 1 });
  });
});
