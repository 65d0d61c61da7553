/**
 * The little that is kept of GitLab's webhooks: https://docs.gitlab.com/user/project/integrations/webhook_events/.
 *
 * Our own doings come back as webhooks too. Comments of the bot are dropped here, since an answer to an answer would have no end. A
 * pipeline that moved because of a status of ours is looked at once more: reporting writes only what differs, so it ends there.
 */
import type { Event } from '../../core/event.js';
import type { RepositoryId } from '../../core/ids.js';

type WebhookMeaning =
  /** `name`: `merge_request.open`. */
  | { readonly kind: 'event'; readonly name: string; readonly event: Event }
  | { readonly kind: 'ignored'; readonly name: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** `ownLogin`: null while it isn't known; then our own comments cause one more look at their merge request. */
export function webhookMeaning(payload: unknown, ownLogin: string | null): WebhookMeaning {
  try {
    return meaningOf(new Part(payload, []), ownLogin);
  } catch (error) {
    if (error instanceof NotAsDocumented) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}

function meaningOf(root: Part, ownLogin: string | null): WebhookMeaning {
  const kind = root.text('object_kind');
  switch (kind) {
    case 'merge_request': {
      const attributes = root.part('object_attributes');
      const name = nameOf(kind, attributes);
      return found(name, { kind: 'pull-request', repository: repositoryOf(root), number: attributes.number('iid') });
    }
    case 'note':
      return noteMeaning(root, ownLogin);
    case 'push':
      return pushMeaning(root);
    case 'pipeline':
      return pipelineMeaning(root);
    case 'build': {
      const name = `${kind}.${root.text('build_status')}`;
      // Older versions name no project here; the pipeline's own webhook tells the same.
      if (!root.has('project')) return { kind: 'ignored', name };
      return found(name, { kind: 'checks', repository: repositoryOf(root), sha: root.sha('sha') });
    }
    default:
      return { kind: 'ignored', name: kind };
  }
}

function noteMeaning(root: Part, ownLogin: string | null): WebhookMeaning {
  const attributes = root.part('object_attributes');
  const name = nameOf('note', attributes);
  if (attributes.text('noteable_type') !== 'MergeRequest') return { kind: 'ignored', name };
  if (ownLogin !== null && root.part('user').text('username') === ownLogin) return { kind: 'ignored', name };
  const number = root.part('merge_request').number('iid');
  return found(name, { kind: 'discussion', repository: repositoryOf(root), number });
}

function pushMeaning(root: Part): WebhookMeaning {
  const ref = root.text('ref');
  const prefix = 'refs/heads/';
  if (!ref.startsWith(prefix)) return { kind: 'ignored', name: 'push' };
  // Forty zeros once a branch is gone.
  const after = root.sha('after');
  return found('push', { kind: 'push', repository: repositoryOf(root), branch: ref.slice(prefix.length), after });
}

/** A merge request's own pipeline may run on a merge commit that is on no branch: then the merge request is what to look at. */
function pipelineMeaning(root: Part): WebhookMeaning {
  const attributes = root.part('object_attributes');
  const name = `pipeline.${attributes.text('status')}`;
  const repository = repositoryOf(root);
  if (attributes.value('source') === 'merge_request_event' && root.has('merge_request')) {
    return found(name, { kind: 'pull-request', repository, number: root.part('merge_request').number('iid') });
  }
  return found(name, { kind: 'checks', repository, sha: attributes.sha('sha') });
}

function found(name: string, event: Event): WebhookMeaning {
  return { kind: 'event', name, event };
}

function nameOf(kind: string, attributes: Part): string {
  const action = attributes.value('action');
  return typeof action === 'string' ? `${kind}.${action}` : kind;
}

function repositoryOf(root: Part): RepositoryId {
  return { forge: 'gitlab', path: root.part('project').text('path_with_namespace') };
}

/** The message names the place in the payload, and nothing of what is there. */
class NotAsDocumented extends Error {}

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** A JSON object of the payload, read with the shape in mind. */
class Part {
  private readonly values: ReadonlyMap<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: readonly string[],
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong([], 'an object');
    this.values = new Map(Object.entries(value));
  }

  value(key: string): unknown {
    return this.values.get(key);
  }

  has(key: string): boolean {
    return this.values.get(key) !== undefined && this.values.get(key) !== null;
  }

  part(key: string): Part {
    return new Part(this.value(key), [...this.path, key]);
  }

  text(key: string): string {
    const value = this.value(key);
    if (typeof value !== 'string' || value === '') throw this.wrong([key], 'a text');
    return value;
  }

  number(key: string): number {
    const value = this.value(key);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw this.wrong([key], 'a number');
    return value;
  }

  sha(key: string): string {
    const value = this.text(key);
    if (!SHA.test(value)) throw this.wrong([key], 'a commit id');
    return value;
  }

  private wrong(keys: readonly string[], expected: string): NotAsDocumented {
    const place = [...this.path, ...keys].join('.');
    return new NotAsDocumented(`${place === '' ? 'The payload' : place} should be ${expected}`);
  }
}
