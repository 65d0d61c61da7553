/** `lockkeeper setup`: Probot's set-up page, on which a person registers the GitHub App in the browser. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { run } from 'probot';
import { parse } from 'yaml';
import { addToEnvFile, withEnvFile } from './env-file.js';
import { freePort } from './free-port.js';
import { packageVersion } from './package-version.js';
import { untilStopped } from './until-stopped.js';

interface SetupRequest {
  /** Where GitHub will reach the bot: `https://lockkeeper.acme.com`. */
  readonly url: string;
  /** The organisation the App is to belong to; the person's own account when absent. */
  readonly organisation?: string;
  /** Of the page, on 127.0.0.1. Another one is taken if somebody listens there. */
  readonly port: number;
}

/** Runs until SIGTERM or SIGINT. Resolves to the exit status: 2 if there is an App already. */
export async function setup(request: SetupRequest, environment: NodeJS.ProcessEnv): Promise<number> {
  const home = process.cwd();
  const settings = withEnvFile(environment, home);
  const taken = ['APP_ID', 'GITHUB_TOKEN'].find((name) => (settings[name] ?? '') !== '');
  if (taken !== undefined) {
    console.error(
      `lockkeeper setup can’t start: ${taken} is set already. Take it out of .env or the environment first.`,
    );
    return 2;
  }
  const stopped = untilStopped();
  const webhook = webhookAddress(request.url);
  const place = await mkdtemp(join(tmpdir(), 'lockkeeper-setup-'));
  try {
    await writeManifest(place, request.url);
    steerProbot(place, { webhook, organisation: request.organisation, github: settings['GHE_HOST'] });
    const port = await freePort(request.port);
    const server = await run(() => undefined, {
      env: { HOST: '127.0.0.1', PORT: String(port) },
      log: pino({ level: 'error' }),
      updateEnv: (given) => keep(home, given),
    });
    console.log(welcome(`http://127.0.0.1:${server.port}/probot`, webhook));
    await stopped;
    await server.stop();
    return 0;
  } finally {
    process.chdir(home);
    await rm(place, { recursive: true, force: true });
  }
}

function webhookAddress(url: string): string {
  // The page puts it between single quotes.
  return `${url.replace(/\/+$/, '')}/api/github/webhooks`.replaceAll("'", '%27');
}

/** Probot reads app.yml and package.json in the working directory, which may be anybody's: they are put where nothing else is. */
async function writeManifest(place: string, url: string): Promise<void> {
  const manifest = parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8')) as { description: string };
  const { description } = manifest;
  await writeFile(join(place, 'app.yml'), JSON.stringify({ ...manifest, url: url.replaceAll("'", '%27') }));
  await writeFile(
    join(place, 'package.json'),
    JSON.stringify({ name: 'lockkeeper', version: packageVersion(), description }),
  );
}

interface Steering {
  readonly webhook: string;
  readonly organisation: string | undefined;
  readonly github: string | undefined;
}

/** Its set-up page takes these from the process itself and from nowhere else. */
function steerProbot(place: string, { webhook, organisation, github }: Steering): void {
  process.chdir(place);
  // Otherwise it refuses to set anything up, and asks smee.io for a channel.
  process.env['NODE_ENV'] = 'development';
  process.env['NO_SMEE_SETUP'] = 'true';
  process.env['WEBHOOK_PROXY_URL'] = webhook;
  if (organisation !== undefined) process.env['GH_ORG'] = organisation;
  if (github !== undefined) process.env['GHE_HOST'] = github;
}

/** What GitHub gave, once: whoever finds the page afterwards, and pages that other sites make the browser open, change nothing. */
function keep(home: string, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = withEnvFile({}, home);
  if ((kept['APP_ID'] ?? '') !== '') throw new Error('.env has an APP_ID already');
  const { APP_ID = '', PRIVATE_KEY = '', WEBHOOK_SECRET = '' } = given;
  if (APP_ID === '' || PRIVATE_KEY === '' || WEBHOOK_SECRET === '') return given;
  // In one line without quotes, so that every reader of such files understands it.
  const key = PRIVATE_KEY.replace(/^"|"$/g, '').trim().replaceAll('\n', '\\n');
  addToEnvFile(home, { APP_ID, PRIVATE_KEY: key, WEBHOOK_SECRET });
  console.log(
    `The App ${APP_ID} is registered; APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are in .env.\nInstall it on the configuration repository in the browser, then end this with Ctrl-C and start lockkeeper serve here.`,
  );
  return given;
}

function welcome(page: string, webhook: string): string {
  return [
    `Open ${page} and press “Register GitHub App”.`,
    `GitHub will send webhooks to ${webhook}.`,
    'What GitHub gives is written to .env in this directory. Ctrl-C ends this.',
  ].join('\n');
}
