/** On which of the forges that are set a named pull request is. */
import type { ForgeKind, RepositoryId } from '../../core/ids.js';
import type { BotSettings } from '../settings.js';
import type { NamedPullRequest } from './named-pull-request.js';

type Named = Pick<Extract<NamedPullRequest, { kind: 'pull-request' }>, 'forge' | 'path' | 'address'>;
type Forges = Pick<BotSettings, 'github' | 'gitlab'>;

const NAMES: Readonly<Record<ForgeKind, string>> = { github: 'GitHub', gitlab: 'GitLab' };

/** Or why that can't be told: a sentence. */
export function findRepository(named: Named, forges: Forges): RepositoryId | string {
  const forge = named.forge ?? onlyOne(forges);
  if (forge === null)
    return 'GitHub and GitLab are both set: write #12 for a pull request of GitHub, and !12 for one of GitLab.';
  if (forges[forge] === null) {
    const other = forge === 'github' ? 'gitlab' : 'github';
    return `That names a pull request of ${NAMES[forge]}, but only ${NAMES[other]} is set.`;
  }
  return named.address === null ? { forge, path: named.path } : atAddress(forge, named.address, forges);
}

function atAddress(forge: ForgeKind, address: string, { github, gitlab }: Forges): RepositoryId | string {
  const home = forge === 'gitlab' ? (gitlab?.url ?? '') : githubHome(github?.apiUrl ?? null);
  const [path] = belowHome(home, new URL(address))?.split(forge === 'gitlab' ? '/-/' : '/pull/') ?? [];
  return path === undefined ? `${address} is elsewhere than ${home}, for which the bot is set.` : { forge, path };
}

function onlyOne({ github, gitlab }: Forges): ForgeKind | null {
  if (github !== null) return gitlab === null ? 'github' : null;
  return 'gitlab';
}

/** Where people read: an Enterprise Server has its API on the same host. */
function githubHome(apiUrl: string | null): string {
  if (apiUrl === null || new URL(apiUrl).host === 'api.github.com') return 'https://github.com';
  return new URL(apiUrl).origin;
}

/** Null where the address is of another host or place. */
function belowHome(home: string, address: URL): string | null {
  const { host, pathname } = new URL(home);
  const before = pathname.replace(/\/*$/, '/');
  return address.host === host && address.pathname.startsWith(before) ? address.pathname.slice(before.length) : null;
}
