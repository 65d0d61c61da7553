import { describe, expect, it } from 'vitest';
import { affectedTargets } from '../plan/affected.js';
import { WHOLE_REPOSITORY, type Closure } from '../plan/dependencies/closure.js';
import { evaluatePolicy } from './evaluate-policy.js';
import { policyFiles } from './policy-files.js';
import { policy, REST } from './testing/policy-rules.js';
import { facts } from './testing/pull-request-facts.js';

describe('what a policy is made of', () => {
  const isPolicy = policyFiles({ file: 'policy.yaml', rego: ['policy/**'] });

  it.each([
    ['policy.yaml', true],
    ['policy/a.rego', true],
    ['other.yaml', false],
    ['sub/policy.yaml', false],
  ])('%s: %s', (path, is) => {
    expect(isPolicy(path)).toBe(is);
  });

  it('is nothing where it stands in the configuration', () => {
    expect(policyFiles({ rego: [] })('policy.yaml')).toBe(false);
  });

  it('lies outside of all targets even where it lies in one', () => {
    const target = { name: { app: 'api', env: 'dev' }, directory: 'policy' };
    const affected = affectedTargets(
      ['policy/a.rego', 'policy/b.txt'],
      [target],
      () => [],
      policyFiles({ rego: ['**/*.rego'] }),
    );
    expect(affected).toMatchObject({ outside: ['policy/a.rego'], targets: [target] });
  });

  it.each<[string, Closure, readonly string[]]>([
    // Somebody's kustomization names it: it still rules everybody.
    ['a target reads it', { paths: new Set(['policy.yaml']), directories: new Set() }, ['dev']],
    ['a target may read anything', WHOLE_REPOSITORY, []],
  ])('lies outside of all targets even where %s', (_, closure, touched) => {
    const target = { name: { app: 'api', env: 'dev' }, directory: 'dev' };
    const affected = affectedTargets(['policy.yaml'], [target], () => [closure], isPolicy);
    expect(affected.outside).toEqual(['policy.yaml']);
    expect(affected.targets.map(({ directory }) => directory)).toEqual(touched);
  });
});

it('refuses everything by a policy that could not be read, and says why', () => {
  const unreadable = { kind: 'no-access', repository: 'acme/policy' } as const;
  const verdict = evaluatePolicy(facts({}), policy([REST], { unreadable }));
  expect(verdict).toMatchObject({ state: 'refused', undecided: [{ kind: 'policy-unreadable', why: unreadable }] });
});
