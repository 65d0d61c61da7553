/** How a release ended, read back from git on the forge's default branch and from the forge's pull requests. */
import type { ControlApi, SeenPullRequest } from './control-api.js';
import { answersOn } from './read-answers.js';
import { filesOn } from './play-ground.js';
import type { ReleaseScript } from './release-script.js';
import { branchOf } from './release-steps.js';
import { versionsOf } from './versions.js';

export interface Ending {
  readonly event: 'done';
  readonly ok: boolean;
  readonly forge: 'github' | 'gitlab';
  /** Environment → the tag that its files name. */
  readonly environments: Readonly<Record<string, string>>;
  readonly pullRequests: readonly EndedPullRequest[];
  readonly refused: readonly { readonly command: string; readonly by: string; readonly reason: string }[];
  /** Why the play ended before the last environment, if it did. */
  readonly stopped?: string;
  /** The step that did not happen, if one did not. */
  readonly failed?: { readonly step: string; readonly reason: string };
}

interface EndedPullRequest {
  readonly number: number;
  readonly kind: 'bump' | 'promotion';
  /** The environment a promotion comes from; null for a bump, which comes from a build. */
  readonly from: string | null;
  /** The environment. */
  readonly to: string;
  readonly merged: boolean;
}

interface EndingRequest {
  readonly control: ControlApi;
  readonly forge: 'github' | 'gitlab';
  readonly script: ReleaseScript;
  readonly failure: { readonly step: string; readonly reason: string } | null;
}

export async function readEnding({ control, forge, script, failure }: EndingRequest): Promise<Ending> {
  const environments = await versionsOf(filesOn(control, script.branch), script.places, script);
  const all = await control.pullRequests();
  const pullRequests = all.flatMap((pull) => endedPullRequest(pull, script));
  const refused = all
    .flatMap((pull) => answersOn(pull))
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ command, by, text }) => ({ command, by, reason: text }));
  const everywhere = script.stages.every(({ environment }) => environments[environment] === script.to);
  const eachMerged = pullRequests.length === script.stages.length && pullRequests.every(({ merged }) => merged);
  return {
    event: 'done',
    ok: failure === null && everywhere && eachMerged,
    forge,
    environments,
    pullRequests,
    refused,
    ...(failure === null && script.ending !== null ? { stopped: script.ending } : {}),
    ...(failure === null ? {} : { failed: failure }),
  };
}

/** Those from the bot's branches only. */
function endedPullRequest(pull: SeenPullRequest, script: ReleaseScript): readonly EndedPullRequest[] {
  const stage = script.stages.find((each) => branchOf(script, each) === pull.head.branch);
  if (stage === undefined) return [];
  const { environment: to, opening } = stage;
  const merged = pull.state === 'merged';
  return opening.kind === 'bump'
    ? [{ number: pull.number, kind: 'bump', from: null, to, merged }]
    : [{ number: pull.number, kind: 'promotion', from: opening.source, to, merged }];
}
