/**
 * The policy of repositories that have none of their own: `policy.yaml` on the default branch of a repository that the operator names.
 *
 * It is read at most once a minute. While the forge does not answer, what was read within a quarter of an hour goes on holding; after that,
 * and whenever it is not there or wrong, everything is refused, and the comment says why.
 */
import { parsePolicyFile } from '../../config/parse-policy-file.js';
import { repositoryKey, type Instant, type RepositoryId, type Sha } from '../../core/ids.js';
import type { PolicyObstacle } from '../../core/policy/policy-obstacle.js';
import type { Policy } from '../../core/policy/policy-rules.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { Forge } from '../../ports/forge.js';
import type { Mirror } from '../../ports/repository.js';
import { forgeOf, type App } from '../app.js';

const ORGANISATION_FILE = 'policy.yaml';

/** For so long, in ms, it is not read again. */
const FRESH = 60_000;
/** For so long, in ms, it holds while it can't be read again. */
const PATIENCE = 15 * 60_000;

interface OrganisationPolicy {
  /** With `unreadable` where it could not be read: nothing passes then. */
  readonly policy: Policy;
  /** Where it and what it names stands; null where it could not be read. */
  readonly place: PolicyPlace | null;
}

export interface PolicyPlace {
  readonly mirror: Mirror;
  readonly tip: Sha;
}

/** Null where the operator names no repository for it. `repository`: one that has no policy of its own; both are on the same forge. */
export async function gatherOrganisationPolicy(app: App, repository: RepositoryId): Promise<OrganisationPolicy | null> {
  if (app.policyRepository === undefined) return null;
  const home: RepositoryId = { forge: repository.forge, path: app.policyRepository };
  const found = await findPlace(app, forgeOf(app, repository), home);
  if ('kind' in found) return unreadable(found);
  const bytes = await found.mirror.file(found.tip, ORGANISATION_FILE);
  if (bytes === null) return unreadable({ kind: 'no-file', repository: home.path, file: ORGANISATION_FILE });
  const parsed = parsePolicyFile(new TextDecoder().decode(bytes), ORGANISATION_FILE, 'several');
  return parsed.kind === 'valid'
    ? { policy: parsed.policy, place: found }
    : unreadable({ kind: 'broken', repository: home.path, problems: parsed.problems });
}

function unreadable(why: PolicyObstacle): OrganisationPolicy {
  return { policy: { rules: [], rego: [], approveCommand: 'does-not-count', unreadable: why }, place: null };
}

interface Seen {
  readonly at: Instant;
  readonly tip: Sha;
  /** Without credentials. */
  readonly cloneUrl: string;
}

/** Or why there is none. */
async function findPlace(app: App, forge: Forge, home: RepositoryId): Promise<PolicyPlace | PolicyObstacle> {
  const key = `organisation-policy/1/${repositoryKey(home)}`;
  const kept = await app.cache.get(key);
  const seen = kept === null ? null : (JSON.parse(kept) as Seen);
  const now = app.clock.now();
  try {
    const fresh = seen !== null && now - seen.at < FRESH ? await placeSeen(app, forge, home, seen) : null;
    if (fresh !== null) return fresh;
    const look = await lookAnew(app, forge, home);
    if ('kind' in look) return look;
    const { cloneUrl, mirror, tip } = look;
    await app.cache.put(key, JSON.stringify({ at: now, tip, cloneUrl } satisfies Seen));
    return { mirror, tip };
  } catch (cause) {
    const { path } = home;
    if (cause instanceof Forbidden) return { kind: 'forbidden', repository: path, message: cause.message };
    if (!(cause instanceof Unavailable)) throw cause;
    app.log.info({ err: cause, repository: repositoryKey(home) }, 'The policy of the organisation could not be read');
    const before = seen !== null && now - seen.at < PATIENCE ? await placeSeen(app, forge, home, seen) : null;
    return before ?? { kind: 'no-answer', repository: path, message: cause.message };
  }
}

interface Look extends PolicyPlace {
  readonly cloneUrl: string;
}

async function lookAnew(app: App, forge: Forge, home: RepositoryId): Promise<Look | PolicyObstacle> {
  const facts = await forge.repositories.facts(home);
  if (facts === null) return { kind: 'no-access', repository: home.path };
  const { cloneUrl, defaultBranch } = facts;
  const mirror = await mirrorOf(app, forge, home, cloneUrl);
  await mirror.fetch();
  const tip = await mirror.branch(defaultBranch);
  if (tip === null) return { kind: 'no-branch', repository: home.path, branch: defaultBranch };
  return { cloneUrl, mirror, tip };
}

/** Null where this process's mirror does not hold it: another process has seen more. */
async function placeSeen(app: App, forge: Forge, home: RepositoryId, seen: Seen): Promise<PolicyPlace | null> {
  const mirror = await mirrorOf(app, forge, home, seen.cloneUrl);
  return (await mirror.holds(seen.tip)) ? { mirror, tip: seen.tip } : null;
}

function mirrorOf(app: App, forge: Forge, home: RepositoryId, cloneUrl: string): Promise<Mirror> {
  const credentials = () => forge.repositories.credentials(home);
  return app.mirrors.of({ repository: home, cloneUrl, credentials });
}
