/** Every page and form, by address. */

import type { Outcome } from '../forge/refusal.js';
import { notFound } from '../forge/refusal.js';
import type { Repository } from '../forge/state.js';
import { gatherPullRequest } from './gather-pull-request.js';
import { localPath } from './guard-requests.js';
import { renderHomePage } from './home-page.js';
import {
  renderAccountPage,
  renderCheckRunPage,
  renderCommitPage,
  renderComparePage,
  renderFilePage,
  renderPipelinePage,
  renderTreePage,
} from './object-pages.js';
import { openPullRequest } from './open-pull-request.js';
import type { Page } from './page-layout.js';
import { PageLinks } from './page-links.js';
import type { PageAnswer, PageRequest } from './page-request.js';
import { actingAsCookie, redirect } from './page-request.js';
import { performAction } from './pull-request-actions.js';
import { renderPullRequestPage } from './pull-request-page.js';
import { refusalWords } from './refusal-words.js';
import { renderRepositoryPage } from './repository-page.js';
import { styleSheet } from './style-sheet.js';

interface PageRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (request: PageRequest) => Promise<PageAnswer> | PageAnswer;
}

function home(request: PageRequest): PageAnswer {
  return request.shown(renderHomePage(request.page, request.context.deliveries.list()));
}

function actAs(request: PageRequest): PageAnswer {
  const login = request.fields.get('login') ?? '';
  if (!request.context.forge.state.users.has(login)) {
    return request.refused({ status: 422, words: `There is no account ${login}.` });
  }
  const cookie = `${actingAsCookie}=${encodeURIComponent(login)}; Path=/; HttpOnly; SameSite=Strict`;
  return redirect(localPath(request.fields.get('back')), { 'set-cookie': cookie });
}

function style(): PageAnswer {
  return { status: 200, body: styleSheet, headers: { 'content-type': 'text/css; charset=utf-8' } };
}

/** A page about something in a repository that the viewer sees; a refusal is a page too. */
function inRepository(
  render: (request: PageRequest, repository: Repository) => Promise<Outcome<Page>> | Outcome<Page>,
) {
  return async (request: PageRequest): Promise<PageAnswer> => {
    const repository = request.repository();
    if (!repository.ok) {
      const { login } = request.page.viewer;
      return request.refused({ status: 404, words: `${login} sees no ${request.fullName}. Act as somebody else.` });
    }
    const page = await render(request, repository.value);
    return page.ok ? request.shown(page.value) : request.refused(refusalWords(page.refusal));
  };
}

const showRepository = inRepository(async (request, repository) => ({
  ok: true,
  value: await renderRepositoryPage(request.page, repository, request.context.url()),
}));

const showPullRequest = inRepository(async (request, repository) => {
  const details = await gatherPullRequest(request.page, repository, request.number);
  return details.ok ? { ok: true, value: renderPullRequestPage(request.page, details.value, '') } : details;
});

const showCommit = inRepository(async (request, repository) => {
  const commit = await request.context.forge.git(repository.fullName).readCommit(request.parameter('sha'));
  return commit === undefined
    ? notFound('commit')
    : { ok: true, value: await renderCommitPage(request.page, repository, commit) };
});

const showFile = inRepository(async (request, repository) => {
  const place = await request.place(repository);
  if (!place.ok) return place;
  const { ref, sha, path } = place.value;
  const content = await request.context.forge.git(repository.fullName).readFile(sha, path);
  if (content === undefined) return notFound('file');
  return { ok: true, value: renderFilePage(request.page, repository, { path, ref, content }) };
});

const showTree = inRepository(async (request, repository) => {
  const place = await request.place(repository);
  if (!place.ok) return place;
  return { ok: true, value: await renderTreePage(request.page, repository, place.value) };
});

const showComparison = inRepository(async (request, repository) => {
  const git = request.context.forge.git(repository.fullName);
  const [first = '', second = ''] = request.parameter('*').split(/\.{2,3}/);
  const from = await git.resolveCommit(first);
  const to = await git.resolveCommit(second);
  if (from === undefined || to === undefined) return notFound('branch or commit');
  return { ok: true, value: await renderComparePage(request.page, repository, { from, to }) };
});

const showCheckRun = inRepository((request, repository) => {
  const run = request.context.forge.checks.run(repository.fullName, Number(request.parameter('id')));
  return run.ok ? { ok: true, value: renderCheckRunPage(request.page, repository, run.value) } : run;
});

const showPipeline = inRepository((request, repository) => {
  const pipeline = request.context.forge.pipelines.get(repository.fullName, Number(request.parameter('id')));
  return pipeline.ok ? { ok: true, value: renderPipelinePage(request.page, repository, pipeline.value) } : pipeline;
});

function showAccount(request: PageRequest): PageAnswer {
  const { users } = request.context.forge.state;
  const user = users.get(request.parameter('login')) ?? users.get(`${request.parameter('slug')}[bot]`);
  if (user === undefined) return request.refused(refusalWords({ kind: 'not-found', what: 'page' }));
  return request.shown(renderAccountPage(request.page, user));
}

async function open(request: PageRequest): Promise<PageAnswer> {
  const repository = request.repository();
  if (!repository.ok) return request.refused(refusalWords(repository.refusal));
  const opened = await openPullRequest(request.page, repository.value, request.fields);
  if (!opened.ok) return request.refused(refusalWords(opened.refusal));
  return redirect(request.page.links.pullRequest(request.fullName, opened.value.number));
}

/** Does what a form asks; a refusal shows the page again with the reason on top and the comment kept. */
async function act(request: PageRequest): Promise<PageAnswer> {
  const repository = request.repository();
  if (!repository.ok) return request.refused(refusalWords(repository.refusal));
  const on = { repository: request.fullName, number: request.number, action: request.parameter('action') };
  const outcome = await performAction(request.page, on, request.fields);
  const address = request.page.links.pullRequest(on.repository, on.number);
  if (outcome.ok) return redirect(`${address}#actions`);
  const details = await gatherPullRequest(request.page, repository.value, on.number);
  const words = refusalWords(outcome.refusal);
  if (!details.ok) return request.refused(words);
  const draft = on.action === 'comment' ? (request.fields.get('body') ?? '') : '';
  return request.shown(renderPullRequestPage(request.page, details.value, draft), words);
}

export function pageRoutes(dialect: 'github' | 'gitlab'): readonly PageRoute[] {
  const links = new PageLinks(dialect);
  const below = (path: string): string => links.below(':owner/:repository', path);
  const pullRequest = below(dialect === 'github' ? 'pull/:number' : 'merge_requests/:number');
  return [
    { method: 'GET', path: '/', handle: home },
    { method: 'GET', path: '/_pages/style.css', handle: style },
    { method: 'POST', path: '/_pages/acting-as', handle: actAs },
    { method: 'GET', path: '/:login', handle: showAccount },
    { method: 'GET', path: '/apps/:slug', handle: showAccount },
    { method: 'GET', path: '/:owner/:repository', handle: showRepository },
    { method: 'GET', path: pullRequest, handle: showPullRequest },
    { method: 'POST', path: `${pullRequest}/:action`, handle: act },
    { method: 'POST', path: below('open'), handle: open },
    { method: 'GET', path: below('commit/:sha'), handle: showCommit },
    { method: 'GET', path: below('blob/*'), handle: showFile },
    { method: 'GET', path: below('tree/*'), handle: showTree },
    { method: 'GET', path: below('compare/*'), handle: showComparison },
    { method: 'GET', path: below('runs/:id'), handle: showCheckRun },
    { method: 'GET', path: below('pipelines/:id'), handle: showPipeline },
  ];
}
