import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';
import { Visitor } from './pages-visitor.js';

const repository = 'acme/config';
const file = 'apps/api/envs/dev/deployment.yaml';
const page = { github: '/acme/config/pull/1', gitlab: '/acme/config/-/merge_requests/1' } as const;
const forges = ['github', 'gitlab'] as const;

let simulator: Simulator;
afterEach(() => simulator.close());

/** A pull request of alice's, and a visitor who acts as bob. */
async function start(forge: 'github' | 'gitlab', words: { readonly title?: string; readonly body?: string } = {}) {
  simulator = await startSimulator({ forge, deliver: 'stepped' });
  await bump('1.1.0');
  const opened = await simulator.forge.pullRequests.open({
    repository,
    actor: 'alice',
    title: words.title ?? 'Bump api',
    body: words.body ?? 'Because.',
    headBranch: 'bump',
    baseBranch: 'main',
  });
  expect(opened.ok).toBe(true);
  const visitor = new Visitor(simulator.url);
  await visitor.open(page[forge]);
  await visitor.actAs('bob');
  return visitor;
}

async function bump(version: string): Promise<void> {
  const before = await simulator.forge.git(repository).readFile('main', file);
  const content = Buffer.from(String(before).replace('api:1.0.0', `api:${version}`));
  const commit = { repository, actor: 'alice', branch: 'bump', message: `Bump to ${version}` };
  const head = await simulator.forge.git(repository).branchHead('bump');
  const start = head === undefined ? { start: 'main' } : {};
  const made = await simulator.forge.commits.commit({
    ...commit,
    ...start,
    actions: [{ kind: 'put', path: file, content }],
  });
  expect(made.ok).toBe(true);
}

function bodies(): readonly string[] {
  return simulator.forge.comments
    .of(repository, 1)
    .filter((one) => !one.system)
    .map((one) => `${one.author}: ${one.body}`);
}

