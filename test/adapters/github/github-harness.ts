/** The forge contract's harnesses for GitHub: as an App, and with a plain token. */
import { generateKeyPairSync } from 'node:crypto';
import { createGithub } from '../../../src/adapters/github/create-github.js';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import type { GithubAuth, GithubSettings } from '../../../src/adapters/github/settings.js';
import type { Log } from '../../../src/ports/log.js';
import type { Cache } from '../../../src/ports/store.js';
import type { ForgeHarness } from '../../contract/forge-harness.js';
import { simulatedWorld, type Dialect, type RequestsOf } from '../../contract/simulated-world.js';
import { seed } from '../../contract/forge-harness.js';

const webhookSecret = 'it stays between us';
const token = 'lockkeeper-token';
const appId = 77;
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const githubApp: ForgeHarness = {
  name: 'github app',
  differences: { reviews: 'reviews', requiredChecks: 'named', checks: 'check-runs' },
  start: () => simulatedWorld(appDialect),
};

export const githubToken: ForgeHarness = {
  name: 'github token',
  differences: { reviews: 'reviews', requiredChecks: 'named', checks: 'statuses' },
  start: () => simulatedWorld(tokenDialect),
};

const repository = '/api/v3/repos/acme/config';

const requests: RequestsOf = {
  'read-pull-request': [{ method: 'GET', path: `${repository}/pulls/*` }],
  'open-pull-request': [{ method: 'POST', path: `${repository}/pulls` }],
  merge: [{ method: 'PUT', path: `${repository}/pulls/*/merge` }],
  'create-comment': [{ method: 'POST', path: `${repository}/issues/*/comments` }],
  'report-check': [
    { method: 'POST', path: `${repository}/check-runs` },
    { method: 'PATCH', path: `${repository}/check-runs/*` },
    { method: 'POST', path: `${repository}/statuses/*` },
  ],
  'move-branch': [
    { method: 'POST', path: `${repository}/git/refs` },
    { method: 'PATCH', path: `${repository}/git/refs/*` },
  ],
};

/** With the spacing and re-sending of a client for github.com. */
export const githubAppPaced: ForgeHarness = {
  ...githubApp,
  name: 'github app at the pace of github.com',
  start: () => simulatedWorld({ ...appDialect, connect: connectAs(appAuth, 'forge') }),
};

export const boundedTo = (repositories: readonly string[]): ForgeHarness => ({
  ...githubToken,
  start: () => simulatedWorld({ ...tokenDialect, connect: connectAs({ kind: 'token', token }, 'none', repositories) }),
});

/** Keeping its answers here: every test of the contract is one that nothing changed is hidden by them. */
export const githubTokenKeeping = (answers: Cache): ForgeHarness => ({
  ...githubToken,
  start: () =>
    simulatedWorld({
      ...tokenDialect,
      connect: ({ apiUrl }) =>
        createGithub({ auth: { kind: 'token', token }, webhookSecret, apiUrl, pace: 'none', answers, log: silent }),
    }),
});

/** With limits of its own, as GitHub's would take an hour to reach, and the time that the test has. */
export const githubTokenWithin = (
  budget: Required<Pick<GithubSettings, 'limits' | 'clock' | 'answers' | 'log'>>,
): ForgeHarness => ({
  ...githubToken,
  start: () =>
    simulatedWorld({
      ...tokenDialect,
      connect: ({ apiUrl }) =>
        createGithub({ auth: { kind: 'token', token }, webhookSecret, apiUrl, pace: 'none', ...budget }),
    }),
});

const connectAs =
  (auth: GithubAuth, pace: 'forge' | 'none', repositories?: readonly string[]): Dialect['connect'] =>
  ({ apiUrl }) => {
    const answers = new MemoryCache();
    const settings = { auth, webhookSecret, apiUrl, pace, timeout: 2000, answers, log: silent };
    return createGithub(repositories === undefined ? settings : { ...settings, repositories });
  };

const appAuth: GithubAuth = { kind: 'app', appId, privateKey: keys.privateKey };

const appDialect: Dialect = {
  forge: 'github',
  botLogin: 'lockkeeper[bot]',
  requests,
  bot: null,
  app: (url) => ({
    id: appId,
    slug: 'lockkeeper',
    publicKey: keys.publicKey,
    webhook: { url, secret: webhookSecret },
    installations: [{ id: 9, account: 'acme', repositories: [seed.repository] }],
  }),
  webhook: () => null,
  connect: connectAs(appAuth, 'none'),
};

const tokenDialect: Dialect = {
  forge: 'github',
  botLogin: 'lockkeeper',
  requests,
  bot: { login: 'lockkeeper', kind: 'person', level: 'write', token },
  app: () => null,
  webhook: (url) => ({ url, secret: webhookSecret }),
  connect: connectAs({ kind: 'token', token }, 'none'),
};

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};
