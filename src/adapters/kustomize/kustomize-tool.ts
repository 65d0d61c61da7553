/** The real kustomize: as its own program, or as part of kubectl. */
import type { ProcessOutcome, Processes } from '../../ports/processes.js';

export interface KustomizeTool {
  readonly program: 'kustomize' | 'kubectl';
  /** What comes before the directory. */
  readonly build: readonly string[];
  /** `kustomize v5.5.0`, `kubectl kustomize v5.5.0`. */
  readonly version: string;
}

export const INSTALL =
  'install kustomize or kubectl, for example with `go install sigs.k8s.io/kustomize/kustomize/v5@latest`';

const candidates = [
  { program: 'kustomize', asks: ['version'], build: ['build'], name: 'kustomize' },
  // Its own version says nothing about the kustomize inside; kubectl prints that on a line of its own.
  { program: 'kubectl', asks: ['version', '--client'], build: ['kustomize'], name: 'kubectl kustomize' },
] as const;

export type FindKustomize = () => Promise<KustomizeTool | null>;

/** Asks once; while there is none, again each time: it may be installed while we run. Null when there is none. */
export function rememberKustomize(processes: Processes): FindKustomize {
  let tool: Promise<KustomizeTool | null> | null = null;
  return async () => {
    const found = await (tool ??= findKustomize(processes));
    if (found === null) tool = null;
    return found;
  };
}

async function findKustomize(processes: Processes): Promise<KustomizeTool | null> {
  for (const { program, asks, build, name } of candidates) {
    const answer = await processes.run({
      program,
      arguments: asks,
      environment: { HOME: '/nonexistent' },
      limits: { milliseconds: 30_000, outputBytes: 64 * 1024 },
    });
    const version = readVersion(answer);
    if (version !== null) return { program, build, version: `${name} ${version}` };
  }
  return null;
}

function readVersion(answer: ProcessOutcome): string | null {
  if (answer.kind !== 'ended' || answer.status !== 0) return null;
  const text = new TextDecoder().decode(answer.stdout);
  return (
    /Kustomize Version:\s*(v[\w.+-]+)/i.exec(text)?.[1] ??
    /v\d+\.\d+\.\d+[\w.+-]*/.exec(text)?.[0] ??
    'of unknown version'
  );
}
