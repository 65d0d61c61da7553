/** The simulated forge in a process of its own, so that its work and memory are not taken for the bot's. */
import { demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';
import { repositoryFiles } from './repository.js';

export interface ForgeOrder {
  readonly applications: number;
  readonly publicKey: string;
  readonly webhook: { readonly url: string; readonly secret: string };
}

export const APP_ID = 7;

process.once('message', (order: ForgeOrder) => void start(order));

async function start({ applications, publicKey, webhook }: ForgeOrder): Promise<void> {
  const installations = [{ id: 70, account: 'acme', repositories: 'all' as const }];
  const seed = demoSeed('github', { app: { id: APP_ID, slug: 'lockkeeper', publicKey, webhook, installations } });
  const repositories = (seed.repositories ?? []).map((each) => ({ ...each, files: repositoryFiles(applications) }));
  const simulator = await startSimulator({ forge: 'github', seed: { ...seed, repositories } });
  process.once('disconnect', () => void simulator.close().then(() => process.exit(0)));
  process.send?.({ url: simulator.url, apiUrl: simulator.apiUrl });
}
