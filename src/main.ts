#!/usr/bin/env node
/** `lockkeeper`: reads the command line and starts one command. Each is loaded only when it is asked for. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { PlanOptions } from './cli/plan/plan.js';
import { addPolicyCommands } from './cli/policy/policy-commands.js';
import { packageVersion } from './cli/package-version.js';

const forgeOption = (): Option =>
  new Option('--forge <name>', 'whose API the local forge speaks').choices(['github', 'gitlab']).default('github');

const program = new Command('lockkeeper')
  .description('Moves releases DEV → TEST → PROD through pull requests in GitOps configuration repositories.')
  .version(packageVersion(), '--version', 'print the version')
  .helpOption('--help', 'print this help')
  .showHelpAfterError('(lockkeeper --help lists the commands and options.)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'lockkeeper: ')) });

program
  .command('serve')
  .description(
    'run the bot for real forges; its settings come from the environment and from .env here (see .env.example)',
  )
  .addOption(
    new Option('--role <name>', 'with several processes behind one Redis: what this one does')
      .choices(['all', 'web', 'worker'])
      .default('all'),
  )
  .action(async (given: { role: 'all' | 'web' | 'worker' }) => {
    const { serve } = await import('./cli/serve.js');
    process.exitCode = await serve(given.role, process.env);
  });

program
  .command('setup')
  .description('register the GitHub App in the browser; what GitHub gives is written to .env')
  .requiredOption('--url <address>', 'where GitHub will reach the bot, such as https://lockkeeper.acme.com', readUrl)
  .option('--organisation <name>', 'whose App it is to be; your own account’s when not given')
  .option('--port <number>', 'of the page, on 127.0.0.1', readPort, 3000)
  .action(async (given: { url: string; organisation?: string; port: number }) => {
    const { setup } = await import('./cli/setup.js');
    process.exitCode = await setup(given, process.env);
  });

program
  .command('demo')
  .description('start a local forge and the bot, play a release, and keep both running')
  .addOption(forgeOption())
  .option('--once', 'end after the release', false)
  .option('--json', 'print one JSON object a line', false)
  .option('--repository <path>', 'play on a copy of a git repository of your own that has a .lockkeeper.yaml')
  .action(async (given: { forge: 'github' | 'gitlab'; once: boolean; json: boolean; repository?: string }) => {
    const { demo } = await import('./cli/demo/demo.js');
    const after = given.once ? 'once' : 'stay';
    const output = given.json ? 'json' : 'sentences';
    process.exitCode = await demo(
      { forge: given.forge, after, output, repository: given.repository ?? null },
      process.env,
    );
  });

program
  .command('simulator')
  .description('run the local forge alone, for any client of its API')
  .addOption(forgeOption())
  .option('--port <number>', 'where it listens on 127.0.0.1; 0 for any free port', readPort, 8470)
  .option('--seed <file>', 'what it holds at start, in JSON or YAML; the demo’s repository when not given')
  .option('--webhook-url <url>', 'where webhooks are sent', readUrl)
  .option('--webhook-secret <text>', 'what webhooks are signed with (GitLab: sent as X-Gitlab-Token)')
  .action(
    async (given: {
      forge: 'github' | 'gitlab';
      port: number;
      seed?: string;
      webhookUrl?: string;
      webhookSecret?: string;
    }) => {
      const { simulator } = await import('./cli/simulator/simulator.js');
      process.exitCode = await simulator(given);
    },
  );

program
  .command('plan')
  .description('show what every environment would get, without a forge')
  .option('--repository <dir>', 'a git repository', '.')
  .option(
    '--base <ref>',
    'what it would be merged into; in CI the request’s target branch, else the default branch, when not given',
  )
  .addOption(new Option('--head <ref>', 'what would be merged; HEAD when not given'))
  .addOption(new Option('--worktree', 'plan what is not committed yet, too').conflicts('head'))
  .addOption(
    new Option('--format <name>', 'how it is printed')
      .choices(['markdown', 'json', 'diff', 'html'])
      .default('markdown'),
  )
  .option('--output <file>', 'where it is written; standard output when not given')
  .option('--target <app/env>', 'this target only')
  .option('--layout <path>', 'where targets lie, in place of .lockkeeper.yaml, such as apps/{app}/envs/{env}')
  .option('--app <name>', 'the application of a layout without {app}')
  .option(
    '--exit-code',
    'end with 2 when something changes; 0 when nothing does, 1 when there is no plan or it has problems',
  )
  .action(async (given: PlanArguments) => {
    const { plan } = await import('./cli/plan/plan.js');
    process.exitCode = await plan(planOptions(given), process.env);
  });

program
  .command('doctor')
  .description('say what lets people go past the bot on the forges, and which setting to change; settings as for serve')
  .option('--repository <owner/name>', 'this one only; every one that the bot was given when not given')
  .addHelpText(
    'after',
    '\nEnds with 0: safe, 1: something is unsafe, 2: the settings are wrong, 3: something could not be read.',
  )
  .action(async (given: { repository?: string }) => {
    const { doctor } = await import('./cli/doctor/doctor.js');
    const print = (line: string): void => console.log(line);
    process.exitCode = await doctor({ repository: given.repository ?? null, print }, process.env);
  });

addPolicyCommands(program);

const deliveries = program
  .command('deliveries')
  .description('look through what came in, and take it up again; DATA_DIR or REDIS_URL say where, as for serve');

deliveries
  .command('list')
  .description('the latest, newest first')
  .option('--most <number>', 'how many', readCount, 20)
  .addOption(new Option('--state <name>', 'those in this state only').choices(['waiting', 'settled']))
  .option('--json', 'print one JSON object a line', false)
  .action(async (given: { most: number; state?: 'waiting' | 'settled'; json: boolean }) => {
    const { listDeliveries } = await import('./cli/deliveries/deliveries.js');
    const { most, state = null } = given;
    process.exitCode = await listDeliveries({ most, state, output: outputOf(given) }, process.env);
  });

deliveries
  .command('show <id>')
  .description('one of them, with what became of it')
  .addOption(sourceOption())
  .option('--json', 'print a JSON object', false)
  .action(async (id: string, given: { source?: DeliverySource; json: boolean }) => {
    const { showDelivery } = await import('./cli/deliveries/deliveries.js');
    process.exitCode = await showDelivery({ id, source: given.source ?? null, output: outputOf(given) }, process.env);
  });

deliveries
  .command('replay <id>')
  .description('have the bot take one up again')
  .addOption(sourceOption())
  .action(async (id: string, given: { source?: DeliverySource }) => {
    const { replayDelivery } = await import('./cli/deliveries/deliveries.js');
    process.exitCode = await replayDelivery({ id, source: given.source ?? null }, process.env);
  });

const jobs = program
  .command('jobs')
  .description('look at jobs that were given up, and try them again; DATA_DIR or REDIS_URL say where, as for serve');

jobs
  .command('list')
  .description('those that were given up, oldest first')
  .option('--json', 'print one JSON object a line', false)
  .action(async (given: { json: boolean }) => {
    const { listJobs } = await import('./cli/deliveries/jobs.js');
    process.exitCode = await listJobs(outputOf(given), process.env);
  });

jobs
  .command('retry [ids...]')
  .description('try some of them again, by their ids')
  .option('--all', 'all of them', false)
  .action(async (ids: readonly string[], given: { all: boolean }, command: Command) => {
    if (given.all === ids.length > 0) command.error('lockkeeper: Name the jobs to retry by their ids, or say --all.');
    const { retryJobs } = await import('./cli/deliveries/jobs.js');
    process.exitCode = await retryJobs(given.all ? 'all' : { ids }, process.env);
  });

type DeliverySource = 'github' | 'gitlab' | 'api';

function sourceOption(): Option {
  return new Option('--source <name>', 'where it came from, where two have the same id').choices([
    'github',
    'gitlab',
    'api',
  ]);
}

function outputOf(given: { readonly json: boolean }): 'json' | 'text' {
  return given.json ? 'json' : 'text';
}

interface PlanArguments {
  readonly repository: string;
  readonly base?: string;
  readonly head?: string;
  readonly worktree?: true;
  readonly format: 'markdown' | 'json' | 'diff' | 'html';
  readonly output?: string;
  readonly target?: string;
  readonly layout?: string;
  readonly app?: string;
  readonly exitCode?: true;
}

function planOptions(given: PlanArguments): PlanOptions {
  return {
    repository: given.repository,
    base: given.base ?? null,
    head: given.worktree === true ? { kind: 'worktree' } : { kind: 'ref', ref: given.head ?? 'HEAD' },
    format: given.format,
    output: given.output ?? null,
    target: given.target ?? null,
    layout: given.layout === undefined ? null : { path: given.layout, app: given.app ?? null },
    exitCode: given.exitCode === true ? 'detailed' : 'plain',
  };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

function readCount(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 99999.');
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an address such as https://lockkeeper.acme.com or http://127.0.0.1:3000.');
}

try {
  await program.parseAsync();
} catch (cause) {
  // What a command does not foresee is still told in a sentence; where it came from is for whoever looks for it.
  console.error(`lockkeeper: ${cause instanceof Error ? cause.message : String(cause)}`);
  if (process.env['LOG_LEVEL'] === 'debug') console.error(cause);
  process.exitCode = 1;
}
