/** Plays a release against a simulated forge and a bot, wherever they run: through the forge's control API and the bot's own API. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BotApi } from './bot-api.js';
import { ControlApi } from './control-api.js';
import { filesOn, type PlayGround } from './play-ground.js';
import { readEnding, type Ending } from './read-ending.js';
import type { Narrator } from './release-events.js';
import type { ReleaseScript } from './release-script.js';
import { releaseSteps, type Look, type ReleaseStep } from './release-steps.js';

export interface PlayRequest {
  /** Of the simulated forge, without a slash at the end. */
  readonly forgeUrl: string;
  readonly botUrl: string;
  readonly apiToken: string;
  readonly script: ReleaseScript;
  readonly narrate: Narrator;
  /** How long each step may take, in ms; 30 s when not given. */
  readonly limit?: number;
  /** Between two looks, in ms. */
  readonly interval?: number;
}

const LIMIT = 30_000;
/** Short beside what is waited for, long beside what a look costs. */
const INTERVAL = 60;

export interface PlayedRelease {
  /** Read back from git and the forge. */
  readonly ending: Ending;
  readonly failure: { readonly step: string; readonly reason: string } | null;
}

export async function playRelease(request: PlayRequest): Promise<PlayedRelease> {
  const { forgeUrl, botUrl, apiToken, script, narrate } = request;
  const control = new ControlApi(forgeUrl, script.repository);
  const bot = new BotApi({ botUrl, apiToken, idempotencyKey: `build-${randomUUID()}` }, script);
  const { forge } = await control.forge();
  const ground: PlayGround = { control, bot, narrate, forge, files: filesOn(control, script.branch) };
  await narrate({ event: 'started', forge, forgeUrl, botUrl });
  await narrate({
    event: 'release-planned',
    app: script.app,
    from: script.from,
    to: script.to,
    environments: script.stages.map(({ environment }) => environment),
    url: `${forgeUrl}/${script.repository}`,
  });
  const failure = await takeSteps(releaseSteps(ground, script), request);
  if (failure !== null) await narrate({ event: 'failed', ...failure, url: `${forgeUrl}/${script.repository}` });
  else if (script.ending !== null) await narrate({ event: 'stopped', reason: script.ending });
  const ending = await readEnding({ control, forge, script, failure });
  return { ending, failure };
}

async function takeSteps(
  steps: readonly ReleaseStep[],
  { narrate, limit = LIMIT, interval = INTERVAL }: PlayRequest,
): Promise<PlayedRelease['failure']> {
  for (const step of steps) {
    await step.act?.();
    const seen = await lookUntil(step, Date.now() + limit, interval);
    if (seen.kind === 'impossible') return { step: step.name, reason: seen.reason };
    if (seen.kind === 'not-yet')
      return { step: step.name, reason: `It did not happen within ${limit / 1000} s: ${seen.because}` };
    for (const event of seen.events) await narrate(event);
  }
  return null;
}

async function lookUntil(step: ReleaseStep, deadline: number, interval: number): Promise<Look> {
  for (;;) {
    const seen = await step.look();
    if (seen.kind !== 'not-yet' || Date.now() > deadline) return seen;
    await pause(interval);
  }
}
