/** The GitLab adapter on the simulator's GitLab dialect. */
import { createGitlab } from '../../src/adapters/gitlab/create-gitlab.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { Log } from '../../src/ports/log.js';
import type { Cache } from '../../src/ports/store.js';
import type { ForgeHarness } from './forge-harness.js';
import { simulatedWorld, type Dialect, type RequestsOf } from './simulated-world.js';

const BOT = 'lockkeeper';
const TOKEN = 'glpat-lockkeeper';
const SIGNING_TOKEN = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MERGE_REQUESTS = '/api/v4/projects/*/merge_requests';

const requests: RequestsOf = {
  'read-pull-request': [{ method: 'GET', path: `${MERGE_REQUESTS}/*` }],
  'open-pull-request': [{ method: 'POST', path: MERGE_REQUESTS }],
  merge: [{ method: 'PUT', path: `${MERGE_REQUESTS}/*/merge` }],
  'create-comment': [{ method: 'POST', path: `${MERGE_REQUESTS}/*/notes` }],
  'report-check': [{ method: 'POST', path: '/api/v4/projects/*/statuses/*' }],
  'move-branch': [{ method: 'POST', path: '/api/v4/projects/*/repository/commits' }],
};

const silent = () => undefined;
const quietLog: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => quietLog };

/** Keeping its answers: every test of the contract is one that nothing changed is hidden by them. */
function connectKeeping(answers?: Cache): Dialect['connect'] {
  return (simulator) =>
    createGitlab({
      url: simulator.url,
      token: TOKEN,
      webhookSecret: null,
      signingToken: SIGNING_TOKEN,
      timeout: 1000,
      answers: answers ?? new MemoryCache(),
      // What is refused for now is asked again at once: one fault after the other.
      pace: 'none',
      clock: { now: () => simulator.forge.now().getTime() },
      log: quietLog,
    });
}

const dialect: Dialect = {
  forge: 'gitlab',
  botLogin: BOT,
  requests,
  bot: { login: BOT, kind: 'bot', level: 'maintain', token: TOKEN },
  app: () => null,
  webhook: (url) => ({ url, signingToken: SIGNING_TOKEN }),
  connect: connectKeeping(),
};

export const gitlabHarness: ForgeHarness = {
  name: 'gitlab',
  differences: { reviews: 'approvals', requiredChecks: 'pipeline', checks: 'statuses' },
  start: () => simulatedWorld(dialect),
};

export const gitlabKeeping = (answers: Cache): ForgeHarness => ({
  ...gitlabHarness,
  start: () => simulatedWorld({ ...dialect, connect: connectKeeping(answers) }),
});
