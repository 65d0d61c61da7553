import { expect, test } from 'vitest';
import type { Authorisation } from '../core/command/authorise.js';
import { EVERYONE_WITH_WRITE } from '../core/configuration.js';
import { refusedAnswer } from './answers.js';

type Because = Extract<Authorisation, { kind: 'refused' }>['because'];

const said = (because: Because): string =>
  refusedAnswer('merge', 'prod', { kind: 'refused', because, whoIs: EVERYONE_WITH_WRITE });

test.each<[string, Because]>([
  ['Refused: you are not among those who may. `/merge` for prod is for ', { kind: 'not-among' }],
  [
    'Refused: your permission could not be read just now. Ask again in a few minutes. `/merge` for',
    { kind: 'permission-unknown' },
  ],
  [
    'Refused: the members of `acme/sre` could not be read: does the team exist, and may the bot see it? `/merge` for',
    { kind: 'team-unknown', team: 'acme/sre' },
  ],
])('%s', (words, because) => {
  expect(said(because)).toContain(words);
});
