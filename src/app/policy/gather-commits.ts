/** Whose work a pull request is, whether it is signed, and what its trailers say: git's commits, with the forge's word about accounts. */
import type { AttributedCommit, Commit, PullRequest } from '../../core/forge-objects.js';
import {
  loginOfNoreplyAddress,
  type Committer,
  type CommitRole,
  type PolicyFacts,
} from '../../core/policy/policy-facts.js';
import type { Need } from '../../core/policy/policy-needs.js';
import { coAuthorsIn, trailersIn } from '../../core/policy/trailers.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import { repositoryKey } from '../../core/ids.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

type CommitFacts = Pick<PolicyFacts, 'committers' | 'signed' | 'trailers'>;

/** Commits that are told apart, at most: past it they are unknown, and a rule that asks fails closed. */
export const MAX_COMMITS = 250;

/** What `needs` do not name is unknown: nobody asks. */
export async function gatherCommits(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  needs: ReadonlySet<Need>,
): Promise<CommitFacts> {
  const attribution = needs.has('committers') || needs.has('signatures');
  if (!attribution && !needs.has('trailers')) return NOTHING;
  const commits = await commitsOf(repository, pullRequest);
  if (commits === 'too-many') return NOTHING;
  const texts = [pullRequest.body, ...commits.map(({ message }) => message)];
  const trailers = texts.flatMap(trailersIn).map(({ value }) => value);
  const attributed = attribution ? await attribute(app, repository, pullRequest, needs) : 'unknown';
  if (attributed === 'unknown') return { ...NOTHING, trailers };
  const listed = new Set(attributed.map(({ sha }) => sha));
  // The forge's list ends somewhere: of what is beyond, nobody knows whose it is.
  if (!commits.every(({ sha }) => listed.has(sha))) return { ...NOTHING, trailers };
  const signed = needs.has('signatures') ? areSigned(commits, attributed) : 'unknown';
  return { committers: committersOf(commits, attributed, pullRequest), signed, trailers };
}

const NOTHING: CommitFacts = { committers: 'unknown', signed: 'unknown', trailers: 'unknown' };

/** Those that the head has and the target branch has not. */
async function commitsOf(
  { mirror, tip }: ConfiguredRepository,
  { head: { sha } }: PullRequest,
): Promise<readonly Commit[] | 'too-many'> {
  if (!(await mirror.has(sha))) throw new Unavailable(`${sha} is not fetched yet`);
  const commits = await mirror.log({ from: tip, to: sha, paths: [], limit: MAX_COMMITS, walk: 'every-commit' });
  return commits.length === MAX_COMMITS ? 'too-many' : commits;
}

/** Asked once for each head: a commit does not change. */
async function attribute(
  app: App,
  { repository, forge }: ConfiguredRepository,
  { number, head }: PullRequest,
  needs: ReadonlySet<Need>,
): Promise<readonly AttributedCommit[] | 'unknown'> {
  const signatures = needs.has('signatures') ? 'asked' : 'not-asked';
  const key = `commits/1/${repositoryKey(repository)}#${number}/${head.sha}/${signatures}`;
  const kept = await app.cache.get(key);
  if (kept !== null) return JSON.parse(kept) as readonly AttributedCommit[];
  try {
    const found = await forge.pullRequests.commits(repository, number, { signatures });
    // The forge may have seen a newer head already: what is listed is then not this one's.
    if (found.some(({ sha }) => sha === head.sha)) await app.cache.put(key, JSON.stringify(found));
    return found;
  } catch (cause) {
    if (cause instanceof Forbidden) return 'unknown';
    throw cause;
  }
}

/** GitHub's own committer of commits made through its pages and API: nobody's account. */
const FORGE_COMMITTER = 'noreply@github.com';

function committersOf(
  commits: readonly Commit[],
  attributed: readonly AttributedCommit[],
  { repository: { forge } }: PullRequest,
): readonly Committer[] {
  const bySha = new Map(attributed.map((each) => [each.sha, each]));
  const found = new Map<string, { email: string; login: string | null; roles: Set<CommitRole> }>();
  const accounts = new Map<string, string>();
  const add = (email: string, role: CommitRole, known: string | null): void => {
    if (email === FORGE_COMMITTER) return;
    const login = known ?? loginOfNoreplyAddress(email, forge) ?? accounts.get(email.toLowerCase()) ?? null;
    if (login !== null) accounts.set(email.toLowerCase(), login);
    const key = JSON.stringify([email, login]);
    const there = found.get(key) ?? { email, login, roles: new Set<CommitRole>() };
    there.roles.add(role);
    found.set(key, there);
  };
  for (const commit of commits) {
    const accountsOfCommit = bySha.get(commit.sha);
    add(commit.authorEmail, 'author', accountsOfCommit?.author ?? null);
    add(commit.committerEmail, 'committer', accountsOfCommit?.committer ?? null);
  }
  // Last: who they are is known where they wrote another commit.
  for (const { message } of commits) for (const email of coAuthorsIn(message)) add(email, 'co-author', null);
  return [...found.values()].map(({ email, login, roles }) => ({ email, login, roles: [...roles] }));
}

function areSigned(commits: readonly Commit[], attributed: readonly AttributedCommit[]): boolean {
  const verified = new Set(attributed.flatMap(({ sha, signature }) => (signature === 'verified' ? [sha] : [])));
  return commits.length > 0 && commits.every(({ sha }) => verified.has(sha));
}
