/** The hand that moves people and CI: a client of the simulator's control API, for one repository. */

export interface SeenComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
}

export interface SeenPullRequest {
  readonly number: number;
  readonly title: string;
  readonly author: { readonly login: string };
  readonly state: 'open' | 'closed' | 'merged';
  readonly head: { readonly branch: string; readonly sha: string };
  readonly mergeCommit: string | null;
  readonly url: string;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly description: string }[];
  readonly comments: readonly SeenComment[];
}

interface SeenForge {
  readonly forge: 'github' | 'gitlab';
  readonly url: string;
  readonly repositories: readonly { readonly name: string; readonly defaultBranch: string }[];
}

export class ControlApi {
  readonly #repository: string;

  /** `forgeUrl` without a slash at the end; `repository` is `owner/name`. */
  constructor(
    readonly forgeUrl: string,
    readonly repository: string,
  ) {
    this.#repository = `/repositories/${repository}`;
  }

  async forge(): Promise<SeenForge> {
    return (await this.#call('GET', '')) as SeenForge;
  }

  /** Oldest first. */
  async pullRequests(): Promise<readonly SeenPullRequest[]> {
    return (await this.#call('GET', `${this.#repository}/pull-requests`)) as SeenPullRequest[];
  }

  async comment(actor: string, number: number, body: string): Promise<number> {
    const path = `${this.#repository}/pull-requests/${number}/comments`;
    return ((await this.#call('POST', path, { actor, body })) as { id: number }).id;
  }

  async approve(actor: string, number: number): Promise<void> {
    await this.#call('POST', `${this.#repository}/pull-requests/${number}/reviews`, { actor, state: 'approved' });
  }

  /** CI says that its checks on a commit succeeded. */
  async reportGreen(sha: string, checks: readonly string[]): Promise<void> {
    for (const name of checks) await this.#call('POST', `${this.#repository}/checks`, { sha, name, state: 'success' });
  }

  /** The commit a branch is at. */
  async headOf(branch: string): Promise<string> {
    const path = `${this.#repository}/checks?ref=${encodeURIComponent(branch)}`;
    return ((await this.#call('GET', path)) as { sha: string }).sha;
  }

  /** Paths of every file on a branch. */
  async files(branch: string): Promise<readonly string[]> {
    const path = `${this.#repository}/tree?ref=${encodeURIComponent(branch)}`;
    const entries = (await this.#call('GET', path)) as { path: string; type: string }[];
    return entries.filter(({ type }) => type === 'blob').map((entry) => entry.path);
  }

  async file(branch: string, path: string): Promise<string> {
    const query = `ref=${encodeURIComponent(branch)}&path=${encodeURIComponent(path)}`;
    return ((await this.#call('GET', `${this.#repository}/files?${query}`)) as { text: string }).text;
  }

  async #call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.forgeUrl}/_simulator${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The forge refused ${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as unknown;
  }
}
