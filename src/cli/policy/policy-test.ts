/** `lockkeeper policy test` and `lockkeeper policy explain FILE`: the policy tried on pull requests that nobody opened. No forge, no git. */
import type { PolicyTest } from '../../config/policy-test-shape.js';
import type { ForgeKind } from '../../core/ids.js';
import { judgeTest, type JudgeGround } from './judge-test.js';
import { HOW_TO_NAME } from './named-pull-request.js';
import { findTestFiles, isThere, readGround, readTests, TESTS_FOLDER, type TestFile } from './read-policy-files.js';

interface PolicyTestOptions {
  readonly repository: string;
  /** Files in place of those in `.lockkeeper/tests`; empty for all of those. */
  readonly files: readonly string[];
  readonly forge: ForgeKind;
  /** A file with the organisation's policy, or null. */
  readonly organisation: string | null;
}

/** Where the answer goes: lines for people. */
export interface Printer {
  out(line: string): void;
  error(line: string): void;
}

/** Resolves to the exit status: 0 when every test is as expected, 1 when one is not, 2 when they can't be read. */
export async function testPolicy(options: PolicyTestOptions, printer: Printer): Promise<number> {
  const found = await read(options, printer);
  if (found === null) return 2;
  let failed = 0;
  let all = 0;
  for (const { file, tests } of found.files) {
    printer.out(file);
    for (const test of tests) {
      all += 1;
      const lines = failureOf(test, found.ground);
      if (lines.length > 0) failed += 1;
      printer.out(`  ${lines.length === 0 ? 'ok' : 'not ok'}  ${test.name}`);
      for (const line of lines) printer.out(`      ${line}`);
    }
  }
  printer.out('');
  printer.out(`${String(all - failed)} passed, ${String(failed)} failed`);
  return failed === 0 ? 0 : 1;
}

/** Why a test is not as expected, with what the policy says; empty when it is. */
function failureOf(test: PolicyTest, ground: JudgeGround): readonly string[] {
  const judged = judgeTest(test, ground);
  if ('misnamed' in judged) return [judged.misnamed];
  if (judged.difference.length === 0) return [];
  return [...judged.difference, '', ...judged.explanation.split('\n')];
}

interface ExplainOptions {
  readonly repository: string;
  readonly file: string;
  /** The test of this name only, or null for all. */
  readonly name: string | null;
  readonly forge: ForgeKind;
  readonly organisation: string | null;
  /** Logins that approve besides. */
  readonly approvedBy: readonly string[];
  /** When it is judged in place of what tests say, or null. */
  readonly at: number | null;
}

/** Resolves to the exit status: 0 when everything was explained, 2 when it can't be. */
export async function explainFile(options: ExplainOptions, printer: Printer): Promise<number> {
  if (!(await isThere(options.file))) {
    printer.error(`There is no file ${options.file}, and it names no pull request. ${HOW_TO_NAME}`);
    return 2;
  }
  const found = await read({ ...options, files: [options.file] }, printer);
  if (found === null) return 2;
  const tests = found.files
    .flatMap((each) => each.tests)
    .filter(({ name }) => options.name === null || name === options.name);
  if (tests.length === 0) {
    printer.error(`${options.file} has no test called ${options.name ?? ''}.`);
    return 2;
  }
  for (const test of tests) {
    const judged = judgeTest(supposed(test, options), found.ground);
    printer.out(`# ${test.name}`);
    printer.out('');
    printer.out('misnamed' in judged ? judged.misnamed : judged.explanation);
    printer.out('');
  }
  return 0;
}

function supposed(test: PolicyTest, { approvedBy, at }: ExplainOptions): PolicyTest {
  const more = approvedBy.map((by) => ({ by, state: null, bot: null, at: null, 'by-command': null }));
  return { ...test, reviews: [...(test.reviews ?? []), ...more], at: at ?? test.at };
}

interface Found {
  readonly ground: JudgeGround;
  readonly files: readonly TestFile[];
}

async function read(options: PolicyTestOptions, printer: Printer): Promise<Found | null> {
  const { repository } = options;
  const reading = await readGround(options);
  if (reading.kind === 'impossible') {
    printer.error(reading.message);
    return null;
  }
  for (const note of reading.notes) printer.error(note);
  const files = options.files.length > 0 ? options.files : await findTestFiles(repository);
  if (files.length === 0) {
    printer.error(`There are no tests in ${repository}/${TESTS_FOLDER}: write one there, as docs/policy.md shows.`);
    return null;
  }
  const tests = await readTests(files);
  if (tests.kind === 'read') return { ground: reading.ground, files: tests.files };
  printer.error(tests.message);
  return null;
}
