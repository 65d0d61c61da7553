/** `lockkeeper doctor`: reads how the forges guard the repositories, and says which settings let people go past the bot. */
import { createGithub } from '../../adapters/github/create-github.js';
import { createGitlab } from '../../adapters/gitlab/create-gitlab.js';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { examine, type Finding } from '../../core/doctor/examine.js';
import type { RepositoryId } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { Forge } from '../../ports/forge.js';
import { withEnvFile } from '../env-file.js';
import { createLog } from '../log.js';
import { readTextFile } from '../read-text-file.js';
import { readSettings, type BotSettings } from '../settings.js';

export interface DoctorRequest {
  /** `owner/name`; every repository that the bot was given when null. */
  readonly repository: string | null;
  readonly print: (line: string) => void;
}

/** Resolves to the exit status: 0 safe, 1 something is unsafe or could not be asked, 2 the settings are wrong. */
export async function doctor({ repository, print }: DoctorRequest, environment: NodeJS.ProcessEnv): Promise<number> {
  const reading = readSettings(withEnvFile(environment, process.cwd()), readTextFile);
  if (reading.kind === 'invalid') {
    for (const problem of reading.problems) print(`lockkeeper doctor can’t start: ${problem}`);
    return 2;
  }
  try {
    const levels: string[] = [];
    for (const forge of await forgesOf(reading.settings)) {
      const all = await forge.repositories.list();
      for (const each of all.filter(({ path }) => repository === null || path === repository))
        levels.push(...(await examineRepository(forge, each, print)));
    }
    if (levels.length === 0) {
      print(repository === null ? 'The bot was given no repository.' : `The bot was not given ${repository}.`);
      return 1;
    }
    return levels.includes('unsafe') ? 1 : 0;
  } catch (cause) {
    if (!(cause instanceof Forbidden) && !(cause instanceof Unavailable)) throw cause;
    print(`lockkeeper doctor could not ask: ${cause.message}`);
    return 1;
  }
}

async function forgesOf({ github, gitlab }: BotSettings): Promise<readonly Forge[]> {
  const log = createLog('silent');
  const forges: Forge[] = [];
  if (github !== null) {
    const { apiUrl, ...settings } = github;
    const where = apiUrl === null ? {} : { apiUrl };
    forges.push((await createGithub({ ...settings, ...where, pace: 'forge', log })).forge);
  }
  if (gitlab !== null) forges.push((await createGitlab({ ...gitlab, clock: systemClock, log })).forge);
  return forges;
}

async function examineRepository(
  forge: Forge,
  repository: RepositoryId,
  print: (line: string) => void,
): Promise<readonly Finding['level'][]> {
  const facts = await forge.repositories.facts(repository);
  if (facts === null) return [];
  const branch = facts.defaultBranch;
  print(`${repository.path}, branch ${branch}`);
  const findings = examine({
    forge: forge.kind,
    branch,
    guards: await forge.guards.ofBranch(repository, branch),
    grants: await forge.guards.ofBot(repository),
  });
  for (const { level, what, change } of findings) {
    print(`  ${MARKS[level]} ${what}`);
    if (change !== null) print(`           to change it: ${change}`);
  }
  return findings.map(({ level }) => level);
}

const MARKS: Readonly<Record<Finding['level'], string>> = {
  ok: '[ok]    ',
  note: '[note]  ',
  unknown: '[?]     ',
  unsafe: '[UNSAFE]',
};
