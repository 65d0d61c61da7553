// Tests that need a program which not every machine has: skipped with one line saying which and how to get it, or
// failing where LOCKKEEPER_REQUIRE_TOOLS=1 says that the machine should have it (as CI does).
import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { describe, test } from 'vitest';

export type ToolName = 'git' | 'bubblewrap' | 'redis-server' | 'kustomize' | 'helm' | 'terraform' | 'opa';

export type Tool =
  | {
      readonly found: true;
      /** What to put before the arguments: `['kustomize', 'build']` or `['kubectl', 'kustomize']`, else the name. */
      readonly command: readonly [string, ...string[]];
      /** The first line of what the program says about its version. */
      readonly version: string;
    }
  | { readonly found: false; readonly getIt: string };

interface Candidate {
  readonly command: readonly [string, ...string[]];
  readonly versionOf: readonly [string, ...string[]];
}

const tools: Readonly<Record<ToolName, { readonly candidates: readonly Candidate[]; readonly getIt: string }>> = {
  git: {
    candidates: [{ command: ['git'], versionOf: ['git', '--version'] }],
    getIt: 'install git from your system’s packages',
  },
  bubblewrap: {
    // Where user namespaces are forbidden the program is there and does not work.
    candidates: [{ command: ['bwrap'], versionOf: ['bwrap', '--unshare-all', '--ro-bind', '/', '/', 'true'] }],
    getIt: 'apt-get install bubblewrap, and allow unprivileged user namespaces',
  },
  'redis-server': {
    candidates: [{ command: ['redis-server'], versionOf: ['redis-server', '--version'] }],
    getIt: 'apt-get install redis-server, or brew install redis',
  },
  kustomize: {
    candidates: [
      { command: ['kustomize', 'build'], versionOf: ['kustomize', 'version'] },
      { command: ['kubectl', 'kustomize'], versionOf: ['kubectl', 'version', '--client'] },
    ],
    getIt: 'install kubectl, or go install sigs.k8s.io/kustomize/kustomize/v5@latest',
  },
  terraform: {
    candidates: [{ command: ['terraform'], versionOf: ['terraform', 'version'] }],
    getIt: 'https://developer.hashicorp.com/terraform/install',
  },
  opa: {
    candidates: [{ command: ['opa'], versionOf: ['opa', 'version'] }],
    getIt: 'go install github.com/open-policy-agent/opa@latest, or brew install opa',
  },
  helm: {
    candidates: [{ command: ['helm'], versionOf: ['helm', 'version', '--short'] }],
    getIt: 'go install helm.sh/helm/v3/cmd/helm@latest, or brew install helm',
  },
};

/** Looks a tool up on the PATH by asking it for its version. */
export function findTool(name: ToolName): Tool {
  const { candidates, getIt } = tools[name];
  for (const { command, versionOf } of candidates) {
    const [program, ...args] = versionOf;
    const asked = spawnSync(program, args, { encoding: 'utf8' });
    if (asked.status === 0) return { found: true, command, version: asked.stdout.split('\n')[0] ?? '' };
  }
  return { found: false, getIt };
}

/**
 * A `describe` whose tests need `name`. `body` is called only where the tool is there, with how to start it; without
 * the tool there is one skipped test, or one failing test where tools are required.
 */
export function describeWithTool(
  name: ToolName,
  title: string,
  body: (tool: Extract<Tool, { found: true }>) => void,
): void {
  const tool = findTool(name);
  if (tool.found) {
    describe(title, () => {
      body(tool);
    });
    return;
  }
  const required = process.env['LOCKKEEPER_REQUIRE_TOOLS'] === '1';
  const missing = `${name} is missing: ${tool.getIt}`;
  // Straight to standard error: through the console the runner would add lines of its own around it.
  if (!required) writeSync(2, `skipped "${title}": ${missing}\n`);
  describe(title, () => {
    test.skipIf(!required)(`needs ${name}`, () => {
      throw new Error(missing);
    });
  });
}
