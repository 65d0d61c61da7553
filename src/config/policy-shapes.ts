/** `policy` of `.lockkeeper.yaml`, key by key. What it means: core/policy/evaluate-policy.ts. */
import type { ChangeTrait } from '../core/policy/policy-rules.js';
import {
  branchGlob,
  changedFileGlob,
  costThreshold,
  countComparison,
  label,
  policyFilePath,
  regoGlob,
  regularExpression,
  resourceKind,
  weeklyWindow,
} from './policy-formats.js';
import { requirement } from './requirement-shape.js';
import {
  byForm,
  choice,
  fields,
  list,
  oneOrMany,
  optional,
  required,
  text,
  yesOrNo,
  type Complaint,
  type Produced,
} from './shape.js';
import { applicationName, duration, environmentReference, login, ruleName, team } from './text-formats.js';

const SOME = { min: 1, max: 100 };
const MOST_RULES = 1000;

export const TRAITS = [
  'image-only',
  'replicas-only',
  'deletes-resources',
  'touches-secrets',
  'touches-rbac',
  'touches-network-policy',
  'deletes-data',
  'deletes-namespace',
  'deletes-crd',
  'deletes-workload',
  'scales-to-zero',
  'privileged',
  'host-access',
  'changes-service',
  'immutable-field',
  'plain-secret',
  'duplicate-resource',
] as const satisfies readonly ChangeTrait[];

const someLabels = oneOrMany(text(label), 100);

const labels = byForm(
  someLabels,
  fields(
    'policy.rules.if.labels',
    {
      any: optional(someLabels, 'It has at least one of these.', 'not asked'),
      all: optional(someLabels, 'It has each of these.', 'not asked'),
      none: optional(someLabels, 'It has none of these.', 'not asked'),
    },
    {
      check: ({ any, all, none }): readonly Complaint[] =>
        any === null && all === null && none === null
          ? [{ key: null, message: 'This asks for no label: give `any`, `all` or `none`.' }]
          : [],
    },
  ),
);

const size = fields(
  'policy.rules.if.size',
  {
    files: optional(text(countComparison), 'How many files change.', 'not asked'),
    lines: optional(text(countComparison), 'How many lines are added and removed, together.', 'not asked'),
  },
  {
    check: ({ files, lines }): readonly Complaint[] =>
      files === null && lines === null
        ? [{ key: null, message: 'This asks for no size: give `files` or `lines`.' }]
        : [],
  },
);

const provenIn = fields('policy.rules.if.proven-in', {
  environment: required(text(environmentReference), 'Where the application already runs what the target would get.'),
  for: required(text(duration), 'For how long it has done so without a change.'),
});

const ofTarget = {
  environments: optional(list(text(environmentReference), SOME), 'The target is in one of these.', 'any'),
  applications: optional(list(text(applicationName), SOME), 'The target is of one of these.', 'any'),
  kinds: optional(oneOrMany(text(resourceKind), 100), 'The target changes a resource of one of these kinds.', 'any'),
  'version-step': optional(
    oneOrMany(choice(['patch', 'minor', 'major', 'downgrade']), 4),
    'The largest step of the versions of the target’s images is one of these; where one goes down, it is a downgrade.',
    'any, or none',
  ),
  'proven-in': optional(provenIn, 'The same has run elsewhere for long enough.', 'not asked'),
};

