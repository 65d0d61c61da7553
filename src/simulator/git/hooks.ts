/** The `update` hook of every bare repository: refuses what the forge says the pusher may not move. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the variables through which the HTTP backend tells the hook what to refuse, blank-separated shell patterns of full ref names. */
export const refusedRefs = 'FORGE_REFUSED_REFS';
export const forwardOnlyRefs = 'FORGE_FORWARD_ONLY_REFS';

const updateHook = `#!/bin/sh
set -f
for pattern in $${refusedRefs}; do
  case "$1" in
    $pattern) echo "error: GH006: Protected branch update failed for $1." >&2; exit 1 ;;
  esac
done
for pattern in $${forwardOnlyRefs}; do
  case "$1" in
    $pattern)
      case "$2$3" in *0000000000000000000000000000000000000000*) exit 0 ;; esac
      git merge-base --is-ancestor "$2" "$3" || { echo "error: GH003: Cannot force-push to $1." >&2; exit 1; } ;;
  esac
done
exit 0
`;

export async function installHooks(directory: string): Promise<void> {
  const path = join(directory, 'hooks', 'update');
  await writeFile(path, updateHook);
  await chmod(path, 0o755);
}
