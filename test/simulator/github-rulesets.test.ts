import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, octokitOf, openPull, startGithub } from './github-fixture.js';
import { problemsOfAnswer } from './github-schemas.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startGithub();
  simulator.forge.protections.remove('acme/config', 'main');
});
afterEach(() => simulator.close());

const PATH = '/repos/{owner}/{repo}';

test('rules of a branch and their rulesets are as GitHub describes them', async () => {
  const { rulesets, people } = simulator.forge;
  people.setCollaborator('acme/config', 'alice', 'admin');
  const added = rulesets.add('acme/config', {
    name: 'main',
    rules: [
      ...(['pull_request', 'non_fast_forward', 'deletion', 'update', 'merge_queue'] as const).map((type) => ({ type })),
      { type: 'required_status_checks', checks: [{ context: 'ci/build' }, { context: 'lockkeeper/plan', app: 7 }] },
    ],
    bypass: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
  });
  rulesets.add('acme/config', { name: 'off', enforcement: 'disabled', rules: [{ type: 'deletion' }] });
  const id = added.ok ? added.value.id : 0;
  const alice = octokitOf(simulator, 'alice');
  const rules = await alice.repos.getBranchRules({ ...acme, branch: 'main' });
  expect(problemsOfAnswer('GET', `${PATH}/rules/branches/{branch}`, rules)).toEqual([]);
  expect(rules.data.map(({ type }) => type)).toHaveLength(6);
  expect((await alice.repos.getBranchRules({ ...acme, branch: 'other' })).data).toEqual([]);
  const all = await alice.repos.getRepoRulesets({ ...acme });
  expect(problemsOfAnswer('GET', `${PATH}/rulesets`, all)).toEqual([]);
  expect(all.data.map(({ name }) => name)).toEqual(['main', 'off']);
  const one = await alice.repos.getRepoRuleset({ ...acme, ruleset_id: id });
  expect(problemsOfAnswer('GET', `${PATH}/rulesets/{ruleset_id}`, one)).toEqual([]);
  expect(one.data.bypass_actors).toHaveLength(1);
  // Who may not change it does not see who passes it by.
  const seen = await octokitOf(simulator, 'bob').repos.getRepoRuleset({ ...acme, ruleset_id: id });
  expect(seen.data).not.toHaveProperty('bypass_actors');
});

test('rulesets hold: for pushes, and for merges until their checks are green', async () => {
  const alice = octokitOf(simulator, 'alice');
  const { number, sha } = await openPull(alice);
  const { forge } = simulator;
  forge.rulesets.add('acme/config', {
    name: 'main',
    rules: [{ type: 'pull_request' }, { type: 'required_status_checks', checks: [{ context: 'ci/build' }] }],
    bypass: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
  });
  const refused = { ok: false, refusal: { kind: 'not-mergeable', reason: 'checks' } };
  const order = { repository: 'acme/config', number, actor: 'alice', method: 'squash' } as const;
  expect(forge.protections.mayPush('acme/config', 'main', 'alice')).toMatchObject({ ok: false });
  expect(await forge.merging.merge(order)).toMatchObject(refused);
  forge.people.setCollaborator('acme/config', 'bob', 'admin');
  expect(forge.protections.mayPush('acme/config', 'main', 'bob')).toMatchObject({ ok: true });
  await alice.repos.createCommitStatus({ ...acme, sha, context: 'ci/build', state: 'success' });
  expect(await forge.merging.merge(order)).toMatchObject({ ok: true });
});
