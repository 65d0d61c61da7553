/** Apps, installations, their tokens and webhook deliveries; accounts; what the API says of itself. */
import { randomBytes } from 'node:crypto';
import type { Delivery } from '../delivery/delivery.js';
import type { Deliveries } from '../delivery/deliveries.js';
import type { App, Installation } from '../forge/state.js';
import { granted, notFoundError } from './api-error.js';
import type { GithubCall, GithubRoute } from './github-call.js';
import { created, ok } from './github-call.js';
import { showTime } from './github-view.js';
import { showFullRepository } from './show-repository.js';
import { showApp, showInstallation, showPublicUser } from './show-user.js';

/** An hour, as GitHub's. */
const tokenLifetime = 3_600_000;

export const appRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/app', handle: (call) => ok(showApp(call.view, call.app)) },
  {
    method: 'GET',
    path: '/app/installations',
    handle: (call) => {
      const { app } = call;
      return call.page(app.installations, (one) => showInstallation(call.view, app, one));
    },
  },
  {
    method: 'GET',
    path: '/app/installations/:installation',
    handle: (call) => ok(showInstallation(call.view, call.app, installationOf(call))),
  },
  { method: 'POST', path: '/app/installations/:installation/access_tokens', handle: createToken },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/installation',
    handle: (call) =>
      ok(
        showInstallation(
          call.view,
          call.app,
          installationFor(call, `${call.parameter('owner')}/${call.parameter('repo')}`),
        ),
      ),
  },
  {
    method: 'GET',
    path: '/orgs/:org/installation',
    handle: (call) => ok(showInstallation(call.view, call.app, installationOn(call, call.parameter('org')))),
  },
  {
    method: 'GET',
    path: '/users/:user/installation',
    handle: (call) => ok(showInstallation(call.view, call.app, installationOn(call, call.parameter('user')))),
  },
  { method: 'GET', path: '/installation/repositories', handle: listInstallationRepositories },
  { method: 'GET', path: '/user', handle: (call) => ok(showUser(call, call.person)) },
  { method: 'GET', path: '/users/:user', handle: (call) => ok(showUser(call, call.parameter('user'))) },
  {
    method: 'GET',
    path: '/user/repos',
    handle: (call) => {
      const { person } = call;
      return call.page(call.forge.repositories.visibleTo(person), (one) => showFullRepository(call.view, one, person));
    },
  },
  { method: 'GET', path: '/rate_limit', handle: () => ok(rateLimit()) },
  {
    method: 'GET',
    path: '/meta',
    handle: () => ok({ verifiable_password_authentication: true, installed_version: '3.19.0' }),
  },
  { method: 'GET', path: '/zen', handle: () => ({ status: 200, body: 'Anything added dilutes everything else.' }) },
];

/** `GET /app/hook/deliveries` and its neighbours: what was sent to the App's own webhook. */
export function appDeliveryRoutes(deliveries: Deliveries): readonly GithubRoute[] {
  const mine = (call: GithubCall): readonly Delivery[] =>
    deliveries.list().filter((one) => one.hookId === call.app.id && one.attempts.length > 0);
  const one = (call: GithubCall): Delivery =>
    mine(call).find((delivery) => delivery.number === call.number('delivery')) ?? missing();
  return [
    {
      method: 'GET',
      path: '/app/hook/deliveries',
      handle: (call) => call.page([...mine(call)].reverse(), (delivery) => showDeliveryItem(call, delivery)),
    },
    { method: 'GET', path: '/app/hook/deliveries/:delivery', handle: (call) => ok(showDelivery(call, one(call))) },
    {
      method: 'POST',
      path: '/app/hook/deliveries/:delivery/attempts',
      handle: async (call) => {
        // GitHub answers at once and sends later; sending before the answer makes tests need no waiting.
        await deliveries.redeliver(one(call).number);
        return { status: 202, body: {} };
      },
    },
  ];
}

function missing(): never {
  throw notFoundError();
}

function createToken(call: GithubCall) {
  const installation = installationOf(call);
  const { app } = call;
  const expiresAt = new Date(call.forge.now().getTime() + tokenLifetime);
  const value = `ghs_${randomBytes(18).toString('hex')}`;
  call.forge.people.addToken({
    value,
    login: `${app.slug}[bot]`,
    kind: 'installation',
    installationId: installation.id,
    expiresAt,
  });
  const { permissions } = showInstallation(call.view, app, installation);
  const repository_selection = installation.repositories === 'all' ? 'all' : 'selected';
  return created({ token: value, expires_at: showTime(expiresAt), permissions, repository_selection });
}

function installationOf(call: GithubCall): Installation {
  return call.app.installations.find((one) => one.id === call.number('installation')) ?? missing();
}

function installationOn(call: GithubCall, account: string): Installation {
  return call.app.installations.find((one) => one.account === account) ?? missing();
}

function installationFor(call: GithubCall, repository: string): Installation {
  granted(call.forge.repositories.get(repository));
  return call.forge.people.installationFor(call.app, repository) ?? missing();
}

function listInstallationRepositories(call: GithubCall) {
  const { actor, forge } = call;
  const app: App = forge.people.appOf(actor) ?? missing();
  const covered = [...forge.state.repositories.values()].filter(
    (one) => forge.people.installationFor(app, one.fullName) !== undefined,
  );
  return call.countedPage('repositories', covered, (one) => showFullRepository(call.view, one, actor));
}

function showUser(call: GithubCall, login: string) {
  const user = call.forge.state.users.get(login);
  return user === undefined ? missing() : showPublicUser(call.view, user);
}

function rateLimit(): Readonly<Record<string, unknown>> {
  const rate = { limit: 5000, used: 0, remaining: 5000, reset: 4_102_444_800 };
  return { resources: { core: rate, search: rate, graphql: rate }, rate };
}

function showDeliveryItem(call: GithubCall, delivery: Delivery): Readonly<Record<string, unknown>> {
  return { ...showLastAttempt(delivery), ...showSubject(call, delivery), throttled_at: null };
}

function showLastAttempt(delivery: Delivery): Readonly<Record<string, unknown>> {
  const attempt = delivery.attempts.at(-1);
  return {
    id: delivery.number,
    guid: delivery.id,
    delivered_at: showTime(attempt?.at ?? delivery.queuedAt),
    redelivery: attempt?.redelivery ?? false,
    duration: (attempt?.durationMs ?? 0) / 1000,
    status: delivery.state === 'sent' ? 'OK' : (attempt?.error ?? 'failed'),
    status_code: attempt?.status ?? 0,
  };
}

function showSubject(call: GithubCall, delivery: Delivery): Readonly<Record<string, unknown>> {
  const repository = call.forge.state.repositories.get(delivery.repository ?? '');
  const installation =
    repository === undefined ? undefined : call.forge.people.installationFor(call.app, repository.fullName);
  return {
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
  };
}

function showDelivery(call: GithubCall, delivery: Delivery): Readonly<Record<string, unknown>> {
  const attempt = delivery.attempts.at(-1);
  return {
    ...showDeliveryItem(call, delivery),
    url: delivery.url,
    request: {
      headers: attempt?.requestHeaders ?? null,
      payload: attempt === undefined ? null : (JSON.parse(attempt.body) as unknown),
    },
    response: { headers: {}, payload: attempt?.responseBody ?? null },
  };
}
