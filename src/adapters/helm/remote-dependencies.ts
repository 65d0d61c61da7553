/** Charts that a chart depends on and the repository does not hold: fetched before helm runs, where the server allows them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteSources } from '../../ports/remote-sources.js';
import type { WorkPlace } from '../tree/work-place.js';
import type { RemoteDependency } from './gather-chart.js';

type WrittenDependencies =
  /** `hint`: what to say, should helm miss one; null where all that can be fetched were. */
  { readonly kind: 'written'; readonly hint: string | null } | { readonly kind: 'failed'; readonly message: string };

export async function writeRemoteDependencies(
  remotes: RemoteSources | undefined,
  dependencies: readonly RemoteDependency[],
  { tree }: WorkPlace,
): Promise<WrittenDependencies> {
  const notAllowed: string[] = [];
  for (const dependency of remotes === undefined ? [] : dependencies) {
    const fetched = await remotes?.chart(dependency);
    if (fetched === undefined) continue;
    if (fetched.kind === 'failed') return fetched;
    if (fetched.kind === 'not-allowed') notAllowed.push(fetched.message);
    else await write(join(tree, dependency.into), dependency, fetched.archive);
  }
  return { kind: 'written', hint: notAllowed.length === 0 ? null : `. ${notAllowed.join('. ')}` };
}

/** Under the name that `helm dependency update` gives it. */
async function write(charts: string, { name, version }: RemoteDependency, archive: Uint8Array): Promise<void> {
  await mkdir(charts, { recursive: true });
  await writeFile(join(charts, `${name}-${version}.tgz`), archive);
}
