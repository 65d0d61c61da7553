/** Counts what the bot asks of the simulated forge; what git itself asks when it fetches is not among it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

interface RequestMessage {
  readonly request: { readonly origin: string | URL; readonly path: string };
}

/** People and CI act through the simulator's own address, which is none of the forge's. */
export function countRequests(forgeUrl: string): { readonly end: () => number } {
  let count = 0;
  const { origin } = new URL(forgeUrl);
  const note = (message: unknown): void => {
    const { request } = message as RequestMessage;
    if (String(request.origin) === origin && !request.path.startsWith('/_simulator/')) count += 1;
  };
  subscribe('undici:request:create', note);
  return {
    end() {
      unsubscribe('undici:request:create', note);
      return count;
    },
  };
}
