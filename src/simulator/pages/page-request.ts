/** One request for a page: who looks, at what; and what is answered. */

import type { FastifyRequest } from 'fastify';
import type { DialectContext } from '../dialect.js';
import { notFound } from '../forge/refusal.js';
import type { Outcome } from '../forge/refusal.js';
import type { Repository } from '../forge/state.js';
import { cookieOf } from './guard-requests.js';
import { html } from './html.js';
import { PageLinks } from './page-links.js';
import type { Page, PageContext } from './page-layout.js';
import { renderPage } from './page-layout.js';

export interface PageAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const actingAsCookie = 'acting-as';

/** Who looks when nobody has said: the first person who sees a repository. */
function defaultLogin({ forge }: DialectContext): string {
  const people = [...forge.state.users.values()].filter((user) => user.kind === 'person');
  const first = people.find((user) => forge.repositories.visibleTo(user.login).length > 0) ?? people[0];
  return first?.login ?? 'nobody';
}

function fieldsOf(body: unknown): ReadonlyMap<string, string> {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  return new Map(entries.map(([name, value]) => [name, String(value)]));
}

export class PageRequest {
  readonly page: PageContext;
  readonly fields: ReadonlyMap<string, string>;
  private readonly parameters: Readonly<Record<string, string>>;

  constructor(
    readonly context: DialectContext,
    request: FastifyRequest,
  ) {
    const named = cookieOf(request.headers.cookie, actingAsCookie);
    const login = named !== undefined && context.forge.state.users.has(named) ? named : defaultLogin(context);
    this.page = {
      forge: context.forge,
      links: new PageLinks(context.forge.dialect),
      viewer: { login, path: request.url },
    };
    this.parameters = request.params as Readonly<Record<string, string>>;
    this.fields = fieldsOf(request.body);
  }

  parameter(name: string): string {
    return this.parameters[name] ?? '';
  }

  get fullName(): string {
    return `${this.parameter('owner')}/${this.parameter('repository')}`;
  }

  get number(): number {
    return Number(this.parameter('number'));
  }

  /** The repository of the address, when this viewer sees it. */
  repository(): Outcome<Repository> {
    return this.context.forge.repositories.visible(this.fullName, this.page.viewer.login);
  }

  /** `REF/PATH` of an address, where a branch name may have slashes: the shortest ref that there is. */
  async place(
    repository: Repository,
  ): Promise<Outcome<{ readonly ref: string; readonly sha: string; readonly path: string }>> {
    const parts = this.parameter('*').split('/');
    const git = this.context.forge.git(repository.fullName);
    for (let length = 1; length <= parts.length; length += 1) {
      const ref = parts.slice(0, length).join('/');
      const sha = await git.resolveCommit(ref);
      if (sha !== undefined) return { ok: true, value: { ref, sha, path: parts.slice(length).join('/') } };
    }
    return notFound('branch or commit');
  }

  shown(page: Page, refusal?: { readonly status: number; readonly words: string }): PageAnswer {
    const body = renderPage({ ...this.page, refusal: refusal?.words }, page);
    return { status: refusal?.status ?? 200, body };
  }

  /** A page that says only why. */
  refused(refusal: { readonly status: number; readonly words: string }): PageAnswer {
    const title = refusal.status === 404 ? 'Not found' : 'Refused';
    return this.shown({ title, body: html`<h1>${title}</h1>` }, refusal);
  }
}

export function redirect(path: string, headers: Readonly<Record<string, string>> = {}): PageAnswer {
  return { status: 303, body: '', headers: { ...headers, location: path } };
}
