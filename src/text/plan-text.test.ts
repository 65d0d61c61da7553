import { expect, test } from 'vitest';
import type { Plan, PlanProblem } from '../core/plan/plan.js';
import { LEAST_BUDGET, planSection, planTitle, problemText } from './plan-text.js';
import { api, plan, target } from './testing/small-plan.js';

const file = { file: 'a.yaml', line: 2, column: 3, message: 'a tab is used as indentation: use spaces' };
const problems: readonly PlanProblem[] = [
  {
    kind: 'render-failed',
    target: api,
    side: 'after',
    file: 'kustomization.yaml',
    line: null,
    message: 'accumulating resources: no such file',
  },
  { kind: 'render-failed', target: api, side: 'before', file: null, line: null, message: 'timed out' },
  { kind: 'broken-manifest', target: api, side: 'before', problem: file },
  { kind: 'tool-missing', target: api, tool: 'kustomize', install: 'Install it from kubectl.docs.kubernetes.io.' },
  { kind: 'conflict', paths: ['a.yaml', 'b.yaml'] },
  { kind: 'broken-configuration', where: 'target-branch', problem: file },
  { kind: 'broken-configuration', where: 'pull-request', problem: file },
  { kind: 'fork' },
];

test('the title', () => {
  const titles = [
    plan(),
    plan({ targets: [], changes: 'none' }),
    plan({ targets: [], changes: 'other' }),
    plan({ targets: [], outside: ['x'], changes: 'other' }),
    plan({ problems: problems.slice(0, 2), changes: 'unknown' }),
    plan({ targets: [target({ versionBefore: null }), target({ versionAfter: '1.0.0' })] }),
  ].map(planTitle);
  expect(titles).toMatchInlineSnapshot(`
    [
      "api in dev: image 1.0.0 → 1.1.0, 1 resource changed",
      "Nothing changes",
      "No environment changes",
      "No environment changes",
      "The plan failed: 2 problems",
      "api in dev: image 1.1.0 added, 1 resource changed; api in dev: 1 resource changed",
    ]
  `);
});

test('the section', () => {
  expect(planSection(plan({ outside: ['x.yaml'] }), 60_000)).toMatchInlineSnapshot(`
    "- **api in dev**: image 1.0.0 → 1.1.0, 1 resource changed

    Files outside of all environments also change: \`x.yaml\`.

    <details><summary><code>Deployment x/api</code> changed (<code>api in dev</code>)</summary>

    \`\`\`diff
    @@ -1,1 +1,1 @@
    -a
    +b
    \`\`\`

    </details>"
  `);
  expect(planSection(plan({ targets: [], changes: 'none' }), 60_000)).toMatchInlineSnapshot(`"Nothing changes."`);
  expect(planSection(plan({ targets: [], changes: 'other' }), 60_000)).toMatchInlineSnapshot(
    `"What every environment runs stays the same."`,
  );
});

const RICH: Partial<Plan> = {
  targets: [
    target({
      target: { app: 'api', env: 'prod' },
      highlights: [
        { kind: 'version', image: null, before: '1.4.2', after: '1.5.0' },
        { kind: 'replicas', resource: 'Deployment/api', before: 3, after: 5 },
        { kind: 'resources', change: 'added', resourceKind: 'ConfigMap', count: 1 },
        { kind: 'resources', change: 'changed', resourceKind: 'NetworkPolicy', count: 2 },
      ],
      images: [
        {
          places: ['Deployment/api/api'],
          before: 'ghcr.io/acme/api:1.4.2',
          after: 'ghcr.io/acme/api:1.5.0',
          link: 'https://github.com/acme/api/compare/v1.4.2...v1.5.0',
        },
      ],
      resources: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: null,
          name: 'api-v2',
          change: 'renamed',
          previousName: 'api',
          fields: [
            { path: 'spec.replicas', before: '3', after: '5' },
            { path: 'spec.paused', before: 'true', after: null },
          ],
          reordered: ['spec.template.spec.tolerations'],
          diff: '@@ -1,1 +1,1 @@\n-a\n+b',
        },
      ],
      cost: {
        cpu: { before: 1500, after: 2500 },
        memory: { before: 3 * 2 ** 30, after: 5 * 2 ** 30 },
        storage: { before: 0, after: 0 },
        money: { before: 30, after: 50.5, currency: 'EUR' },
        notes: [{ kind: 'autoscaled', resource: 'Deployment/api' }],
      },
    }),
  ],
  warnings: [
    { kind: 'changes-service', target: { app: 'api', env: 'prod' }, resource: 'Service/api', path: 'spec.type' },
    { kind: 'deletes-data', target: { app: 'api', env: 'prod' }, resource: 'PersistentVolumeClaim/db', path: null },
  ],
  hidden: [
    { kind: 'masked-value', target: { app: 'api', env: 'prod' }, count: 1, what: 'Secret/api data.password' },
    { kind: 'masked-value', target: { app: 'api', env: 'prod' }, count: 3, what: 'Secret/db' },
    { kind: 'note', target: { app: 'api', env: 'prod' }, count: 1, what: 'sandbox: limits only' },
  ],
};

