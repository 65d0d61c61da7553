import { expect, test } from 'vitest';
import type { BumpOutcome, BumpRefusal } from '../core/image/bump-outcome.js';
import { bumpOutcomeText, bumpResultsText } from './bump-outcome-text.js';

const image = 'ghcr.io/acme/api';
const refusals: readonly BumpRefusal[] = [
  { kind: 'no-tag', tag: ' 1.1.0' },
  { kind: 'no-digest', digest: 'sha256:x' },
  { kind: 'no-version', tag: 'latest', image },
  { kind: 'out-of-range', tag: '2.0.0', range: '<2', image },
  { kind: 'not-named', target: { app: 'api', env: 'dev' }, image },
  { kind: 'not-editable', path: 'a.yaml', problem: { kind: 'pinned' } },
  { kind: 'not-editable', path: 'a.yaml', problem: { kind: 'anchored', place: 'image.tag' } },
  { kind: 'no-rule', image },
  { kind: 'broken-configuration', branch: 'main' },
  { kind: 'none-of-ours', why: { kind: 'no-access' } },
  { kind: 'none-of-ours', why: { kind: 'no-branch', branch: 'main' } },
  { kind: 'none-of-ours', why: { kind: 'not-configured', branch: 'main', file: '.lockkeeper.yaml' } },
  { kind: 'touched', branch: 'lockkeeper/bump/dev' },
  { kind: 'forbidden', message: 'GitHub was asked for a commit and refused: no.' },
];
const outcomes: readonly BumpOutcome[] = [
  ...refusals.map((why): BumpOutcome => ({ kind: 'refused', why })),
  { kind: 'landed', at: '1.2.0' },
  { kind: 'in-pull-request', url: 'https://forge.example/acme/config/pull/7' },
  { kind: 'nothing-to-do' },
];

test('what became of a bump', () => {
  expect(outcomes.map(bumpOutcomeText)).toMatchInlineSnapshot(`
    [
      "refused: " 1.1.0" can’t be the tag of an image",
      "refused: "sha256:x" can’t be the digest of an image",
      "refused: the tag "latest" is not a semantic version, and ghcr.io/acme/api is updated by semantic version",
      "refused: 2.0.0 is outside the range "<2" of ghcr.io/acme/api",
      "refused: no file of api in dev gives ghcr.io/acme/api a tag",
      "refused: a.yaml can’t be edited: the file pins a digest, and the request names none: send the digest too",
      "refused: a.yaml can’t be edited: image.tag carries an anchor that other places use",
      "refused: no entry under images: in .lockkeeper.yaml names ghcr.io/acme/api",
      "refused: .lockkeeper.yaml on main is broken; send the request again once it is mended",
      "refused: the bot has no access to the repository",
      "refused: the repository has no branch main",
      "refused: main has no .lockkeeper.yaml",
      "refused: people have pushed to lockkeeper/bump/dev; merge or delete it, then ask again",
      "refused: GitHub was asked for a commit and refused: no.",
      "nothing to do: the environment is at 1.2.0 already",
      "in pull request https://forge.example/acme/config/pull/7",
      "nothing to do",
    ]
  `);
});

test('names environments where there are several, and says the same once', () => {
  const landed: BumpOutcome = { kind: 'landed', at: '1.2.0' };
  const opened: BumpOutcome = { kind: 'in-pull-request', url: 'u' };
  expect(bumpResultsText([{ environment: 'dev', outcomes: [landed, landed, opened] }])).toBe(
    'nothing to do: the environment is at 1.2.0 already, in pull request u',
  );
  const both = [
    { environment: 'dev', outcomes: [landed] },
    { environment: 'test', outcomes: [opened] },
  ];
  expect(bumpResultsText(both)).toBe(
    'dev: nothing to do: the environment is at 1.2.0 already; test: in pull request u',
  );
});
