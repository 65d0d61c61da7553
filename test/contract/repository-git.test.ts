// The contract of mirrors on real git: by path, by file URL, over HTTP with credentials, and from a server without filters.
import { join } from 'node:path';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import type { ForgeKind } from '../../src/core/ids.js';
import { GitHttpServer, GitOrigin, processes, silentLog } from './git-origin.js';
import { describeRepository, type RepositoryWorld } from './repository-contract.js';

const credentials = { username: 'x-access-token', password: 'ghs_topsecret' };

interface Way {
  readonly forge: ForgeKind;
  readonly settings?: Readonly<Record<string, string>>;
  reach(origin: GitOrigin): Promise<{ readonly cloneUrl: string; close(): Promise<void> }>;
}

const ways: Readonly<Record<string, Way>> = {
  'by path': {
    forge: 'github',
    reach: async (origin) => ({ cloneUrl: origin.directory, close: async () => undefined }),
  },
  'by file URL': {
    forge: 'gitlab',
    reach: async (origin) => ({ cloneUrl: `file://${origin.directory}`, close: async () => undefined }),
  },
  'over HTTP': { forge: 'github', reach: (origin) => GitHttpServer.start(origin, credentials) },
  'over HTTP, from a server without filters': {
    forge: 'gitlab',
    settings: { 'uploadpack.allowFilter': 'false' },
    reach: (origin) => GitHttpServer.start(origin, credentials),
  },
};

for (const [name, way] of Object.entries(ways)) {
  describeRepository(name, async (): Promise<RepositoryWorld> => {
    const origin = await GitOrigin.make(way.settings);
    const server = await way.reach(origin);
    const opened: GitMirrors[] = [];
    const remote = {
      repository: { forge: way.forge, path: 'acme/platform/config' },
      cloneUrl: server.cloneUrl,
      credentials: async () => credentials,
    };
    return {
      origin,
      remote,
      open: () => {
        const mirrors = createMirrors({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
        opened.push(mirrors);
        return mirrors.of(remote);
      },
      close: async () => {
        await Promise.all(opened.map((mirrors) => mirrors.close()));
        await server.close();
        await origin.remove();
      },
    };
  });
}
