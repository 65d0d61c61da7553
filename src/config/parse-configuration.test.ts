import { describe, expect, it } from 'vitest';
import { ANYTHING } from '../core/policy/policy-rules.js';
import { FULL, SMALL, valid } from './testing/example-configuration.js';

describe('a valid file', () => {
  it('is read whole', () => {
    expect(valid(FULL)).toMatchObject({
      layouts: [{ path: 'apps/{app}/envs/{env}', app: null }],
      environments: [
        { name: 'dev', after: [], gates: { checks: [], soak: 0 } },
        {
          name: 'test',
          after: ['dev'],
          gates: { checks: ['ci/*', 'argocd/*'], soak: 1_800_000 },
          promotion: 'auto',
          merge: 'auto',
        },
        { name: 'prod', after: ['test'], gates: { soak: 86_400_000 }, promotion: 'manual', merge: 'manual' },
      ],
      carry: [
        { kind: 'files', files: ['**'], except: ['**/replicas.yaml', '**/settings.yaml'] },
        { kind: 'field', file: 'kustomization.yaml', path: 'images[*].newTag' },
        { kind: 'field', file: 'values.yaml', path: 'image.tag' },
      ],
      images: [{ image: 'ghcr.io/acme/api', app: 'api', into: 'dev', update: 'semver', range: '>=1.0.0 <2' }],
      policy: {
        rules: [
          {
            when: { environments: ['prod'], applications: null, changes: null },
            require: {
              kind: 'approvals',
              count: 2,
              from: { users: [], teams: ['acme/sre'], permission: null },
              not: [{ kind: 'author' }, { kind: 'committers' }],
            },
          },
          { when: { environments: ['dev'], changes: ['image-only'] }, require: { kind: 'none' } },
        ],
      },
      commands: { promote: { prod: { users: [], teams: ['acme/release'], permission: null } } },
    });
  });

  it('has the safest defaults', () => {
    expect(valid(SMALL)).toEqual({
      layouts: [{ path: 'apps/{app}/envs/{env}', app: null }],
      render: 'auto',
      helm: { chart: null, values: null, release: null, namespace: null },
      inputs: [],
      environments: [
        { name: 'dev', after: [], gates: { checks: [], soak: 0 }, promotion: 'manual', merge: 'manual' },
        { name: 'prod', after: ['dev'], gates: { checks: [], soak: 0 }, promotion: 'manual', merge: 'manual' },
      ],
      carry: [{ kind: 'files', files: ['**'], except: [] }],
      images: [],
      prices: null,
      policy: {
        rules: [
          {
            name: 'one person with write permission who is not the author',
            when: ANYTHING,
            require: {
              kind: 'approvals',
              count: 1,
              from: { users: [], teams: [], permission: 'write', codeowners: 'ignore' },
              not: [{ kind: 'author' }],
            },
            veto: { users: [], teams: [], permission: 'write' },
          },
        ],
        rego: [],
        approveCommand: 'does-not-count',
      },
      queue: {
        method: 'squash',
        order: ['rollback', 'hotfix', 'promotion', 'bump', 'other'],
        parallel: 'on',
        verify: 'head',
        rebase: 'never',
        speculate: 'plans',
      },
      commands: {},
    });
  });

  it('names the source of an image and what is paid', () => {
    const { images, prices } = valid(
      `${SMALL}images: [{ image: acme/api, app: api, into: dev, source: "https://github.com/acme/api", tag: "v{version}" }]\nprices: { currency: EUR, cpu: 20, memory: 3, storage: 0.1 }`,
    );
    expect(images[0]).toMatchObject({ source: 'https://github.com/acme/api', tag: 'v{version}' });
    expect(prices).toEqual({ currency: 'EUR', cpu: 20, memory: 3, storage: 0.1 });
  });

  it('may give people for a whole command, for environments and for the rest of them', () => {
    const rights = valid(
      `${SMALL}commands: { merge: { permission: maintain }, promote: { prod: { users: [al] }, "*": { permission: write } }, why: { permission: read } }`,
    ).commands;
    expect(rights.merge).toEqual({ '*': { users: [], teams: [], permission: 'maintain' } });
    expect(Object.keys(rights.promote ?? {})).toEqual(['prod', '*']);
    expect(rights.why).toEqual({ '*': { users: [], teams: [], permission: 'read' } });
  });

  it('may use anchors, an environment with nothing after it, CRLF and a byte order mark', () => {
    const text = `\uFEFF${SMALL.replace('dev: {}', 'dev:')}policy: { rules: [{ name: a, if: { draft: true }, require: &r { approvals: 1 } }, { name: b, require: *r }] }\n`;
    expect(valid(text.replaceAll('\n', '\r\n')).policy.rules).toHaveLength(2);
  });

  it('completes the order of the queue', () => {
    expect(valid(`${SMALL}queue: { order: [bump] }`).queue.order).toEqual([
      'bump',
      'rollback',
      'hotfix',
      'promotion',
      'other',
    ]);
  });
});
