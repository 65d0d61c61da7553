/** Whole plans for people with the link: HTTP alone; who may read what is decided behind `planPage`. */
import type { FastifyInstance } from 'fastify';
import type { PlanPageAnswer, PlanPageRequest } from '../app/plan/plan-page.js';

export type ReadPlanPage = (request: PlanPageRequest) => Promise<PlanPageAnswer>;

const TYPES = { html: 'text/html', json: 'application/json', diff: 'text/plain' } as const;

/** `/plans/<forge>/<owner>/<repo>/<number>/<digest>[.json|.diff]?key=…`; GitLab's projects may lie deeper. */
export function addPlanPages(server: FastifyInstance, planPage: ReadPlanPage): void {
  server.get<{ Params: { '*': string }; Querystring: { key?: unknown } }>('/plans/*', async (request, reply) => {
    const asked = readRequest(request.params['*'], request.query.key);
    const answer = asked === null ? ({ kind: 'unknown' } as const) : await planPage(asked);
    if (asked === null || answer.kind === 'unknown') return reply.callNotFound();
    reply.headers(headersOf(answer));
    if (answer.kind === 'gone') return reply.code(410).type('text/plain; charset=utf-8').send(`${answer.sentence}\n`);
    return reply.type(`${TYPES[asked.form]}; charset=utf-8`).send(answer.body);
  });
}

function readRequest(rest: string, key: unknown): PlanPageRequest | null {
  const match = /^([^/]+)\/(.+)\/(\d+)\/([0-9a-f]+)(?:\.(json|diff))?$/.exec(rest);
  const [, forge, path, number, digest, form] = match ?? [];
  if (forge === undefined || path === undefined || number === undefined || digest === undefined) return null;
  if (typeof key !== 'string') return null;
  return { forge, path, number, digest, key, form: form === 'json' || form === 'diff' ? form : 'html' };
}

/** Nothing but the page's own style is let in; no search engine lists it, no shared cache keeps it, no link tells where one came from. */
function headersOf(answer: PlanPageAnswer): Readonly<Record<string, string>> {
  const style = answer.kind === 'plan' && answer.style !== null ? `; style-src 'sha256-${answer.style}'` : '';
  return {
    'cache-control': 'private, no-cache',
    'content-security-policy': `default-src 'none'${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'x-robots-tag': 'noindex, nofollow',
  };
}
