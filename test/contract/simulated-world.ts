/** A {@link ForgeWorld} on the simulator: what is the same for both dialects. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { CheckState } from '../../src/core/forge-objects.js';
import type { ForgeKind } from '../../src/core/ids.js';
import type { Forge } from '../../src/ports/forge.js';
import type { WebhookReader } from '../../src/ports/webhooks.js';
import type { HttpFaultEffect } from '../../src/simulator/faults/http-faults.js';
import type { FileAction } from '../../src/simulator/forge/commits.js';
import type { Outcome } from '../../src/simulator/forge/refusal.js';
import type { Seed, SeedApp, SeedWebhook } from '../../src/simulator/seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';
import { seed, type Fault, type ForgeWorld, type Login, type Operation, type SentWebhook } from './forge-harness.js';
import { listenForWebhooks } from './listen-for-webhooks.js';

/** Requests by method and path, `*` for any characters, as the simulator's faults take them. */
export type RequestsOf = Readonly<Record<Operation, readonly { readonly method: string; readonly path: string }[]>>;

export interface Dialect {
  readonly forge: ForgeKind;
  readonly botLogin: string;
  readonly requests: RequestsOf;
  /** The bot's account, unless it is an App, and its permission. */
  readonly bot: {
    readonly login: string;
    readonly kind: 'person' | 'bot';
    readonly level: 'write' | 'maintain';
    readonly token: string;
  } | null;
  /** Given where webhooks are to be sent. */
  app(url: string): SeedApp | null;
  webhook(url: string): SeedWebhook | null;
  connect(simulator: Simulator): Promise<{ readonly forge: Forge; readonly reader: WebhookReader }>;
}

export async function simulatedWorld(dialect: Dialect): Promise<ForgeWorld> {
  const receiver = await listenForWebhooks();
  let ahead = 0;
  const clock = (): Date => new Date(Date.now() + ahead);
  const simulator = await startSimulator({
    forge: dialect.forge,
    seed: seedOf(dialect, receiver.url),
    deliver: 'stepped',
    clock,
  });
  const sent = countRequests(simulator.url);
  const connected = await dialect.connect(simulator);
  const pass = (milliseconds: number): void => {
    ahead += milliseconds;
  };
  return {
    ...connected,
    ...peopleOf(simulator, dialect.forge, pass),
    ...gitOf(simulator),
    repository: { forge: dialect.forge, path: seed.repository },
    botLogin: dialect.botLogin,
    pass,
    fault: (operation, fault) => {
      for (const request of dialect.requests[operation]) simulator.faults.plan({ ...request, effect: effectOf(fault) });
    },
    requests: (operation) => dialect.requests[operation].reduce((sum, request) => sum + sent.count(request), 0),
    async webhooks(): Promise<readonly SentWebhook[]> {
      await simulator.deliveries.deliverAll();
      return receiver.take();
    },
    async close() {
      sent.stop();
      await simulator.close();
      await receiver.close();
    },
  };
}

function seedOf(dialect: Dialect, url: string): Seed {
  const { bot } = dialect;
  const hook = dialect.webhook(url);
  const app = dialect.app(url);
  const people = Object.keys(seed.people);
  return {
    users: [
      ...people.map((login) => ({ login })),
      ...(bot === null ? [] : [{ login: bot.login, kind: bot.kind, tokens: [bot.token] }]),
    ],
    organisations: [{ login: 'acme', teams: { release: seed.team.members } }],
    repositories: [
      {
        name: seed.repository,
        private: true,
        files: seed.files,
        collaborators: { ...seed.people, ...(bot === null ? {} : { [bot.login]: bot.level }) },
        webhooks: hook === null ? [] : [hook],
      },
      { name: seed.hidden, private: true, files: { 'README.md': 'secret\n' }, collaborators: { olga: 'admin' } },
    ],
    apps: [{ id: 1, slug: 'ci', installations: [{ id: 1, account: 'acme' }] }, ...(app === null ? [] : [app])],
  };
}

type PeopleVerbs = Pick<
  ForgeWorld,
  | 'push'
  | 'openPullRequest'
  | 'closePullRequest'
  | 'mergePullRequest'
  | 'comment'
  | 'editComment'
  | 'review'
  | 'reportCheck'
  | 'protect'
  | 'setPermission'
  | 'reactions'
>;

