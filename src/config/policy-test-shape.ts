/** Files of `.lockkeeper/tests`, key by key: pull requests as they might be, and what the policy should say of them. */
import { TRAITS } from './policy-shapes.js';
import {
  byForm,
  choice,
  decimalNumber,
  entries,
  fields,
  list,
  oneOrMany,
  optional,
  required,
  text,
  wholeNumber,
  yesOrNo,
  type Produced,
  type TextFormat,
} from './shape.js';
import { label, resourceKind } from './policy-formats.js';
import { applicationName, duration, login, ruleName, team } from './text-formats.js';

const MANY = { min: 0, max: 5_000 };
const SOME = { min: 1, max: 1_000 };

function anyText(says: string, max: number): TextFormat<string> {
  return {
    says,
    pattern: null,
    parse: (given) =>
      given.length > max
        ? { kind: 'refused', why: `is longer than ${String(max)} characters` }
        : { kind: 'value', value: given },
  };
}

const words = anyText('a text', 20_000);
const path = anyText('a path from the top of the repository', 4_096);
const checkName = anyText('the name of a check', 255);
/** Whether there is such an environment is said once the configuration is read. */
const environmentName = anyText("an environment's name", 100);

/** With a time zone, so that a test says the same everywhere. */
const instant: TextFormat<number> = {
  says: 'a time such as 2026-03-02T09:30:00Z or 2026-03-02T09:30:00+01:00',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$',
  parse: (given) => {
    const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(given) ? Date.parse(given) : Number.NaN;
    return Number.isNaN(at) ? { kind: 'refused', why: null } : { kind: 'value', value: at };
  },
};

const VERDICTS = ['passed', 'pending', 'refused'] as const;

const pullRequest = fields('tests.pull-request', {
  author: optional(text(login), 'Who opened it.', '`author`'),
  bot: optional(yesOrNo, 'Whether a bot opened it.', '`false`'),
  title: optional(text(words), 'Its title.', 'empty'),
  description: optional(text(words), 'Its description; trailers in it count.', 'empty'),
  branch: optional(text(anyText("a branch's name", 255)), 'What it would be merged into.', '`main`'),
  labels: optional(list(text(label), MANY), 'Its labels.', 'none'),
  draft: optional(yesOrNo, 'Whether it is a draft.', '`false`'),
  committers: optional(list(text(login), MANY), 'Whose commits it has.', 'its author'),
  signed: optional(yesOrNo, 'Whether every commit is verified.', 'not known'),
  files: optional(list(text(path), MANY), 'The changed files; who owns them is looked up in CODEOWNERS.', 'not known'),
  lines: optional(wholeNumber(0, 1_000_000_000), 'Lines added plus lines removed.', 'not known'),
  promotion: optional(choice(['exact', 'modified', 'none']), 'How true it is to its source.', '`none`'),
});

const target = fields('tests.plan.targets', {
  app: required(text(applicationName), 'The application.'),
  env: required(text(environmentName), 'The environment.'),
  kinds: optional(list(text(resourceKind), MANY), 'Kinds of the resources that differ.', 'not known'),
  'version-step': optional(
    choice(['none', 'patch', 'minor', 'major', 'downgrade']),
    'The step of its images.',
    'not known',
  ),
  'proven-in': optional(
    entries(environmentName, text(duration), 100),
    'For how long environments have run what it would get; not at all where one is not named.',
    'not known',
  ),
});

const plan = fields('tests.plan', {
  targets: optional(list(target, MANY), 'What is affected.', 'nothing'),
  outside: optional(list(text(path), MANY), 'Changed files that belong to no target.', 'none'),
  changes: optional(
    choice(['none', 'image-only', 'replicas-only', 'other']),
    'Of what sort everything that differs is.',
    '`other`',
  ),
  traits: optional(list(choice(TRAITS), MANY), 'What else is to be said of it: `deletes-resources`, warnings.', 'none'),
  cost: optional(
    fields('tests.plan.cost', {
      before: required(decimalNumber(0, 1e12), 'A month, before.'),
      after: required(decimalNumber(0, 1e12), 'A month, after.'),
    }),
    'What all targets together cost.',
    'not known',
  ),
});

const review = fields('tests.reviews', {
  by: required(text(login), 'Who gave it.'),
  state: optional(choice(['approved', 'changes-requested', 'dismissed', 'commented']), 'What it says.', '`approved`'),
  bot: optional(yesOrNo, 'Whether a bot gave it.', '`false`'),
  at: optional(
    choice(['head', 'same-plan', 'earlier-head', 'earlier-plan']),
    '`head`: of the head and its plan as they are now; `same-plan`: of an earlier head with the same plan, after which nobody worked on it; `earlier-head`: before somebody pushed; `earlier-plan`: of this head, before its plan changed.',
    '`head`',
  ),
  'by-command': optional(yesOrNo, 'Whether it is a comment `/approve`.', '`false`'),
});

const expectation = fields('tests.expect', {
  verdict: required(choice(VERDICTS), 'What the whole policy says.'),
  rules: optional(
    entries(ruleName, choice([...VERDICTS, 'skipped']), 1_000),
    'What single rules say; `skipped` is one that decides nothing.',
    'not compared',
  ),
  reasons: optional(
    oneOrMany(text(words), 100),
    'Texts that the explanation must hold, as `lockkeeper policy explain` prints it.',
    'not compared',
  ),
});

const test = fields('tests', {
  name: required(text(words), 'What the test is called.'),
  'pull-request': optional(pullRequest, 'What the pull request says.', 'as its parts say'),
  plan: optional(plan, 'What the plan says.', 'as its parts say'),
  reviews: optional(list(review, MANY), 'Reviews, oldest first.', 'none'),
  permissions: optional(
    entries(login, choice(['none', 'read', 'triage', 'write', 'maintain', 'admin']), 1_000),
    'What people may do on the repository.',
    '`write` for everyone',
  ),
  teams: optional(entries(team, list(text(login), MANY), 1_000), 'Who is in which team.', 'not known'),
  checks: optional(
    entries(checkName, choice(['success', 'pending', 'failure', 'neutral']), 1_000),
    'Checks of the head.',
    'none',
  ),
  'approvers-of': optional(
    entries(environmentName, list(text(login), MANY), 100),
    'Who approved what environments run now.',
    'not known',
  ),
  denied: optional(list(text(words), MANY), 'What policies in Rego deny; they are not run.', 'nothing'),
  at: optional(text(instant), 'When it is judged.', '2026-01-05T12:00:00Z, a Monday'),
  expect: required(byForm(choice(VERDICTS), expectation), 'What the policy should say.'),
});

export const policyTests = fields('', { tests: required(list(test, SOME), 'Each is judged by itself.') });

export type PolicyTest = Produced<typeof policyTests>['tests'][number];
