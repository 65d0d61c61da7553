/** "CI says": a check run of the `ci` App on GitHub, a job of the newest pipeline on GitLab. Pages and control API call it. */
import type { Forge } from '../forge/forge.js';
import type { Outcome } from '../forge/refusal.js';
import { done } from '../forge/refusal.js';

interface CiReport {
  readonly repository: string;
  readonly sha: string;
  /** `ci/build` */
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
}

/** The `ci` App and its installation on the repository's owner are made when missing. */
export function reportCi(forge: Forge, report: CiReport): Outcome<void> {
  return forge.dialect === 'gitlab' ? reportJob(forge, report) : reportRun(forge, report);
}

function reportJob(forge: Forge, report: CiReport): Outcome<void> {
  const { repository, sha, name } = report;
  const status = { pending: 'running', success: 'success', failure: 'failed' } as const;
  const pullRequest = forge.pullRequests.of(repository).find((one) => one.headSha === sha);
  const actor = pullRequest?.author ?? forge.people.membersOf(repository)[0]?.user.login ?? 'ghost';
  const outcome = forge.pipelines.reportJob({ repository, sha, name, actor, status: status[report.state] });
  return outcome.ok ? done(undefined) : outcome;
}

function reportRun(forge: Forge, report: CiReport): Outcome<void> {
  const actor = ciBot(forge, report.repository);
  const { repository, sha: headSha, name, state } = report;
  const progress = state === 'pending' ? ({ status: 'in_progress' } as const) : ({ conclusion: state } as const);
  const running = forge.checks.runsOf(repository, headSha).find((one) => one.name === name && one.appSlug === 'ci');
  const outcome =
    running === undefined || running.status === 'completed'
      ? forge.checks.createRun({ repository, actor, headSha, name, ...progress })
      : forge.checks.updateRun({ id: running.id, actor, ...progress });
  return outcome.ok ? done(undefined) : outcome;
}

function ciBot(forge: Forge, repository: string): string {
  const account = repository.split('/')[0] ?? '';
  const app =
    forge.state.apps.get('ci') ??
    forge.people.addApp({ id: forge.state.nextId(), slug: 'ci', name: 'CI', clientId: 'Iv1.ci' });
  if (forge.people.installationFor(app, repository) === undefined) {
    forge.people.addInstallation('ci', { id: forge.state.nextId(), account, repositories: 'all' });
  }
  return 'ci[bot]';
}
