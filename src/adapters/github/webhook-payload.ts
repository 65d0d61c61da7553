/**
 * Payloads of GitHub's webhooks to events: `null` for what nobody acts on, `Malformed` for what is not shaped as GitHub documents.
 * The sender has proved that it knows the secret, and no more: every field that is used is looked at. Pure.
 */
import type { Event } from '../../core/event.js';
import type { RepositoryId, Sha } from '../../core/ids.js';

/** `message` says which field, never what was in it. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Who made what the payload tells, as far as it matters for not answering ourselves. */
interface Own {
  /** `slug[bot]`; null where the bot's account may be a person's too. */
  readonly login: string | null;
}

/** Checks of ours: nudging ourselves about them would never end. */
const ownChecks = 'lockkeeper/';

type Reading = (payload: unknown, own: Own) => Event | null;

const readings: Readonly<Record<string, Reading>> = {
  pull_request: (payload) => {
    const number = integerAt(payload, 'pull_request.number');
    return { kind: 'pull-request', repository: repositoryOf(payload), number };
  },
  pull_request_review: discussed('pull_request.number'),
  pull_request_review_comment: discussed('pull_request.number'),
  issue_comment: (payload, own) =>
    at(payload, 'issue.pull_request') === undefined ? null : discussed('issue.number')(payload, own),
  push: (payload) => {
    const ref = textAt(payload, 'ref');
    const after = shaAt(payload, 'after');
    const repository = repositoryOf(payload);
    const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : '';
    return branch === '' ? null : { kind: 'push', repository, branch, after };
  },
  // Told as a push of the group's branch, too: whichever comes first.
  merge_group: (payload) => {
    if (at(payload, 'action') !== 'checks_requested') return null;
    const [ref, after] = [textAt(payload, 'merge_group.head_ref'), shaAt(payload, 'merge_group.head_sha')];
    return { kind: 'push', repository: repositoryOf(payload), branch: ref.replace(/^refs\/heads\//, ''), after };
  },
  status: checked('context', 'sha'),
  check_run: (payload, own) =>
    at(payload, 'action') === 'rerequested'
      ? rerun(payload, own, 'check_run')
      : checked('check_run.name', 'check_run.head_sha')(payload, own),
  check_suite: (payload, own) => {
    if (at(payload, 'action') === 'rerequested') return rerun(payload, own, 'check_suite');
    const [repository, sha] = [repositoryOf(payload), shaAt(payload, 'check_suite.head_sha')];
    const ours = own.login !== null && `${String(at(payload, 'check_suite.app.slug'))}[bot]` === own.login;
    return at(payload, 'action') === 'completed' && !ours ? { kind: 'checks', repository, sha } : null;
  },
  installation: (payload) =>
    at(payload, 'action') === 'deleted' || at(payload, 'action') === 'suspend'
      ? null
      : repositoriesIn(payload, 'repositories'),
  installation_repositories: (payload) => repositoriesIn(payload, 'repositories_added'),
};

/** @throws {Malformed} */
export function eventFrom(name: string, payload: unknown, own: Own): Event | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new Malformed('the payload is no object');
  const reading = Object.hasOwn(readings, name) ? readings[name] : undefined;
  return reading === undefined ? null : reading(payload, own);
}

/** `pull_request.opened`. */
export function eventName(name: string, payload: unknown): string {
  const action = at(payload, 'action');
  return typeof action === 'string' && /^[a-z_]{1,50}$/.test(action) ? `${name}.${action}` : name;
}

function discussed(numberPath: string): Reading {
  return (payload, own) => {
    const number = integerAt(payload, numberPath);
    const repository = repositoryOf(payload);
    return own.login !== null && at(payload, 'sender.login') === own.login
      ? null
      : { kind: 'discussion', repository, number };
  };
}

function checked(namePath: string, shaPath: string): Reading {
  return (payload) => {
    const [check, sha, repository] = [textAt(payload, namePath), shaAt(payload, shaPath), repositoryOf(payload)];
    return check.startsWith(ownChecks) ? null : { kind: 'checks', repository, sha };
  };
}

/** GitHub tells the App whose run or suite it is, and nobody else; anybody may have written the name. */
function rerun(payload: unknown, own: Own, of: 'check_run' | 'check_suite'): Event | null {
  const slug = at(payload, `${of}.app.slug`);
  if (own.login === null || `${String(slug)}[bot]` !== own.login) return null;
  const listed = at(payload, `${of}.pull_requests`) ?? [];
  if (!Array.isArray(listed)) throw new Malformed(`${of}.pull_requests is no list`);
  const numbers = listed.slice(0, MOST_RERUN).map((one: unknown) => integerAt(one, 'number'));
  return { kind: 'rerun', repository: repositoryOf(payload), sha: shaAt(payload, `${of}.head_sha`), numbers };
}

/** Pull requests with one head, at most. */
const MOST_RERUN = 20;

function repositoriesIn(payload: unknown, path: string): Event | null {
  const list = at(payload, path) ?? [];
  if (!Array.isArray(list)) throw new Malformed(`${path} is no list`);
  const repositories = list.map((one: unknown) => repositoryId(textAt(one, 'full_name'), `${path}[].full_name`));
  return repositories.length === 0 ? null : { kind: 'repositories', repositories };
}

function repositoryOf(payload: unknown): RepositoryId {
  return repositoryId(textAt(payload, 'repository.full_name'), 'repository.full_name');
}

function repositoryId(path: string, field: string): RepositoryId {
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(path)) throw new Malformed(`${field} is no owner/name`);
  return { forge: 'github', path };
}

function textAt(payload: unknown, path: string): string {
  const value = at(payload, path);
  if (typeof value !== 'string' || value === '' || value.length > 1000) throw new Malformed(`${path} is no text`);
  return value;
}

function shaAt(payload: unknown, path: string): Sha {
  const value = textAt(payload, path);
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) throw new Malformed(`${path} is no commit id`);
  return value;
}

function integerAt(payload: unknown, path: string): number {
  const value = at(payload, path);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new Malformed(`${path} is no number`);
  return value;
}

function at(value: unknown, path: string): unknown {
  let here = value;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = Reflect.get(here, name);
  }
  return here;
}