describe.each(forges)('a page of %s', (forge) => {
  it('shows title, words, checks, diff and commits', async () => {
    const visitor = await start(forge, { body: '**Why:** because\n\n| a | b |\n|---|---|\n| 1 | 2 |\n' });
    const { status, html } = visitor.page;
    expect(status).toBe(200);
    expect(html).toContain('<strong>Why:</strong> because');
    expect(html).toContain('<td>1</td>');
    expect(html).toMatch(/<span class="added">\+\s+image: ghcr\.io\/acme\/api:1\.1\.0<\/span>/);
    expect(html).toMatch(/<span class="removed">-\s+image: ghcr\.io\/acme\/api:1\.0\.0<\/span>/);
    expect(html).toContain('Bump to 1.1.0');
    expect(html).toContain('ci/build');
    expect(html).toContain('Nobody with write permission has approved.');
  });

  it('lets people comment, as whom they act', async () => {
    const visitor = await start(forge);
    await visitor.submit('comment', { body: '/promote prod\r\n<b>now</b>' });
    await visitor.actAs('carol');
    await visitor.submit('comment', { body: 'no' });
    expect(bodies()).toEqual(['bob: /promote prod\r\n<b>now</b>', 'carol: no']);
    expect(visitor.page.html).toContain('&lt;b&gt;now&lt;/b&gt;');
  });

  it('says why a comment is refused and keeps it', async () => {
    const visitor = await start(forge);
    const long = `${'x'.repeat(70_000)} <end>`;
    const refused = await visitor.submit('comment', { body: forge === 'github' ? long : '   ' });
    expect(refused.status).toBe(422);
    expect(refused.alert).toMatch(forge === 'github' ? /too long \(maximum is 65536/ : /can't be blank/);
    if (forge === 'github') expect(refused.html).toContain('x &lt;end&gt;</textarea>');
    expect(bodies()).toEqual([]);
  });

  it('refuses a merge until CI is green, then merges what was seen', async () => {
    const visitor = await start(forge);
    const required = forge === 'github' ? ['ci/build', 'lockkeeper/plan', 'lockkeeper/policy'] : ['ci/build'];
    const early = await visitor.submit('merge', { method: 'merge' });
    expect(early.status).toBe(409);
    expect(early.alert).toMatch(/^Not merged: /);
    await visitor.submit('check', { name: 'ci/build', state: 'failure' });
    expect(visitor.page.html).toMatch(/ci\/build[\s\S]{0,200}<span class="state bad">failure<\/span>/);
    for (const name of required) await visitor.submit('check', { name, state: 'success' });
    await bump('1.2.0');
    const moved = await visitor.submit('merge', { method: 'merge' });
    expect(moved.status).toBe(409);
    expect(moved.alert).toMatch(/^The head has moved/);
    for (const name of required) await visitor.submit('check', { name, state: 'success' });
    const merged = await visitor.submit('merge', { method: 'squash' });
    expect(merged.status).toBe(200);
    expect(merged.html).toMatch(/Merged by bob as/);
    expect(String(await simulator.forge.git(repository).readFile('main', file))).toContain('api:1.2.0');
    await visitor.open('/acme/config');
    expect(visitor.page.html).toMatch(/<th scope="row">api<\/th>\s*<td>api:1\.2\.0<\/td>\s*<td>api:1\.0\.0<\/td>/);
  });

  it('closes and reopens', async () => {
    const visitor = await start(forge);
    await visitor.submit('close');
    expect(visitor.page.html).toMatch(/Closed by bob/);
    await visitor.submit('reopen');
    expect(simulator.forge.pullRequests.get(repository, 1)).toMatchObject({ value: { state: 'open' } });
  });

  it('refuses people without permission in words', async () => {
    const visitor = await start(forge);
    await visitor.actAs('dave');
    const refused = await visitor.submit('merge');
    expect(refused.status).toBe(403);
    expect(refused.alert).toBe('Not allowed: dave has read permission on acme/config; write is needed.');
  });

  it('shows hostile words as words', async () => {
    const visitor = await start(forge, {
      title: '"><img src=x onerror=alert(1)>',
      body: [
        '<script>alert(1)</script>',
        '<details open onclick="x"><summary>S</summary>',
        '[link](javascript:alert(1)) ![pic](http://127.0.0.1:9/pic.png)',
        '<!-- lockkeeper marker -->',
        '<b onmouseover="x">bold</b> H<sub>2</sub>O<br>next',
      ].join('\n\n'),
    });
    await visitor.submit('comment', { body: '</textarea></div></main><form action="/steal"><input name="x">' });
    const { html } = visitor.page;
    expect(html).not.toMatch(/<script|<img|<b |<form action="\/steal"|onclick="x">|href="javascript/);
    expect(html).not.toContain('lockkeeper marker');
    expect(html).toContain('H<sub>2</sub>O<br>next');
    expect(html).toContain('&lt;details open onclick=');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    await visitor.open('/');
    expect(visitor.page.html).not.toContain('<img');
  });
});

describe('reviews', () => {
  it('approve and request changes on GitHub, but not one’s own', async () => {
    const visitor = await start('github');
    await visitor.submit('request-changes');
    expect(visitor.page.html).toContain('Changes requested by bob.');
    await visitor.submit('approve');
    expect(visitor.page.html).toContain('Approved by bob.');
    await visitor.actAs('alice');
    const own = await visitor.submit('approve');
    expect(own.status).toBe(422);
    expect(own.alert).toBe('Not allowed: Can not approve your own pull request.');
  });

  it('approve and take it back on GitLab', async () => {
    const visitor = await start('gitlab');
    await visitor.submit('approve');
    expect(visitor.page.html).toContain('Approved by bob.');
    expect(visitor.page.html).toContain('bob approved this merge request');
    await visitor.submit('unapprove');
    expect(visitor.page.html).toContain('Nobody with write permission has approved.');
  });
});
