/** Pull requests as people name them on a command line. */
import type { ForgeKind } from '../../core/ids.js';

export type NamedPullRequest =
  /** `forge`: null where the name does not tell. `address`: what it was, where it was one. */
  | {
      readonly kind: 'pull-request';
      readonly forge: ForgeKind | null;
      readonly path: string;
      readonly number: number;
      readonly address: string | null;
    }
  /** Not even meant as one. */
  | { readonly kind: 'no-pull-request' }
  | { readonly kind: 'malformed'; readonly message: string };

export const HOW_TO_NAME =
  'A pull request is written acme/config#12 (GitHub), group/project!12 (GitLab, in quotes), as its address, or as its number with --repository.';

const NAME = /^((?:[\w.-]+\/)+[\w.-]+)([#!])(.*)$/;
const BARE = /^([#!]?)(\d+)$/;

/** `repository`: where a bare number is of. */
export function parsePullRequest(text: string, repository: string | null): NamedPullRequest {
  if (/^https?:\/\//i.test(text)) return parseAddress(text);
  const named = NAME.exec(text);
  if (named !== null) {
    const [, path = '', sign, number = ''] = named;
    return found({ forge: forgeOf(sign), path, number, address: null });
  }
  const bare = BARE.exec(text);
  if (bare === null) return { kind: 'no-pull-request' };
  const [, sign, number = ''] = bare;
  if (repository !== null && /^[\w.-]*\w[\w.-]*(\/[\w.-]+)+$/.test(repository))
    return found({ forge: forgeOf(sign), path: repository, number, address: null });
  return malformed(`Say which repository ${text} is in, such as --repository acme/config.`);
}

function forgeOf(sign: string | undefined): ForgeKind | null {
  if (sign === '#') return 'github';
  return sign === '!' ? 'gitlab' : null;
}

/** GitLab may live below a path, which only its settings tell. */
function parseAddress(text: string): NamedPullRequest {
  const address = URL.canParse(text) ? new URL(text).pathname : '';
  const gitlab = /^\/(.+?)\/-\/merge_requests\/(\d+)(?:\/|$)/.exec(address);
  const github = /^\/([\w.-]+\/[\w.-]+)\/pull\/(\d+)(?:\/|$)/.exec(address);
  const [, path, number] = gitlab ?? github ?? [];
  if (path !== undefined && number !== undefined)
    return found({ forge: gitlab === null ? 'github' : 'gitlab', path, number, address: text });
  return malformed(
    `${text} is no address of a pull request: they end in /pull/12 on GitHub and in /-/merge_requests/12 on GitLab.`,
  );
}

interface Parts {
  readonly forge: ForgeKind | null;
  readonly path: string;
  readonly number: string;
  readonly address: string | null;
}

function found({ number, ...parts }: Parts): NamedPullRequest {
  if (/^[1-9]\d{0,14}$/.test(number)) return { kind: 'pull-request', ...parts, number: Number(number) };
  return malformed(`“${number}” is no number of a pull request. ${HOW_TO_NAME}`);
}

function malformed(message: string): NamedPullRequest {
  return { kind: 'malformed', message };
}
