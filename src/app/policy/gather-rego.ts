/** What the repository's own policies in Rego say, written and compiled: those of the target branch, of the plan and of what was rendered. */
import { createHash } from 'node:crypto';
import type { PullRequest } from '../../core/forge-objects.js';
import type { Plan } from '../../core/plan/plan.js';
import { compileGlobs } from '../../core/glob/glob.js';
import type { ChangedFiles } from '../../core/policy/policy-facts.js';
import { joinOutcomes } from '../../core/rego/join-outcomes.js';
import {
  isCompiledPolicy,
  isRegoPolicy,
  type RegoModule,
  type RegoObstacle,
  type RegoOutcome,
} from '../../core/rego/rego.js';
import type { Rego, RegoRequest } from '../../ports/rego.js';
import { planJson } from '../../text/plan-json.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { keptManifests } from '../plan/kept-manifests.js';

const MOST_MODULES = 200;
/** Of one policy, in bytes. */
const LARGEST_MODULE = 1024 * 1024;

interface RegoGround {
  readonly plan: Plan | null;
  readonly files: ChangedFiles | 'unknown';
}

/** Null where the policy names none, and while there is no plan without problems: nothing passes then anyway. */
export async function gatherRego(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  { plan, files }: RegoGround,
): Promise<RegoOutcome | null> {
  if (repository.configuration.policy.rego.length === 0 || plan === null || plan.problems.length > 0) return null;
  const modules = await readModules(repository);
  if ('kind' in modules) return { kind: 'not-asked', why: modules };
  const manifests = await keptManifests(app, pullRequest, plan);
  if (manifests === null) return { kind: 'not-asked', why: { kind: 'nothing-rendered' } };
  const input = { pullRequest: describe(pullRequest, files), plan: planJson(plan), manifests };
  const [sources, compiled] = [true, false].map((ofSources) =>
    modules.filter(({ path }) => isRegoPolicy(path) === ofSources),
  );
  return joinOutcomes([
    await evaluate(app, app.rego, { modules: sources ?? [], input }),
    await evaluate(app, app.compiledRego, { modules: compiled ?? [], input }),
  ]);
}

const NOTHING_SAID: RegoOutcome = { kind: 'evaluated', deny: [], warn: [] };

/** The same policies say the same of the same input, so each is run once. */
async function evaluate(app: App, rego: Rego | undefined, request: RegoRequest): Promise<RegoOutcome> {
  if (request.modules.length === 0) return NOTHING_SAID;
  if (rego === undefined) return { kind: 'not-asked', why: { kind: 'no-runner' } };
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const key = `rego/1/${digest}`;
  const kept = await app.cache.get(key);
  if (kept !== null) return JSON.parse(kept) as RegoOutcome;
  const outcome = await rego.evaluate(request);
  // A failure may be the machine's: it is tried again.
  if (outcome.kind === 'evaluated') await app.cache.put(key, JSON.stringify(outcome));
  return outcome;
}

/** Sources and compiled ones, or why there are none to ask. */
async function readModules({
  organisation,
  configuration,
  ...repository
}: ConfiguredRepository): Promise<readonly RegoModule[] | RegoObstacle> {
  const { rego: globs } = configuration.policy;
  // Where the policy stands that names them.
  const { mirror, tip } = organisation ?? repository;
  const matches = compileGlobs(globs);
  const found = (await mirror.entries(tip)).filter(
    ({ path, mode }) => mode.startsWith('100') && (isRegoPolicy(path) || isCompiledPolicy(path)) && matches(path),
  );
  const beside = organisation === undefined ? 'target-branch' : 'organisation';
  if (found.length === 0) return { kind: 'no-match', globs, beside };
  if (found.length > MOST_MODULES) return { kind: 'too-many', globs, most: MOST_MODULES };
  const blobs = await mirror.blobs(
    found.map(({ sha }) => sha),
    { maxBytes: LARGEST_MODULE },
  );
  const large = found.find(({ sha }) => !blobs.has(sha));
  if (large !== undefined) return { kind: 'too-large', path: large.path, most: LARGEST_MODULE };
  return found.map(({ path, sha }) => ({ path, text: moduleText(path, blobs.get(sha)) }));
}

function moduleText(path: string, bytes: Uint8Array = new Uint8Array()): string {
  return isCompiledPolicy(path) ? Buffer.from(bytes).toString('base64') : new TextDecoder().decode(bytes);
}

/** No more than is documented: what is here, policies come to rest on. */
function describe(pullRequest: PullRequest, files: ChangedFiles | 'unknown'): object {
  const { number, url, title, body, author, base, head, labels, readiness } = pullRequest;
  return {
    number,
    url,
    title,
    body,
    author: { login: author.login, bot: author.kind === 'bot' },
    base,
    head: { branch: head.branch, sha: head.sha, fork: head.origin === 'fork' },
    draft: readiness === 'draft',
    labels,
    files: files === 'unknown' ? null : files.paths,
  };
}
