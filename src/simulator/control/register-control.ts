/**
 * The control API: for programs that play people from another process. JSON in and out, under `/_simulator`; whoever
 * reaches the loopback interface may use it. An error is `{"error": "words"}` with 400 (not understood), 404 or 422
 * (the forge refuses: the same rules hold as for the REST dialects). `R` stands for `repositories/OWNER/NAME`.
 *
 * | request | body or query | answer |
 * |---|---|---|
 * | `GET /_simulator` | | `{forge, url, apiUrl, repositories: [{name, defaultBranch}], users: [{login, name, kind, token}], teams: [{name, members}]}` |
 * | `GET R/pull-requests` | `state=open\|closed\|merged` | pull requests, oldest first: see show-pull-request.ts |
 * | `GET R/pull-requests/N` | | one |
 * | `POST R/forks` | `{actor}` | `{repository}`: the copy under the actor's account |
 * | `POST R/pull-requests` | `{actor, title, body?, head, headRepository?, base}` | the new one; `headRepository` names a fork |
 * | `POST R/pull-requests/N/comments` | `{actor, body}` | `{id}` |
 * | `POST R/pull-requests/N/reviews` | `{actor, state: approved\|changes-requested\|commented\|withdrawn, body?}` | `{}` |
 * | `POST R/pull-requests/N/reactions` | `{actor, name, commentId?}` | `{}`; names are the neutral ones: `thumbs-up`, `eyes`, … |
 * | `POST R/pull-requests/N/merge` | `{actor, method: merge\|squash\|rebase}` | `{sha}` |
 * | `POST R/pull-requests/N/state` | `{actor, state: open\|closed}` | the pull request |
 * | `POST R/rulesets` | `{name, rules: [{type, checks?, strict?}], enforcement?, include?, bypass?}` | `{id}`: as forge/rulesets.ts; GitHub only |
 * | `POST R/merge-groups` | `{actor, numbers: [N], method: merge\|squash}` | `{groups: [{branch, headSha, baseBranch, baseSha}]}`: GitHub's merge queue builds them, one on the other |
 * | `POST R/merge-groups/settle` | `{branch}` | `{outcome: merged\|dequeued}`: by the required checks of the group's head |
 * | `POST R/checks` | `{sha, name, state: pending\|success\|failure}` | `{}`; CI speaks: check run (GitHub) or pipeline job (GitLab) |
 * | `GET R/checks` | `ref` | `{sha, checks: [{name, state, description}]}` of a branch, tag or commit |
 * | `GET R/branches` | | `[{name, sha}]` |
 * | `GET R/files` | `ref` (default branch when not given), `path` | `{path, ref, sha, text}`; 404 when there is none |
 * | `GET R/tree` | `ref`, `path` | `[{path, type, sha}]` at every depth |
 * | `GET R/commits` | `ref`, `limit` | `[{sha, message, author, parents}]`, newest first |
 * | `POST R/commits` | `{actor, branch, message, files: {path: text or null}, start?, force?}` | `{sha}`; null deletes; branch protection holds |
 * | `POST /_simulator/users` | `{login, name?, token?}` | `{login, token}` |
 * | `POST R/permissions` | `{login, level: none\|read\|triage\|write\|maintain\|admin}` | `{}` |
 * | `POST /_simulator/teams/ORG/SLUG` | `{login, membership: in\|out}` | `{}` |
 * | `GET /_simulator/deliveries` | `state=pending\|sent\|failed\|lost\|void` | webhooks, oldest first, with their attempts |
 * | `POST /_simulator/deliveries/next`, `…/all` | `{}` | `{sent}`: how many (stepped mode) |
 * | `POST /_simulator/deliveries/N/redeliver`, `lose`, `double`, `delay` | `{}` | `{}`; N is the delivery's number |
 * | `POST /_simulator/deliveries/faults` | `{kind: lose\|double\|delay, event?, action?, times?, after?}` | `{}` |
 * | `DELETE /_simulator/deliveries/faults` | | `{}`; delayed ones are let go |
 * | `POST /_simulator/faults` | `{method?, path, nth?, times?, effect: {kind, status?, …}}` as faults/http-faults.ts | `{}` |
 * | `GET`, `DELETE /_simulator/faults` | | those left, `{}` |
 */
import type { FastifyInstance } from 'fastify';
import { contentRoutes } from './content-routes.js';
import type { ControlContext, ControlRoute } from './control-call.js';
import { ControlCall, ControlError } from './control-call.js';
import { faultRoutes } from './fault-routes.js';
import { mergeGroupRoutes } from './merge-group-routes.js';
import { peopleRoutes } from './people-routes.js';
import { pullRequestRoutes } from './pull-request-routes.js';
import { rulesetControlRoutes } from './ruleset-routes.js';

export async function registerControl(server: FastifyInstance, context: ControlContext): Promise<void> {
  const routes: readonly ControlRoute[] = [
    ...peopleRoutes,
    ...pullRequestRoutes,
    ...contentRoutes,
    ...faultRoutes,
    ...mergeGroupRoutes,
    ...rulesetControlRoutes,
  ];
  await server.register(
    async (scope) => {
      scope.setErrorHandler((error, _request, reply) => {
        const status = error instanceof ControlError ? error.status : 500;
        return reply.code(status).send({ error: error instanceof Error ? error.message : String(error) });
      });
      for (const route of routes) {
        scope.route({
          method: route.method,
          url: route.path,
          handler: async (request, reply) => {
            const parameters = request.params as Readonly<Record<string, string>>;
            const query = request.query as Readonly<Record<string, string | undefined>>;
            const answer = await route.handle(new ControlCall({ parameters, query, body: request.body }), context);
            return reply.send(answer ?? {});
          },
        });
      }
    },
    { prefix: '/_simulator' },
  );
}
