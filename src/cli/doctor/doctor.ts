/** `lockkeeper doctor`: reads how the forges guard the repositories, and says which settings let people go past the bot. */
import type { App } from '../../app/app.js';
import { gatherOrganisationPolicy } from '../../app/policy/gather-organisation-policy.js';
import { examine, type Finding } from '../../core/doctor/examine.js';
import { findingWords, type FindingWords } from '../../text/doctor-text.js';
import type { RepositoryId } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { Forge } from '../../ports/forge.js';
import { readFromEnvironment } from '../read-from-environment.js';
import { readTextFile } from '../read-text-file.js';
import { readSettings } from '../settings.js';
import { withApp } from '../with-app.js';
import { policyRepositoryFinding } from './policy-repository-finding.js';

interface DoctorRequest {
  /** `owner/name`; every repository that the bot was given when null. */
  readonly repository: string | null;
  readonly print: (line: string) => void;
}

/**
 * What scripts go by. What could not be read is never taken for safe; it has a status of its own since without the token of an administrator
 * a forge seldom shows everything.
 */
const DOCTOR_STATUS = { safe: 0, unsafe: 1, misused: 2, unknown: 3 } as const;

/** Resolves to the exit status. */
export async function doctor({ repository, print }: DoctorRequest, environment: NodeJS.ProcessEnv): Promise<number> {
  const reading = readFromEnvironment(environment, (read) => readSettings(read, readTextFile));
  if (reading.kind === 'invalid') {
    for (const problem of reading.problems) print(`lockkeeper doctor can’t start: ${problem}`);
    return DOCTOR_STATUS.misused;
  }
  return withApp(reading.settings, environment, (app) => examineAll(app, { repository, print })).catch(
    (cause: unknown) => {
      print(`lockkeeper doctor could not ask: ${wordsOf(cause)}`);
      return DOCTOR_STATUS.unknown;
    },
  );
}

async function examineAll(app: App, { repository, print }: DoctorRequest): Promise<number> {
  const levels: Finding['level'][] = [];
  let examined = 0;
  for (const forge of [app.forges.github, app.forges.gitlab].filter((each) => each !== undefined)) {
    const findings = new Printed(print);
    const all = await orUnknown(forge.repositories.list(), findings);
    const chosen = all?.filter(({ path }) => repository === null || path === repository) ?? [];
    for (const each of chosen) await orUnknown(examineRepository(forge, each, findings), findings);
    if (chosen.length > 0 && app.policyRepository !== undefined)
      await orUnknown(
        examinePolicyRepository(app, { forge: forge.kind, path: app.policyRepository }, findings),
        findings,
      );
    levels.push(...findings.levels);
    examined += chosen.length;
  }
  if (examined === 0 && levels.length === 0) {
    print(repository === null ? 'The bot was given no repository.' : `The bot was not given ${repository}.`);
    return DOCTOR_STATUS.unsafe;
  }
  if (levels.includes('unsafe')) return DOCTOR_STATUS.unsafe;
  return levels.includes('unknown') ? DOCTOR_STATUS.unknown : DOCTOR_STATUS.safe;
}

/** What was said, and how bad it was. */
class Printed {
  readonly levels: Finding['level'][] = [];

  constructor(private readonly print: (line: string) => void) {}

  heading(text: string): void {
    this.print(text);
  }

  finding({ level, what, change }: FindingWords): void {
    this.levels.push(level);
    this.print(`  ${MARKS[level]} ${what}`);
    if (change !== null) this.print(`           to change it: ${change}`);
  }
}

async function examineRepository(forge: Forge, repository: RepositoryId, findings: Printed): Promise<void> {
  const facts = await forge.repositories.facts(repository);
  if (facts === null) return;
  const branch = facts.defaultBranch;
  findings.heading(`${repository.path}, branch ${branch}`);
  const place = { forge: forge.kind, branch };
  const examined = examine({
    ...place,
    guards: await forge.guards.ofBranch(repository, branch),
    grants: await forge.guards.ofBot(repository),
  });
  for (const each of examined) findings.finding(findingWords(each, place));
}

/** As the bot itself reads it, with git. */
async function examinePolicyRepository(app: App, home: RepositoryId, findings: Printed): Promise<void> {
  findings.heading(`${home.path}, the policy of the organisation (POLICY_REPOSITORY)`);
  const read = await gatherOrganisationPolicy(app, home);
  if (read !== null) findings.finding(policyRepositoryFinding(home, read.policy));
}

/** One repository that can't be asked does not keep the others from being examined. Null: it could not be asked, and that was printed. */
async function orUnknown<T>(asked: Promise<T>, findings: Printed): Promise<T | null> {
  try {
    return await asked;
  } catch (cause) {
    findings.finding({ level: 'unknown', what: `It could not be asked: ${wordsOf(cause)}`, change: null });
    return null;
  }
}

/** Of what the forge said; everything else is a fault of the program. */
function wordsOf(cause: unknown): string {
  if (cause instanceof Forbidden || cause instanceof Unavailable) return cause.message;
  throw cause;
}

const MARKS: Readonly<Record<Finding['level'], string>> = {
  ok: '[ok]    ',
  note: '[note]  ',
  unknown: '[?]     ',
  unsafe: '[UNSAFE]',
};
