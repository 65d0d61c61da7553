/** The `update` hook of every bare repository: refuses what the forge says the pusher may not move. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Name of the variable through which the HTTP backend tells the hook its rules, blank-separated `PATTERN=VERDICT`; the
 * first shell pattern that matches the full ref name decides. Verdicts: `refuse`, `forward` (no forced pushes), `allow`.
 */
export const pushRulesVariable = 'FORGE_PUSH_RULES';

const updateHook = `#!/bin/sh
set -f
for rule in $${pushRulesVariable}; do
  case "$1" in
    \${rule%=*})
      case "\${rule##*=}" in
        refuse) echo "error: GH006: Protected branch update failed for $1." >&2; exit 1 ;;
        forward)
          case "$2$3" in *0000000000000000000000000000000000000000*) exit 0 ;; esac
          git merge-base --is-ancestor "$2" "$3" || { echo "error: GH003: Cannot force-push to $1." >&2; exit 1; } ;;
      esac
      exit 0 ;;
  esac
done
exit 0
`;

export async function installHooks(directory: string): Promise<void> {
  const path = join(directory, 'hooks', 'update');
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(path, updateHook);
  await chmod(path, 0o755);
}
