/** The words and the place of each problem of a configuration. */
import { describe, expect, it } from 'vitest';
import { SMALL, problems, valid } from './testing/example-configuration.js';

describe('every problem at once, at its place', () => {
  it('of a file full of them', () => {
    const text = `version: 2
layuot: {}
layout: [{ path: "apps/{app}/x" }, { path: "{env}", branch: "env/{env}" }]
render: docker
environments:
  dev: { promotion: Auto }
  dev: {}
  test: { after: devv, gates: { checks: ["+(a|b)"], soak: 30, windows: [] } }
  prod: { after: [prd, test], backlog: queue }
images:
  - { image: "ghcr.io/a/b:1.2", app: api, into: dve, range: foo }
policy:
  rules:
    - { name: x, if: { file: [a] }, require: nne }
    - { name: y, require: { approvals: 0, from: {} } }
commands: { rollback: {}, promote: { prodd: { users: ["@al"] } } }
notify: [a]
`;
    expect(problems(text)).toMatchInlineSnapshot(`
      [
        "1:10 \`version\` must be the whole number 1, but is the number \`2\`.",
        "2:1 Unknown key \`layuot\`; did you mean \`layout\`?",
        "3:18 \`path\` must be a path such as apps/{app}/envs/{env}, but lacks \`{env}\`, so the environment of a file could not be told.",
        "3:53 \`branch\` is not supported by this version.",
        "4:9 \`render\` must be one of \`auto\`, \`plain\`, \`kustomize\`, \`helm\`, \`terraform\`, but is \`docker\`.",
        "6:21 \`promotion\` must be one of \`auto\`, \`manual\`, but is \`Auto\`; did you mean \`auto\`?",
        "7:3 \`dev\` is given twice in \`environments\`.",
        "8:18 There is no environment \`devv\`; did you mean \`dev\`?",
        "8:42 Each of \`checks\` must be a pattern over names of checks such as ci/*, but holds an extended pattern such as \`+(…)\`, which is not supported.",
        "8:59 \`soak\` must be a duration such as 90s, 30m, 24h or 7d, but is the number \`30\`.",
        "8:63 \`windows\` is not supported by this version.",
        "9:19 There is no environment \`prd\`; did you mean \`prod\`?",
        "9:40 \`backlog\`: \`queue\` is not supported by this version.",
        "11:14 \`image\` must be an image such as ghcr.io/acme/api, but names a tag; write only \`ghcr.io/a/b\`.",
        "11:49 There is no environment \`dve\`; did you mean \`dev\`?",
        "11:61 \`range\` must be a range of versions such as ">=1.0.0 <2" or ^1.4, but is \`foo\`.",
        "14:24 Unknown key \`file\`; did you mean \`files\`?",
        "14:46 \`require\` must be \`none\`, but is \`nne\`; did you mean \`none\`?",
        "15:40 \`approvals\` must be a whole number from 1 to 20, but is the number \`0\`.",
        "15:49 This names nobody: give \`users\`, \`teams\`, \`permission\` or \`codeowners: true\`.",
        "16:23 \`rollback\` must not be empty.",
        "16:38 There is no environment \`prodd\`; did you mean \`prod\`?",
        "16:55 Each of \`users\` must be a login such as alice, without @, but is \`@al\`.",
        "17:9 \`notify\` is not supported by this version; only \`[]\` is accepted.",
      ]
    `);
  });

  it.each([
    ['', '1:1 The file must be a mapping, but is empty.'],
    ['[]', '1:1 The file must be a mapping, but is a list.'],
    ['x', '1:1 The file must be a mapping, but is `x`.'],
    ['version: 1\n', '1:1 `layout` is missing in the file.', '1:1 `environments` is missing in the file.'],
    ['a: [1\n', '1:1 Unknown key `a`; known here: `version`', '2:1 Not valid YAML: Flow sequence'],
    ['a: 1\n---\nb: 2\n', '2:1 A second YAML document begins here; the file must hold one.'],
    [`${SMALL}version: 1`, '4:1 `version` is given twice in the file.'],
    [`${SMALL}<<: {}`, '4:1 Merge keys (`<<`) are not supported; write the keys out.'],
    [`${SMALL}render: !mine auto`, '4:9 Not valid YAML: Unresolved tag: !mine.'],
    [`${SMALL}render: *gone`, '4:9 `*gone` stands for nothing above it.'],
    [
      `${SMALL}render: { command: [x] }`,
      '4:20 `command` must be the name of a command such as jsonnet, but is a list.',
    ],
    [
      `${SMALL}render: true`,
      '4:9 `render` must be one of `auto`, `plain`, `kustomize`, `helm`, `terraform`, but is the boolean `true`.',
    ],
    [
      `${SMALL}helm: { chart: /charts }`,
      '4:16 `chart` must be a directory such as charts/{app} or ../../chart, but begins with `/`; paths begin inside the repository.',
    ],
    [
      `${SMALL}helm: { chart: "oci://example.test/x" }`,
      '4:16 `chart` must be a directory such as charts/{app} or ../../chart, but is an address: only what the repository holds is rendered.',
    ],
    [
      `${SMALL}helm: { values: ["{region}.yaml"] }`,
      '4:18 Each of `values` must be a file such as {env}.yaml or /values/{app}.yaml, but has braces: only `{app}` and `{env}` are known.',
    ],
    [`${SMALL}helm: { release: -x }`, '4:18 `release` must be a name such as {app} or {app}-{env}, but is `-x`.'],
    [`${SMALL}carry: []`, '4:8 `carry` must not be an empty list.'],
    [`${SMALL}carry: [{}]`, '4:9 An entry of `carry` needs `files` or `fields`.'],
    [`${SMALL}carry: [{ files: [/x] }]`, 'begins with `/`'],
    [`${SMALL}carry: [{ files: ["{1..9}"] }]`, 'a range such as'],
    [`${SMALL}carry: [{ files: ["*a*b*c*d*e*f*g*h*i"] }]`, 'has more than 8 `*`'],
    [`${SMALL}carry: [{ files: ["{a,b}{c,d}{e,f}{g,h}{i,j}"] }]`, 'too many alternatives'],
    [`${SMALL}carry: [{ files: ["${'a'.repeat(201)}"] }]`, 'longer than 200 characters'],
    [`${SMALL}carry: [{ fields: [{ file: ../x, path: "a..b" }] }]`, 'has the part `..`', 'but is `a..b`'],
    [`${SMALL}images: [{ image: "a@sha256:1", app: a, into: dev }]`, 'names a digest; write only `a`'],
    [
      `${SMALL}images: [{ image: a, app: a, into: dev, range: 1.2 }]`,
      'must be text, but is the number `1.2`: put it in quotes.',
    ],
    // `any` is a value that the configuration knows: whatever comes.
    [`${SMALL}images: [{ image: a, app: a, into: dev, update: any, range: "1" }]`, '`range` needs `update: semver`'],
    [
      `${SMALL}images: [{ image: a, app: a, into: dev, source: "http://github.com/a/b" }]`,
      'must be an address such as',
    ],
    [`${SMALL}images: [{ image: a, app: a, into: dev, source: "https://me:secret@github.com/a/b" }]`, 'names a user'],
    [`${SMALL}images: [{ image: a, app: a, into: dev, source: "https://x/a)[b](c" }]`, 'must be an address such as'],
    [
      `${SMALL}images: [{ image: a, app: a, into: dev, source: "https://x/{from}" }]`,
      'needs `{from}` and `{to}`, each once',
    ],
    [`${SMALL}images: [{ image: a, app: a, into: dev, source: "https://x/y", tag: v1 }]`, 'lacks `{version}`'],
    [`${SMALL}images: [{ image: a, app: a, into: dev, tag: "v{version}" }]`, '`tag` needs `source`'],
    [`${SMALL}prices: { currency: EUR }`, 'This prices nothing'],
    [`${SMALL}prices: { currency: EUR, cpu: -1 }`, 'must be a number from 0 to 1000000'],
    [`${SMALL}prices: { currency: "a b", cpu: 1 }`, 'must be a currency such as'],
    [`${SMALL}queue: { order: [bump, bump] }`, 'names a kind twice'],
    [`${SMALL}queue: { speculate: checks }`, 'it needs `verify: batch`'],
    [`${SMALL}queue: { speculate: on }`, 'speculate'],
    [`${SMALL}policy:\n`, '4:8 `policy` must be a mapping, but is empty.'],
    [
      `${SMALL}policy: { rules: [{ name: a, require: none }, { name: a, require: none }] }`,
      '4:55 Another policy rule is named `a` too.',
    ],
    [`${SMALL}commands: { promote: {} }`, '4:22 `promote` must not be empty.'],
    [SMALL.replace('dev: {}', 'dev: { gates: { soak: 1h } }'), 'this environment has no `after`'],
    [
      SMALL.replace('dev: {}', 'dev: { after: prod }'),
      '3:17 `after` goes round in a circle: dev after prod after dev.',
    ],
    [SMALL.replace('dev: {}', 'users: {}, dev: {}'), '`commands` needs'],
    [SMALL.replace('dev: {}', 'dev: {}, "a b": {}'), '`a b` must be the name of an environment'],
    [SMALL.replace('{app}/envs', 'x'), '`path` lacks `{app}`'],
    [SMALL.replace('{app}', '{ap}'), 'only `{app}` and `{env}` are known'],
    [SMALL.replace('{env}', 'v-{env}'), 'each as a whole part'],
    ['a: &a [*a]\n', '1:1 Unknown key'],
    [`${SMALL}policy: &p { rules: [{ name: a, require: *p }] }`, 'Unknown key `rules`'],
  ])('of %j', (text, ...expected) => {
    const found = problems(text).join('\n');
    for (const each of expected) expect(found).toContain(each);
  });

  it('of a wrong duration', () => {
    const soak = (text: string): string => SMALL.replace('after: dev', `after: dev, gates: { soak: ${text} }`);
    for (const wrong of ['30', '30min', '-1h', '1.5h', '366d', '""', '1h30m'])
      expect(problems(soak(wrong)).join()).toContain('`soak`');
    expect(['90s', '30m', '24h', '7d'].map((text) => valid(soak(text)).environments[1]?.gates.soak)).toEqual([
      90_000, 1_800_000, 86_400_000, 604_800_000,
    ]);
  });

  it('stops telling after a hundred, with a count', () => {
    const found = problems(`${SMALL}${Array.from({ length: 150 }, (_, n) => `x${n}: 1`).join('\n')}`);
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toMatch(/50 more problems follow\.$/);
  });
});
