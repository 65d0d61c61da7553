/** The whole plan on a page: more than a comment holds, for those who have the link, and never of another head. */
import { expect } from 'vitest';
import { planPullRequest } from '../../src/app/plan/plan-pull-request.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { listHtml } from '../../src/text/list-html.js';
import { sandboxText } from '../../src/text/sandbox-text.js';
import { story, type World } from './world.js';

const LAST = 'the-last-line-of-all';

/** 60 resources with differences of 20 kB: more than either forge takes in a comment. */
function large(): string {
  const lines = Array.from({ length: 400 }, (_, n) => `    line ${n} ${'x'.repeat(40)}\n`).join('');
  const map = (n: number) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: large-${n}\ndata:\n  text: |\n${lines}  z: ${LAST}-${n};\n`;
  return Array.from({ length: 60 }, (_, n) => map(n)).join('---\n');
}

function linkIn(text: string): string {
  const link = /\[The whole plan\]\((http[^)]+)\)/.exec(text)?.[1];
  expect(link, 'a link to the whole plan').toBeDefined();
  return link ?? '';
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

story('cuts a comment that would be too long, names what is left out, and shows all of it on a page', async (world) => {
  const { people } = world;
  await people.push('alice', 'change', { start: 'main', files: { 'apps/api/envs/dev/large.yaml': large() } });
  const number = await people.open('alice', { title: 'Grow', head: 'change' });
  await world.settle();
  const sticky = await world.sticky(number);
  const missing = Array.from({ length: 60 }, (_, n) => n).filter((n) => !sticky.includes(`${LAST}-${n};`));
  expect(missing.length).toBeGreaterThan(5);
  const counts = [...sticky.matchAll(/^\*\*(\d+) (?:changed resources?|differences?) (?:not shown|cut) here\*\*/gm)];
  expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(missing.length);
  for (const n of missing) expect(sticky).toContain(`\`ConfigMap large-${n} (api in dev)\``);
  expect(sticky).toContain('the whole plan is linked below');
  expect(sticky.match(/^<details>/gm)?.length).toBe(sticky.match(/^<\/details>/gm)?.length);
  const limits = world.kind === 'github' ? [65_000, 250_000] : [1_000_000, 1_000_000];
  expect([sticky.length <= (limits[0] ?? 0), Buffer.byteLength(sticky) <= (limits[1] ?? 0)]).toEqual([true, true]);

  const page = await read(linkIn(sticky));
  expect(page.status).toBe(200);
  const json = await read(linkIn(sticky).replace('?', '.json?'));
  const diff = await read(linkIn(sticky).replace('?', '.diff?'));
  for (const n of missing) for (const { text } of [page, json, diff]) expect(text).toContain(`${LAST}-${n};`);
  const { digest } = JSON.parse(json.text) as { digest: string };
  expect(linkIn(sticky)).toContain(`/${number}/${digest}?key=`);
  const { checks, pipelines } = world.simulator.forge;
  const { sha } = (await people.pullRequest(number)).head;
  const runs = checks.runsOf('acme/config', sha).map(({ name, detailsUrl }) => ({ name, url: detailsUrl }));
  const jobs = pipelines
    .of('acme/config')
    .flatMap(({ id }) => pipelines.jobsOf(id))
    .map(({ name, targetUrl }) => ({ name, url: targetUrl }));
  expect([...runs, ...jobs]).toContainEqual({ name: 'lockkeeper/plan', url: linkIn(sticky) });
});

