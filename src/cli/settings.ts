/** What `lockkeeper serve` is told by its environment: every problem is found at once, and none of the values is ever printed. */
import type { RenderSettings } from './create-renderers.js';
import { readRenderSettings } from './render-settings.js';
import { SettingsReader, type Environment } from './settings-reader.js';
import { readStorageSettings, type StorageSettings } from './storage-settings.js';

export interface BotSettings extends StorageSettings {
  readonly github: GithubEnvironment | null;
  readonly gitlab: GitlabEnvironment | null;
  readonly host: string;
  readonly port: number;
  /** Where people reach the bot, or null: then it has no pages and links to none. */
  readonly publicUrl: string | null;
  /** Bearer token of `/api/v1`, or null: closed. */
  readonly apiToken: string | null;
  /** Key of the markers' signatures. */
  readonly markerKey: string;
  /** Largest webhook body, in bytes. */
  readonly bodyLimit: number;
  /** Between two sweeps, in ms. */
  readonly sweepInterval: number;
  /** Path of the repository whose policy holds where a repository has none of its own. Absent: the policy that holds by default does. */
  readonly policyRepository?: string;
  readonly logLevel: string;
  readonly rendering: RenderSettings;
}

interface GithubEnvironment {
  readonly auth:
    | { readonly kind: 'app'; readonly appId: number; readonly privateKey: string }
    | { readonly kind: 'token'; readonly token: string };
  readonly webhookSecret: string;
  readonly apiUrl: string | null;
}

interface GitlabEnvironment {
  readonly url: string;
  readonly token: string;
  readonly webhookSecret: string | null;
  readonly signingToken: string | null;
}

export type SettingsReading =
  | { readonly kind: 'valid'; readonly settings: BotSettings }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** `readFile`: for PRIVATE_KEY_PATH; null if it can't be read. */
export function readSettings(environment: Environment, readFile: (path: string) => string | null): SettingsReading {
  const read = new SettingsReader(environment);
  const github = readGithub(read, readFile);
  const gitlab = readGitlab(read);
  const rendering = readRenderSettings(environment, readFile);
  if (github === null && gitlab === null && read.problems.length === 0) read.problems.push(NO_FORGE);
  const settings: BotSettings = {
    github,
    gitlab,
    ...readStorageSettings(read),
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', { fallback: 3000, least: 0, most: 65_535 }),
    publicUrl: read.url('LOCKKEEPER_URL'),
    apiToken: read.text('LOCKKEEPER_API_TOKEN'),
    markerKey: read.text('LOCKKEEPER_MARKER_KEY') ?? derivedKey(github, gitlab),
    bodyLimit: read.integer('BODY_LIMIT', { fallback: 26_214_400, least: 1024, most: 1_073_741_824 }),
    sweepInterval: read.duration('SWEEP_INTERVAL', 5 * 60 * 1000),
    ...readPolicyRepository(read),
    logLevel: read.oneOf('LOG_LEVEL', ['info', 'trace', 'debug', 'warn', 'error', 'silent']),
    rendering: rendering.settings,
  };
  read.problems.push(...rendering.problems);
  return read.problems.length === 0 ? { kind: 'valid', settings } : { kind: 'invalid', problems: read.problems };
}

/** `acme/lockkeeper-policy`; on GitLab also with groups within groups. */
function readPolicyRepository(read: SettingsReader): Pick<BotSettings, 'policyRepository'> {
  const path = read.text('POLICY_REPOSITORY');
  if (path === null) return {};
  if (!/^[\w.-]+(\/[\w.-]+)+$/.test(path))
    read.problems.push('POLICY_REPOSITORY is no path of a repository such as acme/lockkeeper-policy.');
  return { policyRepository: path };
}

const NO_FORGE =
  'No forge is set. For GitHub set APP_ID, PRIVATE_KEY (or PRIVATE_KEY_PATH) and WEBHOOK_SECRET, or GITHUB_TOKEN and WEBHOOK_SECRET. For GitLab set GITLAB_URL, GITLAB_TOKEN and GITLAB_WEBHOOK_SECRET (or GITLAB_SIGNING_TOKEN).';

