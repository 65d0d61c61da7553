import { describe, expect, it } from 'vitest';
import { latestStatuses, toCheck, toCheckState, type StatusFacts } from '../../../src/adapters/gitlab/to-check.js';
import { toComment } from '../../../src/adapters/gitlab/to-comment.js';
import { toPermission } from '../../../src/adapters/gitlab/people.js';

const status: StatusFacts = { id: 1, name: 'ci/test', status: 'success', allow_failure: false };

describe('checks', () => {
  it.each([
    ['created', 'pending', 'pending'],
    ['running', 'pending', 'pending'],
    ['waiting_for_resource', 'pending', 'pending'],
    ['a status of next year', 'pending', 'pending'],
    ['success', 'success', 'success'],
    ['failed', 'failure', 'neutral'],
    ['canceled', 'failure', 'neutral'],
    ['skipped', 'pending', 'neutral'],
    ['manual', 'pending', 'neutral'],
  ])('%s is %s, and %s where it may fail', (given, demanded, optional) => {
    expect(toCheckState({ ...status, status: given })).toBe(demanded);
    expect(toCheckState({ ...status, status: given, allow_failure: true })).toBe(optional);
  });
  it('the one made last counts, whatever the order of the answer', () => {
    const newer = { ...status, id: 2, status: 'failed' };
    expect(latestStatuses([status, newer]).get('ci/test')).toBe(newer);
    expect(latestStatuses([newer, status]).get('ci/test')).toBe(newer);
  });
  it('has an empty description and no link where GitLab has none', () => {
    expect(toCheck({ ...status, description: null, target_url: null })).toEqual({
      name: 'ci/test',
      state: 'success',
      description: '',
      url: null,
    });
  });
});

describe('comments', () => {
  const note = {
    id: 9,
    author: { username: 'alice' },
    body: '/why',
    created_at: '2026-04-17T12:00:00.000Z',
    updated_at: '2026-04-17T12:00:00.900Z',
  };
  it('touched in the moment of their making are original, later ones edited', () => {
    expect(toComment(note, 'https://x/7', 'lockkeeper')).toEqual({
      id: '9',
      author: { login: 'alice', kind: 'human' },
      body: '/why',
      createdAt: Date.UTC(2026, 3, 17, 12),
      revision: 'original',
      url: 'https://x/7#note_9',
    });
    const later = { ...note, updated_at: '2026-04-17T12:00:01.001Z' };
    expect(toComment(later, 'https://x/7', 'lockkeeper').revision).toBe('edited');
  });
});

describe('access levels', () => {
  it.each([
    [0, 'none'],
    [5, 'none'],
    [10, 'read'],
    [15, 'read'],
    [20, 'read'],
    [30, 'write'],
    [40, 'maintain'],
    [50, 'admin'],
  ])('%i is %s', (level, permission) => {
    expect(toPermission(level)).toBe(permission);
  });
});