story('shows a plan to those with its key alone, and says what to do when it is gone', async (world) => {
  const { people } = world;
  const number = await openChange(world);
  await world.settle();
  const url = linkIn(await world.sticky(number));
  const key = new URL(url).searchParams.get('key') ?? '';
  const others = [
    url.replace(/\?key=.*/, ''),
    url.replace(key, `${key.startsWith('A') ? 'B' : 'A'}${key.slice(1)}`),
    url.replace(`/${number}/`, `/${number + 1}/`),
    url.replace('/acme/', '/mallory/'),
  ];
  const nothing = await read(`${world.botUrl}/nothing`);
  for (const other of others) expect(await read(other)).toEqual(nothing);
  expect((await read(url)).text).toContain('<!doctype html>');
  await world.forgetEverything();
  expect(await read(url)).toEqual({ status: 410, text: expect.stringContaining('Comment /plan on the pull request') });
  await people.comment('alice', number, '/plan');
  await world.settle();
  await world.readNew(number);
  expect((await read(url)).status).toBe(200);
});

story('keeps one comment, and never writes down the plan of a head that has moved on', async (world) => {
  const number = await openChange(world);
  await world.settle();
  await world.sticky(number);
  const first = await botComments(world, number);
  const second = await pushMore(world, number, 'TWO');
  // The plan of the second head is made; before anything is written of it comes a third.
  await planPullRequest(world.app, { forge: world.kind, path: 'acme/config' }, number);
  const third = await pushMore(world, number, 'THREE');
  await workOnce(world.app);
  expect(await world.sticky(number)).not.toContain(second.slice(0, 7));
  await world.settle();
  const sticky = await world.sticky(number);
  expect(sticky).toContain(`for \`${third.slice(0, 7)}\``);
  expect(sticky).toContain('THREE');
  expect(await botComments(world, number)).toEqual(first);
});

story('says the same in the comment, in the check and on the page', async (world) => {
  const number = await openChange(world);
  await world.settle();
  const sticky = await world.sticky(number);
  const section = sticky.slice(sticky.indexOf('### Plan') + 8, sticky.indexOf('### Policy')).trim();
  expect(section).toContain('ConfigMap');
  const { sha } = (await world.people.pullRequest(number)).head;
  const runs = world.simulator.forge.checks.runsOf('acme/config', sha).filter(({ name }) => name === 'lockkeeper/plan');
  // GitLab's statuses have no room for it.
  const sandbox = sandboxText(await world.app.renderers.sandbox());
  expect(runs.map(({ summary }) => summary)).toEqual(world.kind === 'github' ? [`${section}\n\n${sandbox}`] : []);

  const page = linkIn(sticky);
  const policy = /### Policy\n\n([^]*?)\n\n### Merge/.exec(sticky)?.[1] ?? '';
  expect(policy).toContain('pending');
  expect((await read(page)).text).toContain(listHtml(policy));
  expect((await read(page)).text).toContain(`Judged for <code>${sha.slice(0, 12)}</code>`);
  // The same page, once there is more to say, and once it is no longer the plan that is judged.
  await world.people.review('bob', number);
  await world.settle();
  expect((await read(page)).text).toContain('counts: <code>bob</code> approved');
  await pushMore(world, number, 'TWO');
  await world.settle();
  await world.sticky(number);
  expect((await read(page)).text).toContain('This page is of an earlier plan');
});

const SETTINGS = 'apps/api/envs/dev/settings.yaml';

async function openChange({ people }: World): Promise<number> {
  const settings = (await people.file(SETTINGS)) ?? '';
  await people.push('alice', 'change', { start: 'main', files: { [SETTINGS]: `${settings}  ONE: "1"\n` } });
  return people.open('alice', { title: 'Set', head: 'change' });
}

/** The new head. */
async function pushMore({ people }: World, number: number, name: string): Promise<string> {
  const settings = (await people.file(SETTINGS, 'change')) ?? '';
  await people.push('alice', 'change', { files: { [SETTINGS]: `${settings}  ${name}: "1"\n` } });
  return (await people.pullRequest(number)).head.sha;
}

async function botComments(world: World, number: number): Promise<readonly number[]> {
  const { comments } = await world.people.pullRequest(number);
  return comments.filter((comment) => world.isBot(comment.author) && !comment.system).map(({ id }) => id);
}
