/** The command line of `lockkeeper policy`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
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
    .command('explain <file>')
    .description('say what the policy says of the pull requests in a test file, and why')
    .option('--repository <dir>', 'where .lockkeeper.yaml and CODEOWNERS lie', '.')
    .addOption(forgeOption())
    .option(...ORGANISATION)
    .option('--test <name>', 'the test of this name only')
    .option('--as-if-approved-by <login>', 'as if this person approved, too; may be given again', collected, [])
    .option('--at <time>', 'judged at this time, such as 2026-03-02T09:30:00Z', readInstant)
    .action(async (file: string, given: ExplainArguments) => {
      const { explainFile } = await import('./policy-test.js');
      const { repository, forge, organisationPolicy: organisation = null, test, asIfApprovedBy, at } = given;
      const place = { repository, forge, organisation };
      const options = { ...place, file, name: test ?? null, approvedBy: asIfApprovedBy, at: at ?? null };
      process.exitCode = await explainFile(options, TERMINAL);
    });
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
