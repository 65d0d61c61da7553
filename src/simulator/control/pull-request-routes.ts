/** Control: pull requests, and what people and CI do on them. */
import { accepted } from './control-call.js';
import type { ControlRoute } from './control-call.js';
import { reportCi } from './report-ci.js';
import { showPullRequest } from './show-pull-request.js';

const all = '/repositories/:owner/:repository/pull-requests';
const one = `${all}/:number`;

export const pullRequestRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: all,
    handle: (call, { forge, url }) => {
      accepted(forge.repositories.get(call.repository));
      const state = call.query('state');
      const wanted = forge.pullRequests
        .of(call.repository)
        .filter((pull) => state === undefined || pull.state === state);
      return wanted.map((pull) => showPullRequest(forge, url(), pull));
    },
  },
  {
    method: 'GET',
    path: one,
    handle: (call, { forge, url }) =>
      showPullRequest(forge, url(), accepted(forge.pullRequests.get(call.repository, call.number))),
  },
  {
    method: 'POST',
    path: all,
    handle: async (call, { forge, url }) => {
      const opened = await forge.pullRequests.open({
        repository: call.repository,
        actor: call.text('actor'),
        title: call.text('title'),
        body: call.optionalText('body') ?? '',
        headRepository: call.optionalText('headRepository') ?? call.repository,
        headBranch: call.text('head'),
        baseBranch: call.text('base'),
      });
      return showPullRequest(forge, url(), accepted(opened));
    },
  },
  {
    method: 'POST',
    path: `${one}/comments`,
    handle: (call, { forge }) => {
      const comment = {
        repository: call.repository,
        number: call.number,
        actor: call.text('actor'),
        body: call.text('body'),
      };
      return { id: accepted(forge.comments.add(comment)).id };
    },
  },
  {
    method: 'POST',
    path: `${one}/reviews`,
    handle: (call, { forge }) => {
      const on = { repository: call.repository, number: call.number, actor: call.text('actor') };
      const state = call.word('state', ['approved', 'changes-requested', 'commented', 'withdrawn']);
      if (state === 'withdrawn') accepted(forge.reviews.withdraw(on));
      else accepted(forge.reviews.submit({ ...on, state, body: call.optionalText('body') ?? '' }));
    },
  },
  {
    method: 'POST',
    path: `${one}/reactions`,
    handle: (call, { forge }) => {
      const { commentId } = call.fields;
      const target = {
        repository: call.repository,
        number: call.number,
        actor: call.text('actor'),
        name: call.text('name'),
      };
      accepted(forge.comments.react(typeof commentId === 'number' ? { ...target, commentId } : target));
    },
  },
  {
    method: 'POST',
    path: `${one}/merge`,
    handle: async (call, { forge }) => {
      const method = call.word('method', ['merge', 'squash', 'rebase']);
      return accepted(
        await forge.merging.merge({
          repository: call.repository,
          number: call.number,
          actor: call.text('actor'),
          method,
        }),
      );
    },
  },
  {
    method: 'POST',
    path: `${one}/state`,
    handle: async (call, { forge, url }) => {
      const state = call.word('state', ['open', 'closed']);
      const edit = { repository: call.repository, number: call.number, actor: call.text('actor'), state };
      return showPullRequest(forge, url(), accepted(await forge.pullRequests.edit(edit)));
    },
  },
  {
    method: 'POST',
    path: '/repositories/:owner/:repository/checks',
    handle: (call, { forge }) => {
      accepted(forge.repositories.get(call.repository));
      const state = call.word('state', ['pending', 'success', 'failure']);
      accepted(reportCi(forge, { repository: call.repository, sha: call.text('sha'), name: call.text('name'), state }));
    },
  },
];
