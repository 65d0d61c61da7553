/** The command line of `lockkeeper policy`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { HOW_TO_NAME, parsePullRequest } from './named-pull-request.js';
import type { Printer } from './policy-test.js';

interface ExplainArguments {
  readonly repository: string;
  readonly forge: 'github' | 'gitlab';
  readonly organisationPolicy?: string;
  readonly test?: string;
  readonly asIfApprovedBy: readonly string[];
  readonly at?: number;
}

interface TestArguments {
  readonly repository: string;
  readonly forge: 'github' | 'gitlab';
  readonly organisationPolicy?: string;
}

const ORGANISATION = [
  '--organisation-policy <file>',
  'the organisation’s policy.yaml, which holds where .lockkeeper.yaml has no policy',
] as const;

export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('try the policy before you trust it');

  policy
    .command('test [files...]')
    .description('judge the pull requests in .lockkeeper/tests/*.yaml, and compare with what they expect')
    .option('--repository <dir>', 'where .lockkeeper.yaml and CODEOWNERS lie', '.')
    .addOption(forgeOption())
    .option(...ORGANISATION)
    .action(async (files: readonly string[], given: TestArguments) => {
      const { testPolicy } = await import('./policy-test.js');
      const { repository, forge, organisationPolicy: organisation = null } = given;
      process.exitCode = await testPolicy({ repository, forge, organisation, files }, TERMINAL);
    });

  policy
    .command('explain <what>')
    .description('say what the policy says of a pull request of a forge, or of those in a test file, and why')
    .usage('[options] <PR | file>')
    .option(
      '--repository <place>',
      'of a file: where .lockkeeper.yaml and CODEOWNERS lie; of a number: acme/config',
      '.',
    )
    .addOption(forgeOption())
    .option(...ORGANISATION)
    .option('--test <name>', 'of a file: the test of this name only')
    .option('--as-if-approved-by <login>', 'as if this person approved, too; may be given again', collected, [])
    .option('--at <time>', 'judged at this time, such as 2026-03-02T09:30:00Z', readInstant)
    .addHelpText('after', `\n${HOW_TO_NAME}\nSettings for the forge are those of lockkeeper serve.`)
    .action(async (what: string, given: ExplainArguments) => {
      process.exitCode = await explain(what, given);
    });
}

async function explain(what: string, given: ExplainArguments): Promise<number> {
  const { repository, forge, organisationPolicy: organisation = null, test: name = null, at = null } = given;
  const supposition = { approvedBy: given.asIfApprovedBy, at };
  const named = parsePullRequest(what, repository === '.' ? null : repository);
  switch (named.kind) {
    case 'malformed':
      TERMINAL.error(named.message);
      return 2;
    case 'pull-request': {
      const { explainOfForge } = await import('./explain-pull-request.js');
      return explainOfForge({ named, ...supposition }, TERMINAL, process.env);
    }
    case 'no-pull-request': {
      const { explainFile } = await import('./policy-test.js');
      return explainFile({ repository, forge, organisation, file: what, name, ...supposition }, TERMINAL);
    }
  }
}

const TERMINAL: Printer = {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
};

function forgeOption(): Option {
  return new Option('--forge <name>', 'as whose CODEOWNERS is read').choices(['github', 'gitlab']).default('github');
}

function collected(login: string, before: readonly string[]): readonly string[] {
  return [...before, login];
}

function readInstant(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError('It must be a time such as 2026-03-02T09:30:00Z or 2026-03-02T09:30:00+01:00.');
}
