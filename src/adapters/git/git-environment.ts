/** The environment git runs in: nobody's configuration, no prompts, no hooks, and what is secret only here. */
import type { GitCredentials } from '../../ports/forge.js';
import type { CloneAddress } from './clone-address.js';

/** Blobs larger than this are fetched only when they are asked for. */
export const LAZY_BLOB_FILTER = 'blob:limit=1m';

type Settings = readonly (readonly [key: string, value: string])[];

const safeSettings: Settings = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['protocol.version', '2'],
];

/** That objects may be missing. Set here and not in the repository, so that reading never goes to the network by itself. */
const partialClone: Settings = [
  ['remote.origin.promisor', 'true'],
  ['remote.origin.partialclonefilter', LAZY_BLOB_FILTER],
];

const base = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  // What reads refs without git reads this format.
  GIT_DEFAULT_REF_FORMAT: 'files',
  HOME: '/nonexistent',
};

/** Reads and writes the object database; any transport is refused. */
export function localEnvironment(): Readonly<Record<string, string>> {
  return { ...base, GIT_ALLOW_PROTOCOL: '', ...asVariables(safeSettings) };
}

/** The same, for commits that nobody made at no time, so that equal ones are one. */
export function nobodysEnvironment(): Readonly<Record<string, string>> {
  const [name, email, date] = ['Lockkeeper', 'lockkeeper@localhost', '@0 +0000'];
  const author = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
  const committer = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date };
  return { ...localEnvironment(), ...author, ...committer };
}

/** As {@link localEnvironment}, for commands that must know which objects may be missing but must not fetch them. */
export function maintenanceEnvironment(): Readonly<Record<string, string>> {
  return { ...base, GIT_ALLOW_PROTOCOL: '', ...asVariables([...safeSettings, ...partialClone]) };
}

/** Talks to the remote `origin`. `machine`: see {@link networkSettings}. */
export function networkEnvironment(
  machine: Readonly<Record<string, string>>,
  address: CloneAddress,
  credentials: GitCredentials | null,
): Readonly<Record<string, string>> {
  const settings = [...safeSettings, ...partialClone, ['remote.origin.url', address.url] as const];
  return {
    ...machine,
    ...base,
    GIT_ALLOW_PROTOCOL: address.protocols,
    ...asVariables([...settings, ...authorization(address, credentials)]),
  };
}

/** `Basic` for the credentials: what travels, and what must never be shown. */
export function basicToken(credentials: GitCredentials): string {
  return Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
}

function authorization(address: CloneAddress, credentials: GitCredentials | null): Settings {
  if (address.origin === null || credentials === null || credentials.password === '') return [];
  return [[`http.${address.origin}.extraHeader`, `Authorization: Basic ${basicToken(credentials)}`]];
}

/** https://git-scm.com/docs/git-config#ENVIRONMENT */
function asVariables(settings: Settings): Readonly<Record<string, string>> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
}

const networkVariables = [
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** What git needs of this machine's environment to reach a remote: proxies and certificate authorities. For the composition root. */
export function networkSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    networkVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
