/** A simulated GitHub with Acme's repository, and Octokits whose every answer is judged by GitHub's own descriptions. */
import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Seed } from '../../src/simulator/seed.js';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';
import { problemsOfAnswer } from './github-schemas.js';

export const acme = { owner: 'acme', repo: 'config' } as const;

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export function seedOfGithub(webhookUrl?: string): Seed {
  return {
    users: ['alice', 'bob', 'dave', 'olga', 'stranger'].map((login) => ({ login, email: `${login}@acme.test` })),
    organisations: [{ login: 'acme', owners: ['olga'], members: ['alice', 'bob'], teams: { sre: ['alice'] } }],
    repositories: [
      {
        name: 'acme/config',
        files: { 'README.md': 'one\ntwo\nthree\n', 'apps/api/a.yaml': 'image: 1.0.0\n' },
        collaborators: { alice: 'write', bob: 'write', dave: 'read' },
        protections: [{ pattern: 'main', requiredChecks: ['ci/build'] }],
      },
    ],
    apps: [
      {
        id: 7,
        slug: 'keeper',
        publicKey: keys.publicKey,
        installations: [{ id: 70, account: 'acme' }],
        ...(webhookUrl === undefined ? {} : { webhook: { url: webhookUrl, secret: 'hook secret' } }),
      },
    ],
  };
}

/** One tick of a second for each look at the clock, so that times differ and are the same in every run. */
export function tickingClock(): () => Date {
  let seconds = Date.parse('2026-03-02T09:00:00Z') / 1000;
  return () => new Date((seconds += 1) * 1000);
}

export function startGithub(webhookUrl?: string): Promise<Simulator> {
  return startSimulator({ forge: 'github', deliver: 'stepped', seed: seedOfGithub(webhookUrl), clock: tickingClock() });
}

/** Octokit as it is, without words in the log, failing on answers that GitHub would not give. */
function judged(octokit: Octokit): Octokit {
  octokit.hook.after('request', (response, options) => {
    const { mediaType } = options as { readonly mediaType?: { readonly format?: string } };
    // Later pages are asked for by full address; their template is not known here.
    if ((mediaType?.format ?? '') !== '' || options.url.startsWith('http')) return;
    const problems = problemsOfAnswer(options.method, options.url, response);
    if (problems.length > 0) throw new Error(`${options.method} ${options.url}: ${problems.slice(0, 30).join('\n')}`);
  });
  return octokit;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** As a person, by the token that the seed gave: `LOGIN-token`. */
export function octokitOf(simulator: Simulator, login: string): Octokit {
  return judged(new Octokit({ baseUrl: simulator.apiUrl, auth: `${login}-token`, log: silent }));
}

export interface AppOctokitOptions {
  /** Without it: the App itself, by its JWT. */
  readonly installationId?: number;
}

/** The simulated time is not the machine's, so the App's JWTs are made for the real one; use `realTime` simulators. */
export function octokitOfApp(simulator: Simulator, options: AppOctokitOptions = {}): Octokit {
  const auth = { appId: 7, privateKey: keys.privateKey, ...options };
  return judged(new Octokit({ baseUrl: simulator.apiUrl, authStrategy: createAppAuth, auth, log: silent }));
}

export function startGithubInRealTime(webhookUrl?: string): Promise<Simulator> {
  return startSimulator({ forge: 'github', deliver: 'stepped', seed: seedOfGithub(webhookUrl) });
}

/** Commits files on a new branch through the Git Data API; gives the commit. */
export async function commitFiles(
  octokit: Octokit,
  change: { readonly branch: string; readonly from?: string; readonly files: Readonly<Record<string, string | null>> },
): Promise<string> {
  const from = change.from ?? (await octokit.git.getRef({ ...acme, ref: 'heads/main' })).data.object.sha;
  const base = (await octokit.git.getCommit({ ...acme, commit_sha: from })).data.tree.sha;
  const tree = Object.entries(change.files).map(([path, content]) => {
    const entry = { path, mode: '100644', type: 'blob' } as const;
    return content === null ? { ...entry, sha: null } : { ...entry, content };
  });
  const written = await octokit.git.createTree({ ...acme, base_tree: base, tree });
  const commit = await octokit.git.createCommit({
    ...acme,
    message: `Change ${Object.keys(change.files).join(', ')}`,
    tree: written.data.sha,
    parents: [from],
  });
  await octokit.git.createRef({ ...acme, ref: `refs/heads/${change.branch}`, sha: commit.data.sha });
  return commit.data.sha;
}

/** A pull request into main that changes the API's image. */
export async function openPull(
  octokit: Octokit,
  branch = 'change',
  files: Readonly<Record<string, string | null>> = { 'apps/api/a.yaml': 'image: 1.1.0\n' },
) {
  const sha = await commitFiles(octokit, { branch, files });
  const { data } = await octokit.pulls.create({
    ...acme,
    title: `Pull ${branch}`,
    head: branch,
    base: 'main',
    body: 'Please',
  });
  return { sha, number: data.number, data };
}

/** CI is green on a commit. */
export async function passCi(octokit: Octokit, sha: string): Promise<void> {
  await octokit.repos.createCommitStatus({ ...acme, sha, context: 'ci/build', state: 'success' });
}

/** The status and body of a request that must be refused. */
export async function refusalOf(
  request: Promise<unknown>,
): Promise<{ readonly status: number; readonly message: string; readonly errors?: unknown }> {
  const outcome = await request.then(
    () => undefined,
    (error: unknown) =>
      error as {
        readonly status: number;
        readonly response?: { readonly data?: { readonly message?: string; readonly errors?: unknown } };
      },
  );
  if (outcome === undefined) throw new Error('the request was not refused');
  if (typeof outcome.status !== 'number') throw outcome;
  const data = outcome.response?.data ?? {};
  return {
    status: outcome.status,
    message: data.message ?? '',
    ...(data.errors === undefined ? {} : { errors: data.errors }),
  };
}
