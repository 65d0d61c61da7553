/** The real helm: which one is there, and what it must not take from the machine it runs on. */
import { join } from 'node:path';
import type { Processes } from '../../ports/processes.js';
import type { WorkPlace } from '../tree/work-place.js';

export const INSTALL = 'install helm, for example with `go install helm.sh/helm/v3/cmd/helm@latest`';

/** `helm v3.22.0`; null when there is none. */
export async function findHelm(processes: Processes): Promise<string | null> {
  const answer = await processes.run({
    program: 'helm',
    arguments: ['version', '--template', '{{.Version}}'],
    environment: { HOME: '/nonexistent', HELM_PLUGINS: '/nonexistent' },
    limits: { milliseconds: 30_000, outputBytes: 64 * 1024 },
  });
  if (answer.kind !== 'ended' || answer.status !== 0) return null;
  const text = new TextDecoder().decode(answer.stdout);
  return `helm ${/v\d+\.\d+[\w.+-]*/.exec(text)?.[0] ?? 'of unknown version'}`;
}

/** No plugins, registries, repositories or caches but empty ones. https://helm.sh/docs/helm/helm/ */
export function helmEnvironment({ home }: WorkPlace): Readonly<Record<string, string>> {
  return {
    HELM_PLUGINS: join(home, 'plugins'),
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    HELM_REGISTRY_CONFIG: join(home, 'registry.json'),
    HELM_REPOSITORY_CONFIG: join(home, 'repositories.yaml'),
    HELM_REPOSITORY_CACHE: join(home, 'repository'),
  };
}
