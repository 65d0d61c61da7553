/** What GitHub sends when somebody has pushed to a pull request, as the simulated GitHub makes it. */
import { demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

export interface PullRequestPayload {
  readonly number: number;
  readonly pull_request: { readonly number: number };
}

/** Nothing listens there: what is sent is read where it was sent from. */
const NOWHERE = 'http://127.0.0.1:9/';

export async function pullRequestPayload(publicKey: string): Promise<PullRequestPayload> {
  const installations = [{ id: 70, account: 'acme', repositories: 'all' as const }];
  const app = { id: 7, slug: 'lockkeeper', publicKey, webhook: { url: NOWHERE, secret: 'none' }, installations };
  const simulator = await startSimulator({ forge: 'github', seed: demoSeed('github', { app }), deliver: 'stepped' });
  try {
    await push(simulator, { branch: 'bump', start: 'main', files: { 'apps/api/envs/dev/note.yaml': 'a: 1\n' } });
    const opening = {
      repository: 'acme/config',
      headRepository: 'acme/config',
      headBranch: 'bump',
      baseBranch: 'main',
    };
    const body = 'Bumps `registry.acme.com/api` from 1.4.1 to 1.4.2.';
    await simulator.forge.pullRequests.open({ ...opening, actor: 'alice', title: 'Bump api to 1.4.2', body });
    await push(simulator, { branch: 'bump', files: { 'apps/api/envs/dev/note.yaml': 'a: 2\n' } });
    await simulator.deliveries.deliverAll();
    const sent = simulator.deliveries.list().find(({ action }) => action === 'synchronize')?.attempts[0];
    if (sent === undefined) throw new Error('The simulated GitHub sent nothing of the pull request.');
    return JSON.parse(sent.body) as PullRequestPayload;
  } finally {
    await simulator.close();
  }
}

async function push(simulator: Simulator, commit: object): Promise<void> {
  const answer = await fetch(`${simulator.url}/_simulator/repositories/acme/config/commits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ actor: 'alice', message: 'Bump api', ...commit }),
  });
  if (!answer.ok) throw new Error(`The simulated GitHub refused a push: ${await answer.text()}`);
}