test('a plan with everything', () => {
  expect(planTitle(plan(RICH))).toMatchInlineSnapshot(
    `"2 warnings; api in prod: image 1.4.2 → 1.5.0, replicas 3 → 5, 1 ConfigMap added, 2 NetworkPolicies changed"`,
  );
  expect(planSection(plan(RICH), 60_000, 'https://bot.acme.test/plans/x?key=y')).toMatchInlineSnapshot(`
    "- **Warning** (\`deletes-data\`): \`PersistentVolumeClaim/db\` in api in prod deletes data
    - **Warning** (\`changes-service\`): \`Service/api\` in api in prod changes how a service is reached at \`spec.type\`

    - **api in prod**: image 1.4.2 → 1.5.0, replicas 3 → 5, 1 ConfigMap added, 2 NetworkPolicies changed
      - [ghcr.io/acme/api 1.4.2 → 1.5.0](https://github.com/acme/api/compare/v1.4.2...v1.5.0)
      - requests CPU 1.5 → 2.5, memory 3 GiB → 5 GiB, EUR 30.00 → 50.50 a month (Deployment/api is counted with its autoscaler’s least replicas)

    - 1 note: sandbox: limits only (api in prod)
    - 4 values masked: \`Secret/api data.password\` (api in prod) and \`Secret/db\` (api in prod)

    [The whole plan](https://bot.acme.test/plans/x?key=y)

    <details><summary><code>Deployment api-v2</code> renamed from <code>api</code> (<code>api in prod</code>)</summary>

    - \`spec.replicas\`: \`3\` → \`5\`
    - \`spec.paused\`: \`true\` → none

    In another order: \`spec.template.spec.tolerations\`.

    \`\`\`diff
    @@ -1,1 +1,1 @@
    -a
    +b
    \`\`\`

    </details>"
  `);
});

test('nothing is said to stay the same when something was left out', () => {
  const some = plan({ targets: [], changes: 'none', hidden: RICH.hidden ?? [] });
  expect(planSection(some, 60_000)).toMatchInlineSnapshot(`
    "No difference shows, but not everything was compared.

    - 1 note: sandbox: limits only (api in prod)
    - 4 values masked: \`Secret/api data.password\` (api in prod) and \`Secret/db\` (api in prod)"
  `);
  expect(planTitle(some)).toMatchInlineSnapshot(`"No difference shows"`);
});

test('what does not fit is named, and where it can be read', () => {
  const resource = (name: string, lines: number) => ({
    ...plan().targets[0]?.resources[0],
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: null,
    name,
    change: 'changed' as const,
    previousName: null,
    fields: [],
    reordered: [],
    diff: ['one', 'two'].map((part) => `@@ -1,1 +1,1 @@\n${`-${part}\n`.repeat(lines).trimEnd()}`).join('\n'),
  });
  const resources = [resource('large', 500), resource('small', 1), resource('huge', 9000)];
  const cut = plan({ targets: [target({ resources })] });
  const text = planSection(cut, LEAST_BUDGET);
  expect(text.slice(0, text.indexOf('<details>'))).toMatchInlineSnapshot(`
    "**2 differences cut here**: \`ConfigMap large (api in dev)\` and \`ConfigMap huge (api in dev)\`.
    There is no room for all; \`lockkeeper plan\` shows it whole.

    - **api in dev**: image 1.0.0 → 1.1.0, 3 resources changed

    "
  `);
  expect(text).toContain('+1,1 @@\n-one');
  // Whole hunks.
  expect(text).not.toContain('-two\n-two');
  expect(text).toContain('more lines of this difference, not shown here.');
  expect(planSection(cut, LEAST_BUDGET, 'https://bot.acme.test/p')).toMatch(
    /the whole plan is linked below[^]*\[The whole plan\]\(https:\/\/bot\.acme\.test\/p\)/,
  );
});

test('each problem', () => {
  expect(problems.map(problemText).join('\n')).toMatchInlineSnapshot(`
    "**api in dev could not be rendered with this change** (\`kustomization.yaml\`):

    \`\`\`
    accumulating resources: no such file
    \`\`\`
    **api in dev could not be rendered as it is on the target branch now**:

    \`\`\`
    timed out
    \`\`\`
    **api in dev holds YAML that can't be read as it is on the target branch now**: \`a.yaml:2:3\` a tab is used as indentation: use spaces
    **api in dev needs kustomize, which the server does not have**:

    \`\`\`
    Install it from kubectl.docs.kubernetes.io.
    \`\`\`
    **This does not merge into the target branch any more**: \`a.yaml\` and \`b.yaml\`. Rebase it or merge the target branch into it.
    **The configuration on the target branch is broken, so nothing acts until it is mended**: \`a.yaml:2:3\` a tab is used as indentation: use spaces
    **This would break the configuration**: \`a.yaml:2:3\` a tab is used as indentation: use spaces
    **This comes from a fork and has not been rendered.** Someone with write permission can read the change and then comment /plan."
  `);
});
