/** Whose word counts: not a dismissed review's, a bot's, that of whose name is on the commits, or of a comment that was edited; and all files do. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import { story, type World } from './world.js';

const SETTINGS = 'apps/api/envs/prod/settings.yaml';

const withRules = (rules: string): string =>
  (demoFiles()['.lockkeeper.yaml'] ?? '').replace(/^policy:\n(?: .*\n)+/m, `policy:\n  rules:\n${rules}`);

const TWO_OF_SRE = `    - name: everything needs two people of SRE
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author, committers] }
`;

/** GitHub dismisses reviews; on GitLab who approved takes it back. */
async function loseApproval({ kind, people, simulator }: World, number: number, login: string): Promise<void> {
  if (kind === 'gitlab') return people.review(login, number, 'withdrawn');
  const { reviews } = simulator.forge;
  const review = reviews.of('acme/config', number).findLast(({ author }) => author === login);
  const dismissed = reviews.dismiss({ actor: 'carol', reviewId: review?.id ?? 0, message: 'Not yet' });
  expect(dismissed.ok).toBe(true);
}

/** As `git commit --author` makes it: carol pushes work that alice's name stands under. */
async function pushInTheNameOf({ simulator, clock }: World, login: string, branch: string): Promise<void> {
  const { forge } = simulator;
  const git = forge.git('acme/config');
  const head = (await git.resolveCommit(branch)) ?? '';
  const user = forge.state.users.get(login);
  const by = { name: user?.name ?? '', email: user?.email ?? '', date: new Date(clock.now()) };
  const { tree } = (await git.readCommit(head)) ?? { tree: '' };
  const sha = await git.writeCommit({ tree, parents: [head], author: by, committer: by, message: 'Look again\n' });
  const move = { repository: 'acme/config', actor: 'carol', branch, to: sha, mode: 'only-forward' } as const;
  expect((await forge.branches.update(move)).ok).toBe(true);
}

story(
  'counts no dismissed review, no bot, and nobody whose name is on the commits; obeys no comment that was edited',
  async (world) => {
    const { people } = world;
    const { forge } = world.simulator;
    const robot = world.kind === 'github' ? 'robot[bot]' : 'robot';
    forge.people.addUser({ login: robot, kind: 'bot' });
    forge.people.setCollaborator('acme/config', robot, 'write');
    forge.people.setTeamMember('acme/sre', robot, 'in');
    const before = (await people.file(SETTINGS)) ?? '';
    await people.push('carol', 'quieter', { start: 'main', files: { [SETTINGS]: `${before}  LEVEL: quiet\n` } });
    const number = await people.open('carol', { title: 'Log less in prod', head: 'quieter' });

    expect(
      forge.reviews.submit({ repository: 'acme/config', number, actor: robot, state: 'approved', body: '' }).ok,
    ).toBe(true);
    await people.review('alice', number);
    await world.settle();
    const withRobot = await world.sticky(number);
    expect(withRobot).toContain(`does not count: \`${robot}\` approved`);
    expect(withRobot).toContain('but is a bot');
    expect(withRobot).toContain('1 of 2 approvals missing');
    await people.review('bob', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');

    await loseApproval(world, number, 'bob');
    await world.settle();
    const dismissed = await world.sticky(number);
    expect(dismissed).toContain('1 of 2 approvals missing');
    // GitLab forgets who approved; GitHub keeps the review.
    expect(dismissed.includes('but that review was dismissed')).toBe(world.kind === 'github');
    await people.review('bob', number);

    // The same tree, so nothing else is rendered; but now alice has worked on it herself, for all that anybody can tell.
    await pushInTheNameOf(world, 'alice', 'quieter');
    await people.review('alice', number, 'withdrawn').catch(() => undefined);
    await people.review('alice', number);
    await world.settle();
    const named = await world.sticky(number);
    expect(named).toMatch(/does not count: `alice` approved `\w+`, but has commits in this/);
    expect(named).toContain('The policy is waiting');

    // Edited before the bot saw it, and edited into a command long after.
    const held = await people.comment('bob', number, '/hold for now');
    const innocent = await people.comment('bob', number, 'Looks fine to me.');
    world.clock.advance(60_000);
    expect(forge.comments.edit({ actor: 'bob', id: held, body: '/hold for ever' }).ok).toBe(true);
    await world.settle();
    expect(forge.comments.edit({ actor: 'bob', id: innocent, body: '/hold' }).ok).toBe(true);
    await world.settle();
    const refused = expect.stringContaining('Refused: this comment was edited');
    expect(await world.readNew(number)).toEqual([refused, refused]);
    expect(await world.sticky(number)).not.toContain('holds it');
  },
  { files: { '.lockkeeper.yaml': withRules(TWO_OF_SRE) } },
);

const DOCS_ARE_FREE = `    - name: documentation is free
      if: { only-files: ["docs/**"], size: { files: "<= 4000" } }
      require: none
    - name: everything else needs two people of SRE
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author] }
`;

/** A commit on `main` with so many pages, and what else is named: by git itself, for through an API it would take its time. */
async function commitPages({ simulator }: World, count: number, more: readonly string[] = []): Promise<string> {
  const git = simulator.forge.git('acme/config');
  const names = Array.from({ length: count }, (_, n) => `docs/${String(n).padStart(4, '0')}.md`);
  const files = [...names, ...more].map((path) => `M 100644 inline ${path}\ndata 2\nx\n`);
  const by = 'Carol Clark <carol@acme.test> 1767614400 +0000';
  const start = (await git.resolveCommit('main')) ?? '';
  const ref = `refs/imported/${String(count)}`;
  const input = `commit ${ref}\ncommitter ${by}\ndata 5\nPages\nfrom ${start}\n${files.join('')}\n`;
  const options = { cwd: git.directory, input };
  expect(spawnSync('git', ['fast-import', '--quiet'], options).status).toBe(0);
  return spawnSync('git', ['rev-parse', ref], { cwd: git.directory }).stdout.toString().trim();
}

story(
  'judges all of 301 and of 3,001 changed files, which no forge lists',
  async (world) => {
    const { people } = world;
    const { branches } = world.simulator.forge;
    const branch = { repository: 'acme/config', actor: 'carol', branch: 'pages' } as const;
    expect((await branches.create({ ...branch, to: await commitPages(world, 301) })).ok).toBe(true);
    const number = await people.open('carol', { title: 'Many pages', head: 'pages' });
    await world.settle();
    expect(await world.sticky(number)).toContain('**documentation is free** (for files of no environment): passed');
    // The last by name: past the cap of both forges' listings of files.
    const to = await commitPages(world, 3_000, ['zz/last.txt']);
    expect((await branches.update({ ...branch, to, mode: 'force' })).ok).toBe(true);
    await world.settle();
    const sticky = await world.sticky(number);
    expect(sticky).toContain('**everything else needs two people of SRE** (for files of no environment): pending');
    expect(sticky).not.toContain('documentation is free');
  },
  { files: { '.lockkeeper.yaml': withRules(DOCS_ARE_FREE) } },
);
