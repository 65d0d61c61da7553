/** `require` of a policy rule: approvals, checks, a ticket, and groups of these within each other. */
import { people, peopleFields } from './people-shape.js';
import { otherCheckGlob, regularExpression } from './policy-formats.js';
import {
  byForm,
  choice,
  fields,
  list,
  nested,
  oneOrMany,
  optional,
  required,
  text,
  wholeNumber,
  yesOrNo,
  type Complaint,
  type Produced,
  type Shape,
} from './shape.js';
import { environmentReference } from './text-formats.js';

const SOME = { min: 1, max: 100 };

const approvers = fields(
  'policy.rules.require.from',
  {
    ...peopleFields,
    codeowners: optional(
      yesOrNo,
      'Owners of the changed files count too, and besides the number of approvals each changed file that has owners needs one of them (on GitLab as many as its section wants), as CODEOWNERS of the target branch has it.',
      '`false`',
    ),
  },
  {
    check: ({ users, teams, permission, codeowners }): readonly Complaint[] =>
      users === null && teams === null && permission === null && codeowners !== true
        ? [{ key: null, message: 'This names nobody: give `users`, `teams`, `permission` or `codeowners: true`.' }]
        : [],
  },
);

const excluded = byForm(
  choice(['author', 'committers']),
  fields('policy.rules.require.not', {
    'approvers-of': required(
      text(environmentReference),
      'Whoever approved what this environment runs now: a second pair of eyes for the next one.',
    ),
  }),
);

const veto = fields('policy.rules.require.veto', {
  from: required(people, 'Whose request for changes refuses what the rule decides, until they withdraw it.'),
});

/** Of one mapping: all that is given must hold. */
export interface RequirementInFile {
  readonly approvals: number | null;
  readonly from: Produced<typeof approvers> | null;
  readonly not: readonly Produced<typeof excluded>[] | null;
  readonly checks: readonly string[] | null;
  readonly ticket: string | null;
  readonly all: readonly RequirementInFile[] | null;
  readonly any: readonly RequirementInFile[] | null;
  readonly 'n-of': { readonly n: number; readonly of: readonly RequirementInFile[] } | null;
}

/** Groups within each other, at most. */
const MOST_NESTED = 5;

const inner: Shape<RequirementInFile> = nested(
  'requirement',
  MOST_NESTED,
  (): Shape<RequirementInFile> => innerRequirement,
);

const requirementFields = {
  approvals: optional(
    wholeNumber(1, 20),
    'How many different people must approve: the head commit, or an earlier one after which only the bot or the target branch brought commits and the plan is the same.',
    'none by this key',
  ),
  from: optional(approvers, 'Whose approvals count.', 'everyone with write permission'),
  not: optional(
    oneOrMany(excluded, 100),
    'Whose approvals do not count: who opened it (`author`), whoever wrote, committed or co-authored its commits (`committers`; commits of addresses without an account are somebody else’s), whoever approved what an environment runs now.',
    '`[author]`; give `[committers]` or both to choose',
  ),
  checks: optional(
    oneOrMany(text(otherCheckGlob), 100),
    'Patterns over names of checks on the head: each must match at least one check, and all that match must be green. Lockkeeper’s own never match.',
    'none by this key',
  ),
  ticket: optional(
    text(regularExpression),
    'A regular expression (RE2) that the title, or the value of a trailer such as `Refs: OPS-12` in the description or a commit, must match somewhere.',
    'none by this key',
  ),
  all: optional(list(inner, SOME), 'Each of these must hold.', 'none by this key'),
  any: optional(list(inner, SOME), 'One of these must hold.', 'none by this key'),
  'n-of': optional(
    fields(
      'policy.rules.require.n-of',
      {
        n: required(wholeNumber(1, 100), 'How many of them.'),
        of: required(list(inner, SOME), 'Requirements; one approval may count for several.'),
      },
      {
        check: ({ n, of }): readonly Complaint[] =>
          n > of.length
            ? [{ key: 'n', message: `\`n: ${n}\` can never be reached: there are ${of.length} in \`of\`.` }]
            : [],
      },
    ),
    'So many of these must hold.',
    'none by this key',
  ),
};

function complaints(given: RequirementInFile): readonly Complaint[] {
  const { approvals, from, not } = given;
  const found: Complaint[] = [];
  if (approvals === null && from !== null)
    found.push({ key: 'from', message: '`from` says whose approvals count: give `approvals` too.' });
  if (approvals === null && not !== null)
    found.push({ key: 'not', message: '`not` says whose approvals do not count: give `approvals` too.' });
  const named = approvals === null || from === null ? null : onlyNamed(from);
  if (approvals !== null && named !== null && approvals > named) {
    const whom = named === 1 ? 'one person' : `${named} people`;
    found.push({
      key: 'approvals',
      message: `\`approvals: ${approvals}\` can never be reached: \`from\` names ${whom}.`,
    });
  }
  return found;
}

/** How many people `from` names, or null where it does not name them one by one. */
function onlyNamed({ users, teams, permission, codeowners }: Produced<typeof approvers>): number | null {
  if (users === null || teams !== null || permission !== null || codeowners === true) return null;
  return new Set(users.map((user) => user.toLowerCase())).size;
}

function isEmpty(given: RequirementInFile): boolean {
  const { approvals, from, not, checks, ticket, all, any } = given;
  return [approvals, from, not, checks, ticket, all, any, given['n-of']].every((each) => each === null);
}

const innerRequirement = fields('policy.rules.require.all', requirementFields, {
  check: (given): readonly Complaint[] =>
    isEmpty(given)
      ? [{ key: null, message: 'This requires nothing: give `approvals`, `checks`, `ticket`, `all`, `any` or `n-of`.' }]
      : complaints(given),
});

export const requirement = fields(
  'policy.rules.require',
  {
    ...requirementFields,
    veto: optional(
      veto,
      'Who may stop it by asking for changes, in place of everyone with write permission.',
      'everyone with write permission',
    ),
  },
  {
    check: (given): readonly Complaint[] =>
      isEmpty(given) && given.veto === null
        ? [
            {
              key: null,
              message:
                'This requires nothing: give `approvals`, `checks`, `ticket`, `all`, `any`, `n-of` or `veto`, or write `require: none`.',
            },
          ]
        : complaints(given),
  },
);

export type RuleRequirementInFile = Produced<typeof requirement>;
