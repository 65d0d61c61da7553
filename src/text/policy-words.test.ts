import { expect, it } from 'vitest';
import { ANYTHING, type Conditions } from '../core/policy/policy-rules.js';
import type { DiscountReason, UnknownFact } from '../core/policy/verdict-node.js';
import { conditionKey, discountedText, undecidedText, unknownText } from './policy-words.js';

const HEAD = 'a1b2c3d4'.repeat(5);

it('every reason and every fact has words', () => {
  const unknown: readonly UnknownFact[] = [
    { kind: 'author' },
    { kind: 'committers' },
    { kind: 'approvers-of', environment: 'test' },
    { kind: 'plan-since' },
    { kind: 'earlier-head', commit: HEAD },
    { kind: 'permission', login: 'bob' },
    { kind: 'team', team: 'acme/sre' },
    { kind: 'owner', owner: '@acme/dba' },
    { kind: 'code-owners' },
    { kind: 'checks' },
    { kind: 'title' },
    { kind: 'trailers' },
  ];
  const why: readonly DiscountReason[] = [
    { kind: 'not-current-head' },
    { kind: 'before-plan-changed' },
    { kind: 'author' },
    { kind: 'committer', roles: ['author', 'co-author'] },
    { kind: 'committer', roles: ['co-author'] },
    { kind: 'approver-of', environment: 'test' },
    { kind: 'bot' },
    { kind: 'dismissed' },
    { kind: 'approve-command' },
    { kind: 'no-permission' },
    { kind: 'not-among', approvers: { users: ['eve'], teams: [], permission: 'write', codeowners: 'ask' } },
    ...unknown.slice(0, 1).map((fact) => ({ kind: 'unknown' as const, fact })),
  ];
  expect(unknown.map(unknownText)).toMatchInlineSnapshot(`
    [
      "who opened this could not be read",
      "who wrote the commits could not be read",
      "who approved what runs in test could not be read",
      "the plan is not there yet",
      "what was pushed after \`a1b2c3d\` could not be read",
      "the permission of \`bob\` could not be read",
      "the members of \`acme/sre\` could not be read: does the team exist, and may the bot see it?",
      "whom \`@acme/dba\` in CODEOWNERS means could not be read",
      "CODEOWNERS of the target branch could not be read",
      "the checks could not be read",
      "the title could not be read",
      "the trailers could not be read",
    ]
  `);
  expect(why.map((each) => discountedText({ login: 'bob', commit: HEAD, at: 0, why: each }))).toMatchInlineSnapshot(`
    [
      "\`bob\` approved \`a1b2c3d\`, before the last push",
      "\`bob\` approved \`a1b2c3d\`, before the plan changed",
      "\`bob\` approved \`a1b2c3d\`, but opened this",
      "\`bob\` approved \`a1b2c3d\`, but has commits in this",
      "\`bob\` approved \`a1b2c3d\`, but is named as co-author of commits in this",
      "\`bob\` approved \`a1b2c3d\`, but approved what runs in test",
      "\`bob\` approved \`a1b2c3d\`, but is a bot",
      "\`bob\` approved \`a1b2c3d\`, but that review was dismissed",
      "\`bob\` approved \`a1b2c3d\`, by a comment, which does not count here: review it instead",
      "\`bob\` approved \`a1b2c3d\`, but has no access to the repository",
      "\`bob\` approved \`a1b2c3d\`, but is not among \`eve\`, anyone with write permission or owners of the changed files",
      "\`bob\` approved \`a1b2c3d\`, but who opened this could not be read",
    ]
  `);
  const names = Object.keys(ANYTHING) as (keyof Conditions)[];
  expect(names.map(conditionKey).join(' ')).toMatchInlineSnapshot(
    `"environments applications kinds version-step proven-in files only-files branches author author-teams bots labels title draft size changes promotion cost-increase at signed"`,
  );
  const part = { kind: 'outside' } as const;
  expect(
    names.map((name) => undecidedText({ kind: 'condition-unknown', part, rule: 'r', conditions: [name] })).slice(2, 5),
  ).toMatchInlineSnapshot(`
    [
      "- Whether **r** decides about files of no environment can't be told, so it is refused: which kinds of resources change could not be read",
      "- Whether **r** decides about files of no environment can't be told, so it is refused: how far its versions go could not be read",
      "- Whether **r** decides about files of no environment can't be told, so it is refused: how long the same has run elsewhere could not be read",
    ]
  `);
});
