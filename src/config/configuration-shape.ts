/**
 * `.lockkeeper.yaml` described key by key. The reader, the JSON Schema for editors and docs/configuration.md are made from this.
 *
 * Keys and values of the vocabulary that this version would not act on are listed as `later` and refused: a safety rule that is
 * silently ignored is worse than none.
 */
import {
  byForm,
  byKey,
  choice,
  emptyList,
  entries,
  fields,
  list,
  oneOrMany,
  optional,
  required,
  text,
  wholeNumber,
  type Complaint,
  type Produced,
} from './shape.js';
import {
  applicationName,
  checkGlob,
  duration,
  environmentDeclaration,
  environmentOrStar,
  environmentReference,
  fieldPath,
  fileGlob,
  layoutPath,
  relativeFile,
} from './text-formats.js';
import { people, PEOPLE_KEYS } from './people-shape.js';
import { image, prices } from './plan-shapes.js';
import { policy } from './policy-shapes.js';
import { command, helm, input } from './render-shapes.js';

const SOME = { min: 1, max: 100 };

const layout = fields(
  'layout',
  {
    path: required(
      text(layoutPath),
      'Where targets lie: `{env}` and `{app}` each stand for one part of the path. A target is there where any file lies below its directory.',
    ),
    app: optional(
      text(applicationName),
      'The one application of a repository whose path has no `{app}`.',
      'the path names the application by `{app}`',
    ),
  },
  {
    later: ['branch', 'repository'],
    check: ({ path, app }): readonly Complaint[] => {
      const named = path.includes('{app}');
      if (named && app !== null) return [{ key: 'app', message: '`app` is only for a path without `{app}`.' }];
      if (!named && app === null)
        return [{ key: 'path', message: '`path` lacks `{app}`: name the application by `app:`.' }];
      return [];
    },
  },
);

const gates = fields(
  'gates',
  {
    checks: optional(
      list(text(checkGlob), SOME),
      'Patterns over names of checks on the source: each must match at least one check, and all that match must be green.',
      'none',
    ),
    soak: optional(text(duration), 'How long the source must have stood before it is promoted.', 'not at all'),
  },
  { later: ['health', 'windows', 'freeze', 'hold', 'approvals'], empty: 'defaults' },
);

const environment = fields(
  'environments.NAME',
  {
    after: optional(
      oneOrMany(text(environmentReference), 50),
      'The environments whose versions are promoted to this one.',
      'none: versions arrive by image bumps and ordinary pull requests',
    ),
    gates: optional(gates, 'Conditions on the source of a promotion into this environment.', 'no conditions'),
    promotion: optional(
      choice(['auto', 'manual']),
      '`auto`: the promotion pull request is opened when the gates pass; `manual`: on `/promote` only.',
      '`manual`',
    ),
    merge: optional(
      choice(['auto', 'manual']),
      '`auto`: a promotion or image bump is queued when the policy passes; `manual`: on `/merge` only.',
      '`manual`',
    ),
    backlog: optional(
      choice(['supersede'], ['queue']),
      'A newer promotion takes the place of an older one that is still open.',
      '`supersede`',
    ),
  },
  {
    later: ['pricing', 'cost'],
    empty: 'defaults',
    check: ({ after, gates: given }): readonly Complaint[] =>
      given !== null && after === null
        ? [
            {
              key: 'gates',
              message: '`gates` are conditions on what is promoted, but this environment has no `after`.',
            },
          ]
        : [],
  },
);

const carriedField = fields('carry.fields', {
  file: required(text(relativeFile), "The file, from the target's directory."),
  path: required(text(fieldPath), 'The field within it.'),
});

const carry = fields(
  'carry',
  {
    files: optional(list(text(fileGlob), SOME), 'Whole files that travel, as patterns.', 'none by this entry'),
    except: optional(list(text(fileGlob), SOME), 'Files that stay although `files` matches them.', 'none'),
    fields: optional(
      list(carriedField, SOME),
      'Single fields that travel while the rest of their file stays.',
      'none by this entry',
    ),
  },
  {
    check: ({ files, except, fields: single }): readonly Complaint[] => {
      if (files === null && single === null)
        return [{ key: null, message: 'An entry of `carry` needs `files` or `fields`.' }];
      if (files !== null && single !== null) {
        return [{ key: 'fields', message: 'Give `files` and `fields` as two entries of `carry`.' }];
      }
      return except !== null && files === null ? [{ key: 'except', message: '`except` is only for `files`.' }] : [];
    },
  },
);

