/** What GitLab answers when it refuses, word for word where clients read the words. */

export interface GitlabRefusal {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Thrown by route helpers, turned into an answer by the dialect's error handler: GitLab's own `error!`. */
export class GitlabRefused extends Error {
  readonly refusal: GitlabRefusal;

  constructor(refusal: GitlabRefusal) {
    super(JSON.stringify(refusal.body));
    this.refusal = refusal;
  }
}

export function refuse(status: number, message: unknown): never {
  throw new GitlabRefused({ status, body: { message } });
}

export function badRequest(reason: string): never {
  return refuse(400, `400 Bad request - ${reason}`);
}

export function unauthorized(): never {
  return refuse(401, '401 Unauthorized');
}

export function forbidden(reason?: string): never {
  return refuse(403, reason === undefined ? '403 Forbidden' : `403 Forbidden - ${reason}`);
}

export function notFound(what?: string): never {
  return refuse(404, what === undefined ? '404 Not found' : `404 ${what} Not Found`);
}

export function methodNotAllowed(): never {
  return refuse(405, '405 Method Not Allowed');
}

/** Parameter checks answer in another shape (`error`, not `message`), as GitLab's framework does. */
export function invalidParameter(words: string): never {
  throw new GitlabRefused({ status: 400, body: { error: words } });
}
