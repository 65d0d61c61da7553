/** People, CI and bystanders, played through the simulator's control API. */

export interface SeenPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: { readonly login: string };
  readonly state: 'open' | 'closed' | 'merged';
  readonly head: { readonly branch: string; readonly sha: string };
  readonly base: { readonly branch: string; readonly sha: string };
  readonly mergeCommit: string | null;
  readonly mergedBy: string | null;
  readonly url: string;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly description: string }[];
  readonly comments: readonly {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly system: boolean;
    readonly reactions: readonly { readonly name: string; readonly author: string }[];
  }[];
}

const REPOSITORY = '/_simulator/repositories/acme/config';

export class People {
  constructor(private readonly url: string) {}

  async pullRequests(): Promise<readonly SeenPullRequest[]> {
    return (await this.call('GET', `${REPOSITORY}/pull-requests`)) as SeenPullRequest[];
  }

  async pullRequest(number: number): Promise<SeenPullRequest> {
    return (await this.call('GET', `${REPOSITORY}/pull-requests/${number}`)) as SeenPullRequest;
  }

  async open(
    actor: string,
    pull: { readonly title: string; readonly head: string; readonly headRepository?: string },
  ): Promise<number> {
    return (
      (await this.call('POST', `${REPOSITORY}/pull-requests`, {
        actor,
        base: 'main',
        body: '',
        ...pull,
      })) as SeenPullRequest
    ).number;
  }

  async comment(actor: string, number: number, body: string): Promise<number> {
    return (
      (await this.call('POST', `${REPOSITORY}/pull-requests/${number}/comments`, { actor, body })) as { id: number }
    ).id;
  }

  async review(
    actor: string,
    number: number,
    state: 'approved' | 'changes-requested' | 'withdrawn' = 'approved',
  ): Promise<void> {
    await this.call('POST', `${REPOSITORY}/pull-requests/${number}/reviews`, { actor, state });
  }

  async merge(actor: string, number: number): Promise<void> {
    await this.call('POST', `${REPOSITORY}/pull-requests/${number}/merge`, { actor, method: 'squash' });
  }

  /** CI speaks about a branch's head or a commit. */
  async ci(ref: string, state: 'pending' | 'success' | 'failure' = 'success', name = 'ci/build'): Promise<void> {
    const { sha } = (await this.call('GET', `${REPOSITORY}/checks?ref=${encodeURIComponent(ref)}`)) as { sha: string };
    await this.call('POST', `${REPOSITORY}/checks`, { sha, name, state });
  }

  async push(
    actor: string,
    branch: string,
    change: {
      readonly files: Readonly<Record<string, string | null>>;
      readonly start?: string;
      readonly message?: string;
    },
  ): Promise<string> {
    const body = { actor, branch, message: 'Change files', ...change };
    return ((await this.call('POST', `${REPOSITORY}/commits`, body)) as { sha: string }).sha;
  }

  async file(path: string, ref = 'main'): Promise<string | null> {
    const answer = await fetch(
      `${this.url}${REPOSITORY}/files?ref=${encodeURIComponent(ref)}&path=${encodeURIComponent(path)}`,
    );
    return answer.status === 404 ? null : ((await answer.json()) as { text: string }).text;
  }

  /** `1.1.0`: the tag of an application's image in an environment on the default branch. */
  async version(app: string, environment: string): Promise<string> {
    const text = (await this.file(`apps/${app}/envs/${environment}/deployment.yaml`)) ?? '';
    return /image: \S+:(\S+)/.exec(text)?.[1] ?? 'none';
  }

  async permission(login: string, level: string): Promise<void> {
    await this.call('POST', `${REPOSITORY}/permissions`, { login, level });
  }

  async branches(): Promise<readonly { readonly name: string; readonly sha: string }[]> {
    return (await this.call('GET', `${REPOSITORY}/branches`)) as { name: string; sha: string }[];
  }

  async fault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('POST', '/_simulator/faults', fault);
  }

  async deliveryFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('POST', '/_simulator/deliveries/faults', fault);
  }

  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}