const queue = fields(
  'queue',
  {
    method: optional(choice(['merge', 'squash', 'rebase']), 'How pull requests are merged.', '`squash`'),
    order: optional(
      list(choice(['rollback', 'hotfix', 'promotion', 'bump', 'other']), { min: 1, max: 5 }),
      'Which kinds go first; kinds left out follow in the default order.',
      '`[rollback, hotfix, promotion, bump, other]`',
    ),
    parallel: optional(
      choice(['on', 'off']),
      '`on`: what touches different targets and files does not wait for each other. `off`: strictly one after the other.',
      '`on`',
    ),
    verify: optional(
      choice(['head', 'batch']),
      'Whose required checks count. `head`: those of the pull request itself. `batch`: where the branch has changed something that it touches since, it is first merged with others on a branch `lockkeeper/queue/BRANCH`, and the required checks of that count; your CI must run on pushes to it.',
      '`head`',
    ),
    rebase: optional(
      choice(['never', 'if-needed']),
      'What is done at the head of the queue where the forge merges only what is up to date and can bring it up to date only by a rebase (GitLab with fast-forward or semi-linear merges). `never`: nothing that people pushed is rewritten, it leaves the queue. `if-needed`: GitLab is asked to rebase it. GitHub merges the target branch into it instead.',
      '`never`',
    ),
    speculate: optional(
      choice(['off', 'plans', 'checks']),
      'What is made ahead of its turn, on what the branch would hold once those before it are merged. `plans`: what has to be rendered for the plans of those that wait. `checks`: also, with `verify: batch`, the batch after the one whose checks run is verified meanwhile, on a branch `lockkeeper/queue/BRANCH+1`. Nothing is merged on a presumption: what turns out otherwise is thrown away.',
      '`plans`',
    ),
  },
  {
    check: ({ order, speculate, verify }): readonly Complaint[] => [
      ...(order !== null && new Set(order).size < order.length
        ? [{ key: 'order', message: '`order` names a kind twice.' } as const]
        : []),
      ...(speculate === 'checks' && verify !== 'batch'
        ? [
            {
              key: 'speculate',
              message: '`speculate: checks` verifies batches ahead: it needs `verify: batch`.',
            } as const,
          ]
        : []),
    ],
  },
);

const byEnvironment = byKey(PEOPLE_KEYS, people, entries(environmentOrStar, people, 100));
const WRITE = 'everyone with write permission';

/** Each command takes people, or people for each environment. */
const commands = fields(
  'commands',
  {
    promote: optional(byEnvironment, 'Who may run `/promote`.', WRITE),
    merge: optional(byEnvironment, 'Who may run `/merge`.', WRITE),
    'merge-now': optional(
      byEnvironment,
      'Who of those may run `/merge now`, which goes before what waits already.',
      'everyone who may run `/merge`',
    ),
    unqueue: optional(byEnvironment, 'Who may run `/unqueue`.', WRITE),
    plan: optional(byEnvironment, 'Who may run `/plan`.', WRITE),
    approve: optional(
      byEnvironment,
      'Who may run `/approve`, which is an approval where `policy` has `approve-command: true`.',
      WRITE,
    ),
    hold: optional(byEnvironment, 'Who may run `/hold`.', WRITE),
    unhold: optional(byEnvironment, 'Who may run `/unhold`.', WRITE),
    freeze: optional(byEnvironment, 'Who may run `/freeze`.', WRITE),
    unfreeze: optional(byEnvironment, 'Who may run `/unfreeze`.', WRITE),
    rollback: optional(byEnvironment, 'Who may run `/rollback`.', WRITE),
    retry: optional(byEnvironment, 'Who may run `/retry`.', WRITE),
    why: optional(byEnvironment, 'Who may run `/why`.', WRITE),
    help: optional(byEnvironment, 'Who may run `/help`.', WRITE),
  },
  {},
);

export const configurationShape = fields('the file', {
  version: required(wholeNumber(1, 1), 'The version of this vocabulary: 1.'),
  layout: required(
    oneOrMany(layout, 20),
    'How targets are found in git: one layout, or a list; the first that fits a path decides.',
  ),
  render: optional(
    byForm(choice(['auto', 'plain', 'kustomize', 'helm', 'terraform']), command),
    'What makes manifests of a target: `auto` takes kustomize where the directory holds a kustomization file, helm where it holds a `Chart.yaml` or `helm.chart` names a chart that is there, terraform where it holds `*.tf` files or a plan, else plain YAML.',
    '`auto`',
  ),
  helm: optional(
    helm,
    "How helm finds a target's chart and values; `{app}` and `{env}` stand for the target's.",
    'the target’s directory is the chart',
  ),
  inputs: optional(
    list(input, SOME),
    'Files that targets read although no kustomization and no chart names them: a change in one plans those targets.',
    'none beside what is found by reading',
  ),
  environments: required(entries(environmentDeclaration, environment, 100), 'The environments by name.'),
  carry: optional(list(carry, SOME), 'What travels with a promotion.', 'every file of the target'),
  images: optional(list(image, { min: 0, max: 1000 }), 'Which images may be bumped where.', 'none'),
  prices: optional(prices, 'What is paid, so that a plan says what it costs.', 'plans name no money'),
  policy: optional(
    policy,
    'Who must agree to a pull request.',
    'the organisation’s (`POLICY_REPOSITORY` of the server), else one person with write permission who is not the author',
  ),
  queue: optional(queue, 'The merge queue.', 'see there'),
  commands: optional(commands, 'Who may run which command.', WRITE),
  notify: optional(emptyList, 'Not acted on yet.', '`[]`'),
});

/** The file as it was written, every value read. */
export type ConfigurationFile = Produced<typeof configurationShape>;
export type CommandPeopleInFile = Produced<typeof byEnvironment>;
