/** `/promote` and `/why`: the promotions that concern one pull request. */
import type { Command } from '../../core/command/commands.js';
import { spelled } from '../../core/command/spelling.js';
import { decidePromotion } from '../../core/promotion/decide-promotion.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import {
  firstEnvironmentAnswer,
  noApplicationAnswer,
  promotionAnswer,
  unknownApplicationAnswer,
  type PromotionAnswer,
} from '../../text/answers.js';
import { whyAnswer } from '../../text/why-answer.js';
import type { App } from '../app.js';
import { gatherPromotion, gatherPromotionGround, possiblePromotions } from '../promotion/gather-promotion.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { joiningOf } from '../pull-request/standing-stamp.js';
import { queueStory } from '../queue/queue-views.js';
import { promoteOne } from '../promotion/promote.js';
import { touchedApplications } from '../plan/touched-applications.js';

interface PromoteRequest {
  readonly command: Extract<Command, { name: 'promote' }>;
  readonly by: string;
}

export async function promoteByCommand(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  request: PromoteRequest,
): Promise<string> {
  const { env, apps: named, version } = request.command;
  const { environments } = snapshot.repository.configuration;
  const rules = environments.find((environment) => environment.name === env);
  if (rules === undefined || rules.after.length === 0) return firstEnvironmentAnswer(env);
  const ground = await gatherPromotionGround(snapshot.repository);
  const known = possiblePromotions(ground.targets, snapshot.repository.configuration)
    .filter((target) => target.env === env)
    .map((target) => target.app);
  const stranger = named.find((each) => !known.includes(each));
  if (stranger !== undefined) return unknownApplicationAnswer(stranger, known);
  const apps =
    named.length > 0
      ? named
      : (await touchedApplications(snapshot, ground.targets)).filter((each) => known.includes(each));
  if (apps.length === 0) return noApplicationAnswer(env);
  const answers: string[] = [];
  for (const each of apps) {
    answers.push(
      promotionAnswer(
        await promoteOne(app, lock, ground, { destination: { app: each, env }, askedBy: request.by, version }),
      ),
    );
  }
  return answers.join('\n\n');
}

/** What stands between this pull request and being merged, and between what it touches and the next environments. */
export async function explainWaiting(app: App, snapshot: Snapshot): Promise<string> {
  const { pullRequest, verdict, self } = snapshot;
  return whyAnswer({
    ...(await queueStory(app, snapshot)),
    state: pullRequest.state,
    verdict,
    joining: joiningOf(snapshot),
    mergeCommand: spelled('merge', { forge: pullRequest.repository.forge, bot: self.login }),
    promotions: await gatherPromotions(app, snapshot),
  });
}

/** What would be decided on every promotion of what it touches. */
async function gatherPromotions(app: App, snapshot: Snapshot): Promise<readonly PromotionAnswer[]> {
  const ground = await gatherPromotionGround(snapshot.repository);
  const apps = await touchedApplications(snapshot, ground.targets);
  const possible = possiblePromotions(ground.targets, snapshot.repository.configuration);
  const promotions: PromotionAnswer[] = [];
  for (const destination of possible.filter((target) => apps.includes(target.app))) {
    const { facts } = await gatherPromotion(app, ground, destination, { asked: 'not-asked', version: null });
    promotions.push({
      destination,
      decision: decidePromotion(facts),
      pullRequest: facts.open?.pullRequest ?? null,
    });
  }
  return promotions;
}
