/** What to try once the play is over. */
import { spelled } from '../../core/command/spelling.js';
import { demoBot } from '../../simulator/demo-seed.js';
import type { ReleaseScript } from './release-script.js';
import { nextVersion } from './release-script.js';
import type { DemoWorld } from './start-world.js';

export function invitation(forge: 'github' | 'gitlab', script: ReleaseScript, world: DemoWorld): string {
  const { forgeUrl, botUrl, apiToken, logFile } = world;
  const tag = nextVersion({ range: null, update: 'any' }, script.to) ?? script.to;
  const bump = JSON.stringify({ repository: script.repository, image: script.image, tag });
  const merge = spelled('merge', { forge, bot: demoBot });
  const words = forge === 'github' ? 'pull request' : 'merge request';
  return `
Both keep running. Now it is your turn:

  Look        ${forgeUrl}/${script.repository} shows what each environment runs and every ${words}.
  Act         Choose at the top of a page whom you act as: ${whoIsWho(script)}.
  Command     Open a ${words}, write /why, /help, ${merge} or /promote ENV into its comment box.
  CI          Press “CI green” on a ${words}; once it is merged, press it there again: the next environment waits for that.
  Push        git clone ${forgeUrl.replace('://', '://alice:alice-token@')}/${script.repository}.git
              Commit to a new branch, push it, and open a ${words} on the repository’s page.
  Release     curl ${botUrl}/api/v1/bumps -H 'Authorization: Bearer ${apiToken}' \\
                -H 'Content-Type: application/json' -d '${bump}'
  Read        The bot’s log is ${logFile}

Ctrl-C ends both and removes everything.`;
}

function whoIsWho({ stages }: ReleaseScript): string {
  const promoters = stages.flatMap(({ opening }) => (opening.kind === 'command' ? [opening.by] : []));
  const approvers = stages.flatMap(({ approvers: each }) => each);
  const roles = [
    ...new Set(promoters.map((login) => `${login} (may promote)`)),
    ...new Set(approvers.filter((login) => !promoters.includes(login)).map((login) => `${login} (may approve)`)),
  ];
  return [...roles, 'carol (only writes)', 'dave (only reads)'].join(', ');
}