function peopleOf({ forge }: Simulator, dialect: ForgeKind, pass: (milliseconds: number) => void): PeopleVerbs {
  const { repository } = seed;
  const act = async <T>(verb: () => Promise<Outcome<T>> | Outcome<T>): Promise<T> => {
    pass(1000);
    return must(await verb());
  };
  return {
    push: (login, branch, files) =>
      act(async () => {
        const start =
          (await forge.git(repository).branchHead(branch)) === undefined ? { start: seed.defaultBranch } : {};
        const actions = Object.entries(files).map(([path, text]) => actionOf(path, text));
        return forge.commits.commit({
          repository,
          actor: login,
          branch,
          message: `Change ${branch}`,
          actions,
          ...start,
        });
      }).then((one) => one.sha),
    openPullRequest: (login, wanted) =>
      act(() =>
        forge.pullRequests.open({
          repository,
          actor: login,
          title: wanted.title ?? `Merge ${wanted.head}`,
          body: wanted.body ?? '',
          headBranch: wanted.head,
          baseBranch: wanted.base ?? seed.defaultBranch,
        }),
      ).then((one) => one.number),
    closePullRequest: async (login, number) => {
      await act(() => forge.pullRequests.edit({ repository, number, actor: login, state: 'closed' }));
    },
    mergePullRequest: async (login, number) => {
      await act(() => forge.merging.merge({ repository, number, actor: login, method: 'merge' }));
    },
    comment: (login, number, body) =>
      act(() => forge.comments.add({ repository, number, actor: login, body })).then((one) => String(one.id)),
    editComment: async (login, id, body) => {
      await act(() => forge.comments.edit({ actor: login, id: Number(id), body }));
    },
    review: async (login, number, state) => {
      await act(() => forge.reviews.submit({ repository, number, actor: login, state }));
    },
    reportCheck: async (sha, name, state) => {
      await act<unknown>(() =>
        dialect === 'github'
          ? forge.checks.createRun({ repository, actor: 'ci[bot]', headSha: sha, name, ...runProgress(state) })
          : forge.pipelines.reportJob({ repository, sha, name, status: jobStatus[state], actor: 'alice' }),
      );
    },
    protect(branch, rules) {
      must(
        forge.protections.set(repository, {
          pattern: branch,
          requiredChecks: rules.requiredChecks ?? [],
          requiredApprovals: rules.approvals ?? 0,
        }),
      );
      if (dialect === 'gitlab' && rules.requiredChecks !== undefined)
        must(forge.repositories.setSettings(repository, { pipelinesMustSucceed: true }));
    },
    setPermission: (login: Login, permission) => void must(forge.people.setCollaborator(repository, login, permission)),
    reactions: (commentId) => {
      const comment = must(forge.comments.get(repository, Number(commentId)));
      const found = forge.comments.reactionsTo({ repository, number: comment.number, commentId: comment.id });
      return found.map((one) => `${one.name} by ${one.author}`);
    },
  };
}

function gitOf({ forge }: Simulator): Pick<ForgeWorld, 'head' | 'text' | 'bytes' | 'mode' | 'commitAt'> {
  const git = forge.git(seed.repository);
  return {
    head: async (branch) => (await git.branchHead(branch)) ?? null,
    text: async (ref, path) => (await git.readFile(ref, path))?.toString('utf8') ?? null,
    bytes: async (ref, path) => (await git.readFile(ref, path)) ?? null,
    mode: async (ref, path) => (await git.entryAt(ref, path))?.mode ?? null,
    async commitAt(ref) {
      const commit = await git.readCommit(ref);
      if (commit === undefined) throw new Error(`there is no commit ${ref}`);
      return commit;
    },
  };
}

function actionOf(path: string, text: string | null): FileAction {
  return text === null ? { kind: 'delete', path } : { kind: 'put', path, content: Buffer.from(text) };
}

function runProgress(
  state: Exclude<CheckState, 'neutral'>,
): { status: 'in_progress' } | { conclusion: 'success' | 'failure' } {
  return state === 'pending' ? { status: 'in_progress' } : { conclusion: state };
}

const jobStatus = { pending: 'running', success: 'success', failure: 'failed' } as const;

function effectOf(fault: Fault): HttpFaultEffect {
  switch (fault.kind) {
    case 'unavailable':
      return { kind: 'status', status: 503 };
    case 'rate-limited':
      return { kind: 'status', status: 429, headers: { 'retry-after': String(fault.retryAfter) } };
    case 'answers': {
      const { status, words, headers = {} } = fault;
      return { kind: 'status', status, headers, body: { message: words } };
    }
    case 'reset':
      return { kind: 'connection-reset' };
    case 'answer-lost':
      return { kind: 'act-then-lose-answer' };
    case 'done-then-500':
      return { kind: 'act-then-500' };
    case 'no-answer':
      return { kind: 'time-out' };
  }
}

/** Counts what this process sends to the forge, where it is sent: an answer need not come. */
function countRequests(url: string): {
  count(request: { readonly method: string; readonly path: string }): number;
  stop(): void;
} {
  const seen: { readonly method: string; readonly path: string }[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: { origin: unknown; method: string; path: string } };
    if (String(request.origin) === url) seen.push({ method: request.method, path: request.path.split('?')[0] ?? '' });
  };
  subscribe('undici:request:create', note);
  return {
    count({ method, path }) {
      const pattern = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      const expression = new RegExp(`^${pattern.join('.*')}$`);
      return seen.filter((one) => one.method === method && expression.test(one.path)).length;
    },
    stop: () => void unsubscribe('undici:request:create', note),
  };
}

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`the forge refused: ${JSON.stringify(outcome.refusal)}`);
}
