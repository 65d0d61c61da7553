/** Rulesets: the rules that hold for a branch, for everybody who sees it; who may pass them by, for administrators alone. */
import type { Ruleset, RulesetRule } from '../forge/rulesets.js';
import type { Repository } from '../forge/state.js';
import { notFoundError } from './api-error.js';
import type { GithubCall, GithubRoute } from './github-call.js';
import { ok } from './github-call.js';
import { nodeId, showTime } from './github-view.js';

type Fields = Readonly<Record<string, unknown>>;

export const rulesetRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo/rules/branches/*',
    handle: (call) => {
      const repository = call.repository();
      const rulesets = call.forge.rulesets.on(repository, call.parameter('*'));
      const all = rulesets.flatMap((ruleset) => ruleset.rules.map((rule) => ({ ruleset, rule })));
      return call.page(all, ({ ruleset, rule }) => ({
        ...showRule(rule),
        ruleset_source_type: ruleset.source,
        ruleset_source: sourceOf(repository, ruleset),
        ruleset_id: ruleset.id,
      }));
    },
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/rulesets',
    handle: (call) => {
      const repository = call.repository();
      return call.page(call.forge.rulesets.of(repository.fullName), (one) => showSummary(call, repository, one));
    },
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/rulesets/:ruleset',
    handle: (call) => {
      const repository = call.repository();
      const found = call.forge.rulesets.of(repository.fullName).find(({ id }) => id === call.number('ruleset'));
      if (found === undefined) throw notFoundError();
      return ok({ ...showSummary(call, repository, found), ...showDetails(call, repository, found) });
    },
  },
];

function sourceOf(repository: Repository, { source }: Ruleset): string {
  return source === 'Organization' ? repository.owner : repository.fullName;
}

function showSummary(call: GithubCall, repository: Repository, ruleset: Ruleset): Fields {
  const { id, name, source, enforcement, createdAt } = ruleset;
  return {
    id,
    name,
    target: 'branch',
    source_type: source,
    source: sourceOf(repository, ruleset),
    enforcement,
    node_id: nodeId('RepositoryRuleset', id),
    _links: {
      self: { href: call.urls.repository(repository.fullName, `rulesets/${id}`) },
      html: { href: call.urls.html(`${repository.fullName}/rules/${id}`) },
    },
    created_at: showTime(createdAt),
    updated_at: showTime(createdAt),
  };
}

/** "The `bypass_actors` property is only returned if the user has write access to the ruleset." */
function showDetails(call: GithubCall, repository: Repository, { include, rules, bypass }: Ruleset): Fields {
  const level = call.forge.people.accessTo(repository.fullName, call.actor);
  return {
    conditions: { ref_name: { include, exclude: [] } },
    rules: rules.map(showRule),
    ...(level === 'admin' ? { bypass_actors: bypass } : {}),
  };
}

function showRule(rule: RulesetRule): Fields {
  switch (rule.type) {
    case 'non_fast_forward':
    case 'deletion':
      return { type: rule.type };
    case 'update':
      return { type: rule.type, parameters: { update_allows_fetch_and_merge: false } };
    case 'pull_request':
      return { type: rule.type, parameters: PULL_REQUEST };
    case 'merge_queue':
      return { type: rule.type, parameters: MERGE_QUEUE };
    case 'required_status_checks': {
      const required_status_checks = rule.checks.map(({ context, app }) => ({
        context,
        ...(app === undefined ? {} : { integration_id: app }),
      }));
      const strict_required_status_checks_policy = rule.strict ?? false;
      return { type: rule.type, parameters: { required_status_checks, strict_required_status_checks_policy } };
    }
  }
}

const PULL_REQUEST = {
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_approving_review_count: 0,
  required_review_thread_resolution: false,
};

const MERGE_QUEUE = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'SQUASH',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};
