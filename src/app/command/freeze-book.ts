/**
 * What is frozen in a repository: one signed file on a branch of the bot's own, so that it survives the store, and is read with git.
 *
 * Whoever may push to that branch could put back an older file or delete the branch. The revision, which only grows and is remembered in the
 * store, tells; with the store lost as well it can't be told, so protect the branch.
 */
import { STATE_BRANCH } from '../../core/branch-names.js';
import { repositoryKey, type RepositoryId } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { Freeze, FreezeBook } from '../../core/standing/freeze.js';
import { FREEZE_FILE, NO_FREEZES } from '../../core/standing/freeze.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { freezeMessage, type FreezeChange } from '../../text/commit-text.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

type FreezePlace = Pick<ConfiguredRepository, 'repository' | 'mirror'>;

interface FreezeRecord {
  readonly revision: number;
  readonly freezes: readonly Freeze[];
}

/** As of the mirror's last fetch. */
export async function readFreezes(app: App, place: FreezePlace): Promise<FreezeBook> {
  const record = await readRecord(app, place);
  if (record === 'unreadable') return { kind: 'unreadable', why: 'not-as-signed' };
  const known = await knownRevision(app, place.repository);
  if (record === null) return known === 0 ? NO_FREEZES : { kind: 'unreadable', why: 'deleted' };
  if (record.revision < known) return { kind: 'unreadable', why: 'put-back' };
  if (record.revision > known) await remember(app, place.repository, record.revision);
  return { kind: 'read', freezes: record.freezes };
}

/** In place of what stood there, readable or not. `change`: what the commit tells of. */
export async function writeFreezes(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  next: { readonly freezes: readonly Freeze[]; readonly change: FreezeChange },
): Promise<void> {
  const standing = await readRecord(app, repository);
  const known = await knownRevision(app, repository.repository);
  const before = standing === null || standing === 'unreadable' ? known : Math.max(known, standing.revision);
  const record = { revision: before + 1, freezes: next.freezes };
  const head = await repository.mirror.branch(STATE_BRANCH);
  const outcome = await repository.forge.contents.commit(lock, {
    repository: repository.repository,
    branch: STATE_BRANCH,
    expected: head,
    parent: head ?? repository.tip,
    // It changes nothing that any pipeline looks at.
    message: freezeMessage(next.change),
    changes: [
      {
        kind: 'write',
        path: FREEZE_FILE,
        content: encoded(app, repository.repository, record),
        mode: '100644',
        blob: null,
      },
    ],
  });
  if (outcome.kind === 'branch-moved') throw new Unavailable(`${STATE_BRANCH} moved while it was written`);
  await remember(app, repository.repository, record.revision);
  await repository.mirror.fetch();
}

async function readRecord(app: App, { repository, mirror }: FreezePlace): Promise<FreezeRecord | 'unreadable' | null> {
  const head = await mirror.branch(STATE_BRANCH);
  const bytes = head === null ? null : await mirror.file(head, FREEZE_FILE);
  return bytes === null ? null : decoded(app, repository, new TextDecoder().decode(bytes));
}

function encoded(app: App, repository: RepositoryId, record: FreezeRecord): Uint8Array {
  const file = { ...record, signature: signatureOf(app, repository, record) };
  return new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);
}

function decoded(app: App, repository: RepositoryId, text: string): FreezeRecord | 'unreadable' {
  try {
    // What bears our signature was written by us, in this shape.
    const { signature, revision, freezes } = JSON.parse(text) as FreezeRecord & { readonly signature: string };
    const record = { revision, freezes };
    return signature === signatureOf(app, repository, record) ? record : 'unreadable';
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return 'unreadable';
    throw cause;
  }
}

function signatureOf(app: App, repository: RepositoryId, { revision, freezes }: FreezeRecord): string {
  return app.sign(JSON.stringify(['freezes', repositoryKey(repository), revision, freezes]));
}

function revisionKey(repository: RepositoryId): string {
  return `freezes:${repositoryKey(repository)}`;
}

async function knownRevision(app: App, repository: RepositoryId): Promise<number> {
  return Number((await app.cache.get(revisionKey(repository))) ?? 0);
}

async function remember(app: App, repository: RepositoryId, revision: number): Promise<void> {
  await app.cache.put(revisionKey(repository), String(revision), 'lasting');
}