const ofWhole = {
  files: optional(
    oneOrMany(text(changedFileGlob), 100),
    'Patterns: at least one changed file matches one of them.',
    'any',
  ),
  'only-files': optional(
    oneOrMany(text(changedFileGlob), 100),
    'Patterns: files change, and every one matches one of them.',
    'any',
  ),
  branches: optional(oneOrMany(text(branchGlob), 100), 'The target branch matches one of these patterns.', 'any'),
  author: optional(oneOrMany(text(login), 100), 'One of these opened it.', 'anybody'),
  'author-teams': optional(oneOrMany(text(team), 100), 'A member of one of these opened it.', 'anybody'),
  bots: optional(yesOrNo, '`true`: a bot opened it; `false`: a person did.', 'either'),
  labels: optional(labels, 'It has one of these labels; or `any`, `all` and `none` of some.', 'any, or none'),
  title: optional(text(regularExpression), 'A regular expression (RE2) that the title matches somewhere.', 'any'),
  draft: optional(yesOrNo, '`true`: it is a draft; `false`: it is not.', 'either'),
  size: optional(size, 'How large it is.', 'any'),
  changes: optional(
    oneOrMany(choice(TRAITS), TRAITS.length),
    '`image-only`: the whole pull request changes nothing but image versions; `replicas-only`: nothing but the replicas of workloads, and none to zero; `deletes-resources`: a resource is removed or renamed; `touches-secrets`: a Secret, or what a controller makes one of, changes; else a warning of the plan by its name. One of those given is enough.',
    'anything',
  ),
  promotion: optional(
    oneOrMany(choice(['exact', 'modified', 'none']), 3),
    '`exact`: it is a promotion that holds exactly the carried set of its source; `modified`: one that holds anything else; `none`: it is no promotion.',
    'any',
  ),
  'cost-increase': optional(
    text(costThreshold),
    'By how much all targets together cost more in a month than before; needs `prices`.',
    'any',
  ),
  at: optional(
    oneOrMany(text(weeklyWindow), 20),
    'It is judged within one of these windows: days (`Mon-Fri`, `Sat,Sun`; none for every day), hours, time zone.',
    'at any time',
  ),
  signed: optional(yesOrNo, '`true`: the forge calls every commit verified; `false`: not every one.', 'either'),
};

const rule = fields('policy.rules', {
  name: required(text(ruleName), 'What the rule is called in comments and checks; each name once.'),
  if: optional(
    fields('policy.rules.if', { ...ofTarget, ...ofWhole }),
    'What the rule decides: every condition given must hold. `environments`, `applications`, `kinds`, `version-step` and `proven-in` are asked of each target and never hold for what lies outside of all targets; the others are asked of the whole pull request.',
    'everything',
  ),
  require: required(byForm(choice(['none']), requirement), '`none`, or all of what is given.'),
});

const ruleList = list(rule, { min: 1, max: MOST_RULES });
const RULES =
  'In order: each target that a pull request affects is decided by the first rule that fits it, and so is what it changes outside of all targets. The pull request passes when all of these rules pass; what no rule fits is refused.';

const besideRules = {
  rego: optional(
    oneOrMany(text(regoGlob), 20),
    'Policies in Rego on the target branch, as sources (`*.rego`) or compiled (`*.wasm`), which can refuse what the rules let pass: see [policy](policy.md).',
    'none',
  ),
  'approve-command': optional(
    yesOrNo,
    '`true`: a comment `/approve` is an approval of the head it was written for; who may write it is said by `commands.approve`.',
    '`false`',
  ),
};

export const policy = fields(
  'policy',
  {
    rules: optional(ruleList, RULES, '**required** unless `file` is given'),
    file: optional(
      text(policyFilePath),
      'A file of the same commit that holds the policy in place of this: `rules`, `rego` and `approve-command` stand at its top, as here. It must not lie in a target.',
      'the rules stand here',
    ),
    ...besideRules,
  },
  {
    either: ['rules', 'file'],
    check: ({ rules, file, rego, ...others }): readonly Complaint[] => {
      if (file === null)
        return rules === null
          ? [{ key: null, message: '`rules` is missing in `policy`: give `rules`, or a `file` that holds them.' }]
          : [];
      const beside = { rules, rego, 'approve-command': others['approve-command'] };
      return Object.entries(beside)
        .filter(([, given]) => given !== null)
        .map(([key]) => ({
          key,
          message: `\`${key}\` and \`file\` exclude one another: the whole policy stands here, or in \`${file}\`.`,
        }));
    },
  },
);

/** A file that holds nothing but a policy: the one that `policy.file` names, or that of an organisation. */
export const policyFile = fields('the file', { rules: required(ruleList, RULES), ...besideRules });

export type PolicyInFile = Produced<typeof policy>;
/** With its rules, wherever they stand. */
export type RulesInFile = Produced<typeof policyFile>;
