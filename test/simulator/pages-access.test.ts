import { request } from 'node:http';
import { Gitlab } from '@gitbeaker/rest';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestProblem } from '../../src/simulator/pages/guard-requests.js';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';
import { Visitor } from './pages-visitor.js';

const repository = 'acme/config';

async function open(forge: 'github' | 'gitlab'): Promise<Simulator> {
  const simulator = await startSimulator({ forge, deliver: 'stepped' });
  simulator.forge.people.addUser({ login: 'eve', name: 'Eve' });
  await simulator.forge.commits.commit({
    repository,
    actor: 'alice',
    branch: 'topic',
    start: 'main',
    message: 'Topic',
    actions: [{ kind: 'put', path: 'topic.md', content: Buffer.from('<b>topic</b>\n') }],
  });
  await simulator.forge.pullRequests.open({
    repository,
    actor: 'alice',
    title: 'Topic of the day',
    headBranch: 'topic',
    baseBranch: 'main',
  });
  return simulator;
}

/** The status of a raw request; `fetch` would not let us choose the host. */
function statusOf(url: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('links in API answers', () => {
  it('lead to pages on GitHub', async () => {
    const simulator = await open('github');
    try {
      const octokit = new Octokit({ baseUrl: simulator.apiUrl, auth: 'bob-token' });
      const at = { owner: 'acme', repo: 'config' };
      const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: 1 });
      const comment = await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: 'Linked to' });
      const commit = await octokit.rest.repos.getCommit({ ...at, ref: pull.head.sha });
      const content = await octokit.rest.repos.getContent({ ...at, path: 'topic.md', ref: 'topic' });
      const file = (content.data as { readonly html_url: string }).html_url;
      simulator.forge.checks.createRun({
        repository,
        actor: 'ci[bot]',
        headSha: pull.head.sha,
        name: 'ci/build',
        conclusion: 'failure',
        title: 'Red',
        summary: '**It broke**',
      });
      const runs = await octokit.rest.checks.listForRef({ ...at, ref: pull.head.sha });
      const run = runs.data.check_runs[0]?.html_url ?? '';
      const app = await octokit.rest.users.getByUsername({ username: 'ci[bot]' });
      const comparison = await octokit.rest.repos.compareCommits({ ...at, base: 'main', head: 'topic' });
      const links = [pull.html_url, comment.data.html_url, commit.data.html_url, file, run, app.data.html_url];
      for (const url of [...links, comparison.data.html_url]) {
        expect([url, (await fetch(url)).status]).toEqual([url, 200]);
      }
      expect(await (await fetch(comparison.data.html_url)).text()).toContain('topic.md');
      expect(await (await fetch(run)).text()).toContain('<strong>It broke</strong>');
      expect(await (await fetch(file)).text()).toContain('&lt;b&gt;topic&lt;/b&gt;');
      const anchor = comment.data.html_url.split('#')[1];
      expect(await (await fetch(comment.data.html_url)).text()).toContain(`id="${anchor}"`);
    } finally {
      await simulator.close();
    }
  });

  it('lead to pages on GitLab', async () => {
    const simulator = await open('gitlab');
    try {
      const gitlab = new Gitlab({ host: simulator.url, token: 'bob-token' });
      const shown = await gitlab.MergeRequests.show(repository, 1);
      const commit = await gitlab.Commits.show(repository, shown.sha);
      const note = await gitlab.MergeRequestNotes.create(repository, 1, 'Linked to');
      const pipeline = shown.head_pipeline?.web_url ?? '';
      const branch = await gitlab.Branches.create(repository, 'env/prod', 'topic');
      expect(await (await fetch(branch.web_url)).text()).toContain('/acme/config/-/blob/env%2Fprod/topic.md');
      const file = `${simulator.url}/acme/config/-/blob/env/prod/topic.md`;
      for (const url of [shown.web_url, commit.web_url, pipeline, shown.author.web_url, branch.web_url, file]) {
        expect([url, (await fetch(url)).status]).toEqual([url, 200]);
      }
      expect(await (await fetch(shown.web_url)).text()).toContain(`id="note_${note.id}"`);
    } finally {
      await simulator.close();
    }
  });
});

describe('who may look and act', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await open('github');
  });
  afterAll(() => simulator.close());

  it('lists repositories, open pull requests and webhooks', async () => {
    const visitor = new Visitor(simulator.url);
    const { html } = await visitor.open('/');
    expect(html).toContain('<a href="/acme/config/pull/1">Topic of the day</a>');
    expect(html).toMatch(/api:1\.0\.0|Last webhooks/);
  });

  it('hides what the chosen person can’t see, and says so', async () => {
    const visitor = new Visitor(simulator.url);
    await visitor.open('/');
    await visitor.actAs('eve');
    expect(visitor.page.html).toContain('eve sees no repository.');
    for (const path of ['/acme/config', '/acme/config/pull/1', '/acme/config/blob/main/README.md']) {
      const hidden = await visitor.open(path);
      expect(hidden.status).toBe(404);
      expect(hidden.alert).toBe('eve sees no acme/config. Act as somebody else.');
    }
  });

  it('says what is not there', async () => {
    const visitor = new Visitor(simulator.url);
    expect((await visitor.open('/acme/config/pull/99')).alert).toBe(
      "There is no such pull request, or you can't see it.",
    );
    expect((await visitor.open('/acme/config/commit/0000000')).status).toBe(404);
    expect((await visitor.open('/nobody')).status).toBe(404);
  });

  it('takes forms and names of this machine only', async () => {
    const page = `${simulator.url}/acme/config/pull/1`;
    const { host } = new URL(simulator.url);
    expect(await statusOf(page, { host })).toBe(200);
    expect(await statusOf(page, { host: 'evil.example' })).toBe(403);
    const close = `${page}/close`;
    expect(await statusOf(close, { host, origin: 'http://evil.example' }, 'POST')).toBe(403);
    expect(await statusOf(close, { host, 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403);
    expect(simulator.forge.pullRequests.get(repository, 1)).toMatchObject({ value: { state: 'open' } });
    expect(requestProblem({ method: 'POST', headers: { host, origin: simulator.url } })).toBeUndefined();
  });

  it('never redirects elsewhere, and lets nothing be loaded or framed', async () => {
    const back = await fetch(`${simulator.url}/_pages/acting-as`, {
      method: 'POST',
      body: new URLSearchParams({ login: 'bob', back: '//evil.example/' }),
      redirect: 'manual',
    });
    expect(back.headers.get('location')).toBe('/');
    expect(back.headers.get('set-cookie')).toBe('acting-as=bob; Path=/; HttpOnly; SameSite=Strict');
    const page = await fetch(simulator.url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${simulator.url}/_pages/style.css`)).headers.get('content-type')).toContain('text/css');
  });
});
