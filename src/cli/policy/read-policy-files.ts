/** What a work tree holds of the policy: configuration, CODEOWNERS and tests, as they lie there, committed or not. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfiguration, type ParsedConfiguration } from '../../config/parse-configuration.js';
import { parsePolicyFile, withPolicyFile } from '../../config/parse-policy-file.js';
import { parsePolicyTests } from '../../config/parse-policy-tests.js';
import type { PolicyTest } from '../../config/policy-test-shape.js';
import { codeOwnersPlaces } from '../../core/codeowners/code-owners.js';
import { parseCodeOwners } from '../../core/codeowners/parse-code-owners.js';
import { codeOwnersFaultText } from '../../text/code-owners-text.js';
import type { ForgeKind } from '../../core/ids.js';
import type { FileProblem } from '../../core/problem.js';
import type { JudgeGround } from './judge-test.js';

export const TESTS_FOLDER = '.lockkeeper/tests';
const CONFIGURATION = '.lockkeeper.yaml';

type GroundReading =
  | { readonly kind: 'read'; readonly ground: JudgeGround; readonly notes: readonly string[] }
  | { readonly kind: 'impossible'; readonly message: string };

interface GroundPlace {
  readonly repository: string;
  /** Whose rules for CODEOWNERS hold. */
  readonly forge: ForgeKind;
  /** A file with the organisation's policy, which holds where the configuration has none; null: what holds by default does. */
  readonly organisation: string | null;
}

export async function readGround({ repository, forge, organisation }: GroundPlace): Promise<GroundReading> {
  const text = await textOf(join(repository, CONFIGURATION));
  if (text === null)
    return {
      kind: 'impossible',
      message: `There is no ${CONFIGURATION} in ${repository}: say with --repository where the configuration repository is.`,
    };
  const parsed = await withPolicy(parseConfiguration(text, CONFIGURATION), repository, organisation);
  if (parsed.kind === 'invalid') return { kind: 'impossible', message: problemLines(parsed.problems) };
  const { policy, environments } = parsed.configuration;
  const codeOwners = await readCodeOwners(repository, forge);
  return {
    kind: 'read',
    ground: { policy, environments: environments.map(({ name }) => name), codeOwners },
    notes: (codeOwners?.problems ?? []).map(({ why, ...place }) =>
      lineOf({ ...place, message: codeOwnersFaultText(why) }),
    ),
  };
}

/** With the policy wherever it stands: in the configuration, in the file it names, or with the organisation. */
async function withPolicy(
  parsed: ParsedConfiguration,
  repository: string,
  organisation: string | null,
): Promise<ParsedConfiguration> {
  if (parsed.kind === 'invalid') return parsed;
  const { policySource } = parsed;
  if (policySource.kind === 'file') return withPolicyFile(parsed, await textOf(join(repository, policySource.path)));
  if (policySource.kind === 'here' || organisation === null) return parsed;
  const text = await textOf(organisation);
  const read =
    text === null
      ? ({ kind: 'invalid', problems: [{ file: organisation, line: 1, column: 1, message: MISSING }] } as const)
      : parsePolicyFile(text, organisation, 'several');
  if (read.kind === 'invalid') return read;
  return { ...parsed, configuration: { ...parsed.configuration, policy: read.policy } };
}

const MISSING = 'There is no such file.';

async function readCodeOwners(repository: string, forge: ForgeKind): Promise<JudgeGround['codeOwners']> {
  for (const place of codeOwnersPlaces(forge)) {
    const text = await textOf(join(repository, place));
    if (text !== null) return parseCodeOwners(text, place, forge);
  }
  return null;
}

export interface TestFile {
  readonly file: string;
  readonly tests: readonly PolicyTest[];
}

type TestsReading =
  | { readonly kind: 'read'; readonly files: readonly TestFile[] }
  | { readonly kind: 'impossible'; readonly message: string };

/** Names of all test files of a repository, in order. */
export async function findTestFiles(repository: string): Promise<readonly string[]> {
  try {
    const names = await readdir(join(repository, TESTS_FOLDER));
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(repository, TESTS_FOLDER, name));
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

export async function readTests(files: readonly string[]): Promise<TestsReading> {
  const read: TestFile[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const text = await textOf(file);
    const parsed = text === null ? null : parsePolicyTests(text, file);
    if (parsed === null) problems.push(`${file}: there is no such file`);
    else if (parsed.kind === 'invalid') problems.push(problemLines(parsed.problems));
    else read.push({ file, tests: parsed.tests });
  }
  return problems.length > 0 ? { kind: 'impossible', message: problems.join('\n') } : { kind: 'read', files: read };
}

function problemLines(problems: readonly FileProblem[]): string {
  return problems.map(lineOf).join('\n');
}

function lineOf({ file, line, column, message }: FileProblem): string {
  return `${file}:${String(line)}:${String(column)}: ${message}`;
}

/** Whether there is such a file, whatever it holds. */
export async function isThere(path: string): Promise<boolean> {
  return (await textOf(path)) !== null;
}

/** Null where there is no such file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
