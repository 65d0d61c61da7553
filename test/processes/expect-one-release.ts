/** What must hold however often the bot was killed: one pull request for each step, one plan comment on each, one answer to each command. */
import { expect } from 'vitest';
import type { SeenPullRequest } from '../../src/cli/demo/control-api.js';
import type { PlayedRelease } from '../../src/cli/demo/play-release.js';
import { answersOn } from '../../src/cli/demo/read-answers.js';
import type { TwoPrograms } from './two-programs.js';

interface SeenCommit {
  readonly sha: string;
  readonly message: string;
}

export async function expectOneRelease(programs: TwoPrograms, played: PlayedRelease): Promise<void> {
  if (played.failure !== null) throw new Error(`${JSON.stringify(played.failure)}\n${programs.log()}`);
  expect(played.ending).toMatchObject({
    ok: true,
    environments: { dev: '1.1.0', test: '1.1.0', prod: '1.1.0' },
    pullRequests: [
      { number: 1, kind: 'bump', to: 'dev', merged: true },
      { number: 2, kind: 'promotion', from: 'dev', to: 'test', merged: true },
      { number: 3, kind: 'promotion', from: 'test', to: 'prod', merged: true },
    ],
    refused: [{ command: '/promote prod', by: 'carol' }],
  });
  const pulls = (await programs.control(
    'GET',
    '/repositories/acme/config/pull-requests',
  )) as readonly SeenPullRequest[];
  expect(pulls.map(commentsOfBot)).toEqual([
    { plans: 1, answers: [] },
    { plans: 1, answers: ['/promote prod by carol', '/promote prod by alice'] },
    { plans: 1, answers: [expect.stringMatching(/^(@lockkeeper )?\/merge by alice$/)] },
  ]);
  const commits = (await programs.control('GET', '/repositories/acme/config/commits')) as readonly SeenCommit[];
  const subjects = commits.map(({ message }) => message.split('\n')[0] ?? '');
  expect(subjects, 'each change is in the history of main once').toHaveLength(4);
  expect(new Set(pulls.map(({ mergeCommit }) => mergeCommit)).size).toBe(3);
}

/** Comments that are neither a plan nor an answer count as plans too: there may be none. */
function commentsOfBot(pull: SeenPullRequest): { readonly plans: number; readonly answers: readonly string[] } {
  const answers = answersOn(pull);
  const others = pull.comments.filter(
    ({ id, author }) => author === pull.author.login && !answers.some((answer) => answer.id === id),
  );
  return { plans: others.length, answers: answers.map(({ command, by }) => `${command} by ${by}`) };
}
