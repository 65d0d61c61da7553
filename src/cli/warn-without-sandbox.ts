/** Said at the start too, and not only by each plan: who runs the bot can change it, and does not read pull requests. */
import type { App } from '../app/app.js';

/** The first plan would find out anyway: asking costs nothing more. */
export async function warnWithoutSandbox({ renderers, log }: Pick<App, 'renderers' | 'log'>): Promise<void> {
  if ((await renderers.sandbox()) === 'bubblewrap') return;
  log.warn(
    {},
    'Rendering has limits but no sandbox: bubblewrap is not installed, or may not make namespaces here. What pull requests contain may read what this user reads, and reach the network',
  );
}