function derivedKey(github: GithubEnvironment | null, gitlab: GitlabEnvironment | null): string {
  return `marker:${github?.webhookSecret ?? gitlab?.signingToken ?? gitlab?.webhookSecret ?? ''}`;
}

function readGithub(read: SettingsReader, readFile: (path: string) => string | null): GithubEnvironment | null {
  const auth = readGithubAuth(read, readFile);
  const webhookSecret = read.text('WEBHOOK_SECRET');
  if (auth === 'absent') {
    if (webhookSecret !== null) read.problems.push('WEBHOOK_SECRET is set but neither APP_ID nor GITHUB_TOKEN is.');
    return null;
  }
  if (webhookSecret === null) read.problems.push('WEBHOOK_SECRET is missing: without it anybody could send webhooks.');
  const apiUrl = githubApiUrl(read);
  return auth === 'broken' || webhookSecret === null ? null : { auth, webhookSecret, apiUrl };
}

function readGithubAuth(
  read: SettingsReader,
  readFile: (path: string) => string | null,
): GithubEnvironment['auth'] | 'absent' | 'broken' {
  const appId = read.text('APP_ID');
  const token = read.text('GITHUB_TOKEN');
  const key = readPrivateKey(read, readFile);
  if (appId === null) {
    if (key !== 'absent') read.problems.push('APP_ID is missing: it belongs to the private key.');
    else if (token !== null) return { kind: 'token', token };
    return key === 'absent' ? 'absent' : 'broken';
  }
  if (token !== null) read.problems.push('Both APP_ID and GITHUB_TOKEN are set: choose one.');
  if (!/^[1-9]\d{0,15}$/.test(appId))
    read.problems.push('APP_ID is not a number: it stands on the App’s page under “App ID”.');
  if (key === 'absent') read.problems.push('PRIVATE_KEY or PRIVATE_KEY_PATH is missing: it belongs to APP_ID.');
  return key === 'absent' || key === 'broken' ? 'broken' : { kind: 'app', appId: Number(appId), privateKey: key };
}

function readPrivateKey(read: SettingsReader, readFile: (path: string) => string | null): string {
  const inline = read.text('PRIVATE_KEY');
  const path = read.text('PRIVATE_KEY_PATH');
  if (inline === null && path === null) return 'absent';
  const text = inline ?? readFile(path ?? '');
  if (text === null) {
    read.problems.push(`PRIVATE_KEY_PATH names ${path ?? ''}, which can’t be read.`);
    return 'broken';
  }
  // In one line, as many secret stores keep it, the line ends are written out.
  const pem = text.replaceAll('\\n', '\n').trim();
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return `${pem}\n`;
  read.problems.push(
    `${inline === null ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY'} holds no PEM private key (“-----BEGIN … PRIVATE KEY-----”).`,
  );
  return 'broken';
}

function githubApiUrl(read: SettingsReader): string | null {
  const url = read.url('GITHUB_API_URL');
  const host = read.text('GHE_HOST');
  if (url !== null) return url;
  if (host === null) return null;
  if (/^[\w.-]+(:\d+)?$/.test(host)) return `https://${host}/api/v3`;
  read.problems.push('GHE_HOST is not a host name; for a whole address set GITHUB_API_URL.');
  return null;
}

function readGitlab(read: SettingsReader): GitlabEnvironment | null {
  const url = read.url('GITLAB_URL');
  const token = read.text('GITLAB_TOKEN');
  const webhookSecret = read.text('GITLAB_WEBHOOK_SECRET');
  const signingToken = read.text('GITLAB_SIGNING_TOKEN');
  if (!read.has('GITLAB_URL') && token === null && webhookSecret === null && signingToken === null) return null;
  if (url === null && !read.has('GITLAB_URL'))
    read.problems.push('GITLAB_URL is missing: https://gitlab.com, or that of your own GitLab.');
  if (token === null) read.problems.push('GITLAB_TOKEN is missing: an access token with the scope api.');
  if (webhookSecret === null && signingToken === null) {
    read.problems.push(
      'GITLAB_WEBHOOK_SECRET or GITLAB_SIGNING_TOKEN is missing: without one anybody could send webhooks.',
    );
  }
  return url === null || token === null ? null : { url, token, webhookSecret, signingToken };
}
